"""The rota of a round is announced with its list; it is drawn when the seed is there."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from xietong.platform.base import Rejected
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.people.rules import may_plan
from xietong.platform.products.models import Region
from xietong.platform.record.actions import submit

from .. import draw
from ..models import (
    CAN_SERVE,
    MINUTES_A_DAY,
    MINUTES_A_WEEK,
    REST,
    WEEKS_A_ROUND,
    Candidate,
    Exemption,
    Part,
    PersonSkill,
    Rota,
    Service,
    ShiftPlace,
    Skill,
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
    skills: Mapping[str, str | None] | None = None,
    parts: Mapping[str, Collection[str]] | None = None,
    skilled: Mapping[str, Sequence[UUID]] | None = None,
    key: UUID | None = None,
) -> Rota:
    """Fix the turns of a round and who can serve, and put on record how it will be drawn.

    The list says of everyone which of the skills asked for they have confirmed, and the shifts
    they work: nobody is drawn for a turn that leaves no rest between.

    Args:
        by: who holds the planning duty.
        round_number: of the round in which the turns are served.
        weeks: of the round, from 1 to `WEEKS_A_ROUND`.
        wait: how many entries of the public record later the seed comes.
        skills: by code of a service, the skill that one on each turn has to have this time, or
            None; of services not named, their own.
        parts: by code of a service, which of its turns are served this time, by `Part`.
        skilled: by code of a skill, the persons who have it, instead of those confirmed.

    Raises Rejected NOT_ON_DUTY, NO_SERVICE, NO_SUCH_SERVICE, NO_SUCH_SKILL, NO_TURNS, ANNOUNCED.
    """
    if not may_plan(by):
        raise Rejected(Refusal.NOT_ON_DUTY)
    services = _services(skills or {}, parts or {})
    turns = [
        turn
        for service in services.values()
        for week in range(min(max(weeks, 1), WEEKS_A_ROUND))
        for turn in _turns(service, round_number, week)
    ]
    if not turns:
        raise Rejected(Refusal.NO_TURNS)
    asked = {turn.skill_id for turn in turns if turn.skill_id}
    listed = _listed(round_number, _skilled(asked) if skilled is None else skilled)
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


def able_to_serve(round_number: int) -> Iterator[UUID]:
    """Everyone on the roll but children, the retired, ill, caring, and those excused then."""
    excused = Exemption.objects.filter(
        granted=True, first_round__lte=round_number, last_round__gte=round_number
    )
    able = Person.objects.filter(left_at=None, ground__in=CAN_SERVE)
    return able.exclude(id__in=excused.values("person")).values_list("id", flat=True).iterator()


def _services(
    skills: Mapping[str, str | None], parts: Mapping[str, Collection[str]]
) -> dict[str, Service]:
    """The services by code, as they are asked for this time; nothing is written."""
    services = {service.code: service for service in Service.objects.all()}
    if not services:
        raise Rejected(Refusal.NO_SERVICE)
    if unknown := sorted({*skills, *parts} - services.keys()):
        raise Rejected(Refusal.NO_SUCH_SERVICE, ", ".join(unknown))
    named = {skill for skill in skills.values() if skill is not None}
    known = Skill.objects.filter(code__in=named).values_list("code", flat=True)
    if strange := sorted(named - set(known)):
        raise Rejected(Refusal.NO_SUCH_SKILL, ", ".join(strange))
    for code, skill in skills.items():
        services[code].skill_id = skill
    for code, chosen in parts.items():
        service = services[code]
        service.starts = [start for start in service.starts if Part.of(start) in chosen]
    return services


def _skilled(skills: Collection[str]) -> dict[str, list[UUID]]:
    """By skill, those whose skill another has confirmed. One query."""
    found: dict[str, list[UUID]] = defaultdict(list)
    confirmed = PersonSkill.objects.filter(skill__in=skills, confirmed_by__isnull=False)
    for skill, person in confirmed.values_list("skill", "person"):
        found[skill].append(person)
    return found


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
                rest=max(service.rest, REST),
                people=service.people,
                skill_id=service.skill_id,
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
        skill=turn.skill_id,
        mixed=service.mixed,
    )


def _listed(round_number: int, skilled: Mapping[str, Sequence[UUID]]) -> dict[UUID, draw.Candidate]:
    """Everyone who can serve in the round, as they stand on its list. Three queries."""
    able = list(able_to_serve(round_number))
    skills: dict[UUID, tuple[str, ...]] = {}
    for skill, persons in sorted(skilled.items()):
        for person in persons:
            skills[person] = (*skills.get(person, ()), skill)
    shifts: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for person, weekday, starts, minutes in ShiftPlace.objects.values_list(
        "person", "shift__weekday", "shift__starts", "shift__minutes"
    ):
        shifts[person].append(((weekday - 1) * MINUTES_A_DAY + starts, minutes))
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
                shifts=tuple(sorted(shifts.get(person, ()))),
            )
            for person, minutes, rounds, region, enterprise in cursor.fetchall()
        }
