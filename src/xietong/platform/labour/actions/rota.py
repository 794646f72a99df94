"""The rota of a round is announced with its list, and drawn when the seed is there."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.people.rules import may_plan
from xietong.platform.products.models import Region
from xietong.platform.record.actions import submit
from xietong.platform.record.models import Entry

from .. import draw, solve
from ..models import (
    CAN_SERVE,
    MINUTES_A_WEEK,
    WEEKS_A_ROUND,
    Candidate,
    Exemption,
    Place,
    Rota,
    Service,
    Turn,
)
from ..rules.rota import Refusal, refuse_impossible_starts

# Of the public record, between the announcement and the seed.
ENTRIES_TO_WAIT = 3
MOST_TURNS = 2


@transaction.atomic
def add_service(
    code: str,
    *,
    name_en: str,
    name_zh: str,
    scope: Service.Scope,
    starts: Sequence[int],
    minutes: int,
    people: int,
    rest: int,
    skill: str | None = None,
    mixed: bool = False,
) -> Service:
    """Define a public service, or define it anew for the rotas to come.

    Args:
        scope: whether its turns are served by all, by each region or by each enterprise.
        starts: when its turns begin, in minutes from Monday 0:00, in every week of a round.
        minutes: a turn's length.
        people: on a turn.
        rest: minutes between this and another turn of the same person.
        skill: what one on each turn has to have.
        mixed: whether one on each turn should have served before.

    Raises Rejected NOT_A_SERVICE for turns that nobody could serve.
    """
    refuse_impossible_starts(starts)
    try:
        with transaction.atomic():
            service, _ = Service.objects.update_or_create(
                code=code,
                defaults={
                    "name_en": name_en,
                    "name_zh": name_zh,
                    "scope": scope,
                    "starts": sorted(starts),
                    "minutes": minutes,
                    "people": people,
                    "rest": rest,
                    "skill_id": skill,
                    "mixed": mixed,
                },
            )
    except IntegrityError as error:
        raise Rejected(Refusal.NOT_A_SERVICE, code) from error
    return service


@once
@transaction.atomic
def announce_rota(
    by: Person,
    *,
    round_number: int,
    weeks: int = WEEKS_A_ROUND,
    wait: int = ENTRIES_TO_WAIT,
    skilled: Mapping[str, Sequence[UUID]] | None = None,
    key: UUID | None = None,
) -> Rota:
    """Fix the turns of a round and who can serve, and put on record how it will be drawn.

    Args:
        by: who holds the planning duty.
        round_number: of the round in which the turns are served.
        weeks: of the round, from 1 to `WEEKS_A_ROUND`.
        wait: how many entries of the public record later the seed comes.
        skilled: by code of a skill, the persons who have it.

    Raises Rejected NOT_ON_DUTY, NO_SERVICE, ANNOUNCED.
    """
    if not may_plan(by):
        raise Rejected(Refusal.NOT_ON_DUTY)
    services = {service.code: service for service in Service.objects.all()}
    if not services:
        raise Rejected(Refusal.NO_SERVICE)
    turns = [
        turn
        for service in services.values()
        for week in range(min(max(weeks, 1), WEEKS_A_ROUND))
        for turn in _turns(service, round_number, week)
    ]
    listed = _listed(round_number, skilled or {})
    roll = draw.Roll(
        round_number=round_number,
        most_turns=MOST_TURNS,
        turns=tuple(_as_drawn(turn, services[turn.service_id]) for turn in turns),
        candidates=tuple(listed.values()),
    ).text()
    announcement = submit(
        "rota-announced",
        {
            "round": round_number,
            "name": by.name,
            "turns": len(turns),
            "places": sum(turn.people for turn in turns),
            "candidates": len(listed),
            "wait": wait,
            "roll_sha256": draw.lot(roll),
        },
    )
    try:
        with transaction.atomic():
            rota = Rota.objects.create(
                round_number=round_number,
                announced_by=by,
                announcement=announcement,
                wait=wait,
                roll=roll,
            )
            rota.refresh_from_db()
    except IntegrityError as error:
        raise Rejected(Refusal.ANNOUNCED, str(round_number)) from error
    Turn.objects.bulk_create(turns)
    Candidate.objects.bulk_create(
        (
            Candidate(person_id=person, rota=rota, pseudonym=each.id)
            for person, each in listed.items()
        ),
        batch_size=10_000,
    )
    return rota


@again_after_conflict
@once
@transaction.atomic
def draw_rota(by: Person, *, round_number: int, key: UUID | None = None) -> Rota:
    """Draw an announced rota, which anyone may do as soon as its seed is on record.

    A drawn one stays as it is. Raises Rejected NOT_ANNOUNCED, NO_SEED_YET.
    """
    rota = Rota.objects.select_for_update().filter(round_number=round_number).first()
    if rota is None:
        raise Rejected(Refusal.NOT_ANNOUNCED, str(round_number))
    if rota.drawn is not None:
        return rota
    announced = Entry.objects.filter(submission=rota.announcement_id).first()
    seed = announced and Entry.objects.filter(number=announced.number + rota.wait).first()
    if seed is None:
        raise Rejected(Refusal.NO_SEED_YET, str(round_number))
    listed = dict(rota.candidates.values_list("pseudonym", "person_id"))
    able = set(able_to_serve(round_number))
    drawn = solve.draw(
        draw.Roll.read(rota.roll),
        seed_entry=seed.number,
        entry_hash=seed.hash,
        away=frozenset(name for name, person in listed.items() if person not in able),
    )
    rota.drawn, rota.seed_entry, rota.drawn_at = drawn.text(), seed, Now()
    rota.save(update_fields=["drawn", "seed_entry", "drawn_at"])
    numbers: Counter[str] = Counter()
    places = []
    for turn, name in drawn.places:
        numbers[turn] += 1
        places.append(
            Place(
                person_id=listed[name],
                turn_id=turn,
                number=numbers[turn],
                origin=Place.Origin.LOT,
            )
        )
    Place.objects.bulk_create(places)
    submit(
        "rota-drawn",
        {
            "round": round_number,
            "seed_entry": seed.number,
            "seed": drawn.line.seed,
            "places": len(places),
            "open_places": drawn.measures.open_places,
            "unmet": drawn.measures.unmet,
            "rota_sha256": draw.lot(rota.drawn),
        },
    )
    rota.refresh_from_db()
    return rota


def able_to_serve(round_number: int) -> Iterator[UUID]:
    """Everyone on the roll but children, the retired, ill, caring, and those excused then."""
    excused = Exemption.objects.filter(
        granted=True, first_round__lte=round_number, last_round__gte=round_number
    )
    able = Person.objects.filter(left_at=None, ground__in=CAN_SERVE)
    return able.exclude(id__in=excused.values("person")).values_list("id", flat=True).iterator()


def _turns(service: Service, round_number: int, week: int) -> Iterator[Turn]:
    places: list[tuple[str, Region | None, Enterprise | None]]
    match service.scope:
        case Service.Scope.REGION:
            places = [(f":{region.code}", region, None) for region in Region.objects.all()]
        case Service.Scope.ENTERPRISE:
            places = [(f":{each.code}", None, each) for each in Enterprise.objects.all()]
        case _:
            places = [("", None, None)]
    for start in service.starts:
        starts = week * MINUTES_A_WEEK + start
        for suffix, region, enterprise in places:
            yield Turn(
                code=f"{round_number}:{service.code}:{starts}{suffix}",
                rota_id=round_number,
                service=service,
                region=region,
                enterprise=enterprise,
                starts=starts,
                ends=starts + service.minutes,
                rest=service.rest,
                people=service.people,
            )


def _as_drawn(turn: Turn, service: Service) -> draw.Turn:
    return draw.Turn(
        id=turn.code,
        service=service.code,
        starts=turn.starts,
        ends=turn.ends,
        rest=turn.rest,
        people=turn.people,
        region=turn.region_id,
        enterprise=turn.enterprise_id,
        skill=service.skill_id,
        mixed=service.mixed,
    )


def _listed(round_number: int, skilled: Mapping[str, Sequence[UUID]]) -> dict[UUID, draw.Candidate]:
    """Everyone who can serve in the round, as they stand on its list. Two queries."""
    able = list(able_to_serve(round_number))
    skills: dict[UUID, tuple[str, ...]] = {}
    for skill, persons in sorted(skilled.items()):
        for person in persons:
            skills[person] = (*skills.get(person, ()), skill)
    with connection.cursor() as cursor:
        cursor.execute(
            # Turns of a round that still runs count as if served.
            """
            SELECT able.id, coalesce(served.minutes, 0), coalesce(listed.rounds, 0) + 1,
                   enterprise.region_id, enterprise.code
            FROM unnest(%s::uuid[]) AS able (id)
            LEFT JOIN (
                SELECT place.person_id, sum(turn.ends - turn.starts) AS minutes
                FROM labour_place AS place
                JOIN labour_turn AS turn ON turn.code = place.turn_id
                LEFT JOIN enterprises_dispatch AS dispatch ON dispatch.round_number = turn.rota_id
                WHERE place.until IS NULL
                  AND (place.confirmed_by_id IS NOT NULL OR dispatch.closed_at IS NULL)
                GROUP BY place.person_id
            ) AS served ON served.person_id = able.id
            LEFT JOIN (
                SELECT person_id, count(*) AS rounds FROM labour_candidate GROUP BY person_id
            ) AS listed ON listed.person_id = able.id
            LEFT JOIN enterprises_membership AS member
                ON member.person_id = able.id AND member.until IS NULL
            LEFT JOIN enterprises_enterprise AS enterprise ON enterprise.code = member.enterprise_id
            """,
            [able],
        )
        return {
            person: draw.Candidate(
                id=draw.pseudonym(str(person), round_number),
                served=minutes,
                able=rounds,
                region=region,
                enterprise=enterprise,
                skills=skills.get(person, ()),
            )
            for person, minutes, rounds, region, enterprise in cursor.fetchall()
        }
