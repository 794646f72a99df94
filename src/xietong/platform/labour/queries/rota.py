"""The rota as everyone sees it, one's own turns, and how evenly service is spread."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from xietong.platform.base import SMALLEST_CELL
from xietong.platform.enterprises.models import Dispatch, Enterprise
from xietong.platform.people.models import Person
from xietong.platform.record.models import Entry

from .. import draw
from ..models import (
    MINUTES_A_DAY,
    MINUTES_A_WEEK,
    Candidate,
    Exchange,
    Exemption,
    Place,
    Rota,
    Service,
    Turn,
)
from ..rules.rota import Refusal

TURNS_A_PAGE = 40


@dataclass(frozen=True, slots=True)
class When:
    """A turn's time, as people say it: week from 1, weekday from 0 (Monday), clock times."""

    week: int
    weekday: int
    starts: str
    ends: str

    def __str__(self) -> str:
        return _("week %(week)d, %(weekday)s, %(starts)s–%(ends)s") % {
            "week": self.week,
            "weekday": WEEKDAYS[self.weekday],
            "starts": self.starts,
            "ends": self.ends,
        }


@dataclass(frozen=True, slots=True)
class TurnShown:
    """A turn with those who hold its places, in order of their numbers."""

    turn: Turn
    when: When
    places: list[Place] = field(default_factory=list)

    @property
    def part(self) -> str:
        """The part of the day in which it begins, in the reader's words."""
        return str(self.turn.part.label)

    @property
    def open_places(self) -> int:
        return self.turn.people - len(self.places)


@dataclass(frozen=True, slots=True)
class MyTurn:
    """A place of one's own, and who else serves."""

    place: Place
    when: When
    others: list[Place]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An exchange that waits for one's answer: the turn one would get, the turn one would give."""

    id: UUID
    by: str
    given: Turn
    given_when: When
    wanted: Turn
    wanted_when: When


@dataclass(frozen=True, slots=True)
class HowDrawn:
    """What anyone needs to draw a rota again; None what is not there yet."""

    announced: Entry | None
    seed_entry: int | None
    arrived: int
    roll_sha256: str
    drawn: draw.Drawn | None
    rota_sha256: str | None
    short: int
    trouble: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Minutes that those who could serve have served up to a round (`people_gini`)."""

    round_number: int
    people: int
    lowest: int
    median: int
    highest: int
    mean: int
    gini: float


@dataclass(frozen=True, slots=True)
class ServedOfKind:
    """One's own minutes of a service beside the mean; None where fewer than ten have served it."""

    service: Service
    mine: int
    mean: int | None


def services() -> list[Service]:
    """The public services that a rota can ask for."""
    return list(Service.objects.all())


def latest_rota() -> int | None:
    """The round of the newest rota."""
    return Rota.objects.values_list("round_number", flat=True).first()


def rota_numbers() -> list[int]:
    """The rounds that have a rota, the newest first."""
    return list(Rota.objects.values_list("round_number", flat=True))


def turns_of(rota: Rota, page: int | str = 1, service: str = "") -> "Page[TurnShown]":
    """The turns of a rota in order of time. Three queries."""
    turns = Turn.objects.filter(rota=rota).select_related(
        "service", "region", "enterprise", "skill"
    )
    if service:
        turns = turns.filter(service=service)
    found = Paginator(turns, TURNS_A_PAGE).get_page(page)
    return Page(_shown(list(found.object_list)), found.number, found.paginator)  # type: ignore[arg-type]


def my_turns(person: Person) -> list[MyTurn]:
    """What one holds in rounds that are not closed, and served in the newest rota. Two queries."""
    mine = list(
        Place.objects.filter(person=person, until=None)
        .exclude(turn__rota__in=_closed())
        .select_related("turn__service", "turn__region", "turn__enterprise")
        .order_by("turn__rota", "turn__starts")
    )
    others = defaultdict(list)
    for place in (
        Place.objects.filter(turn__in=[place.turn_id for place in mine], until=None)
        .exclude(person=person)
        .select_related("person")
        .order_by("number")
    ):
        others[place.turn_id].append(place)
    return [MyTurn(place, when(place.turn), others[place.turn_id]) for place in mine]


def offered_to(person: Person, page: int | str = 1) -> "Page[tuple[Place, When]]":
    """Turns that others offer and that are open to this person. Three queries."""
    enterprise = Enterprise.objects.filter(memberships__person=person, memberships__until=None)
    offered = (
        Place.objects.filter(until=None, offered_at__isnull=False)
        .exclude(person=person)
        .exclude(turn__rota__in=_closed())
        .filter(
            Q(turn__region=None) | Q(turn__region__in=enterprise.values("region")),
            Q(turn__enterprise=None) | Q(turn__enterprise__in=enterprise.values("code")),
        )
        .select_related("person", "turn__service", "turn__region", "turn__enterprise")
        .order_by("turn__rota", "turn__starts", "number")
    )
    found = Paginator(offered, TURNS_A_PAGE).get_page(page)
    rows = [(place, when(place.turn)) for place in found.object_list]
    return Page(rows, found.number, found.paginator)  # type: ignore[arg-type]


def proposals_to(person: Person) -> list[Proposal]:
    """Exchanges that wait for this person's answer and still can be. Two queries."""
    waiting = list(
        Exchange.objects.filter(proposed_to=person, agreed=None).select_related("proposed_by")
    )
    ids = {id for each in waiting for id in (each.given, each.wanted)}
    held = {
        place.id: place.turn
        for place in Place.objects.filter(id__in=ids, until=None, confirmed_by=None).select_related(
            "turn__service", "turn__region", "turn__enterprise"
        )
    }
    return [
        Proposal(
            each.id,
            each.proposed_by.name,
            held[each.given],
            when(held[each.given]),
            held[each.wanted],
            when(held[each.wanted]),
        )
        for each in waiting
        if each.given in held and each.wanted in held
    ]


def how_drawn(rota: Rota) -> HowDrawn:
    """How a rota was, or will be drawn, or why it was not. Two queries."""
    announced = Entry.objects.filter(submission=rota.announcement_id).first()
    head = Entry.objects.order_by("-number").values_list("number", flat=True).first()
    drawn = draw.Drawn.read(rota.drawn) if rota.drawn else None
    return HowDrawn(
        announced=announced,
        seed_entry=announced.number + rota.wait if announced else None,
        arrived=min(rota.wait, (head or 0) - announced.number) if announced else 0,
        roll_sha256=draw.lot(rota.roll),
        drawn=drawn,
        rota_sha256=draw.lot(rota.drawn) if rota.drawn else None,
        short=len(drawn.line.lacks(drawn.places)) if drawn else 0,
        trouble=Refusal(rota.trouble).label if rota.trouble else "",
    )


def pseudonym_of(person: Person, rota: Rota) -> str | None:
    """What a person is called on the list of a rota; None if they are not on it."""
    found = Candidate.objects.filter(person=person, rota=rota)
    return found.values_list("pseudonym", flat=True).first()


def spread_over_time() -> list[Spread]:
    """How served minutes are spread among all who could serve, up to each round that had a rota.

    Rounds with fewer than ten persons are left out. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH able AS (
                SELECT rota.round_number, candidate.person_id
                FROM labour_rota AS rota
                JOIN labour_candidate AS candidate ON candidate.rota_id <= rota.round_number
                GROUP BY 1, 2
            ),
            served AS (
                SELECT place.person_id, turn.rota_id, sum(turn.ends - turn.starts) AS minutes
                FROM labour_place AS place JOIN labour_turn AS turn ON turn.code = place.turn_id
                WHERE place.confirmed_by_id IS NOT NULL
                GROUP BY 1, 2
            ),
            tally AS (
                SELECT able.round_number, able.person_id,
                       coalesce(sum(served.minutes), 0)::bigint AS minutes
                FROM able LEFT JOIN served
                    ON served.person_id = able.person_id AND served.rota_id <= able.round_number
                GROUP BY 1, 2
            )
            SELECT round_number, count(*), min(minutes),
                   (percentile_disc(0.5) WITHIN GROUP (ORDER BY minutes)), max(minutes),
                   round(avg(minutes))::bigint, people_gini(array_agg(minutes))
            FROM tally GROUP BY round_number HAVING count(*) >= %s ORDER BY round_number
            """,
            [SMALLEST_CELL],
        )
        return [Spread(*row) for row in cursor.fetchall()]


def served_by_kind(person: Person) -> list[ServedOfKind]:
    """One's own confirmed minutes by service beside the mean of all who could. Three queries."""
    confirmed = Place.objects.filter(confirmed_by__isnull=False)
    served = (
        confirmed.order_by()
        .values_list("turn__service")
        .annotate(minutes=Sum(F("turn__ends") - F("turn__starts")))
    )
    mine = dict(served.filter(person=person))
    able = Candidate.objects.aggregate(n=Count("person", distinct=True))["n"]
    of_all = {
        service: minutes // able
        for service, minutes, people in served.annotate(people=Count("person", distinct=True))
        if people >= SMALLEST_CELL
    }
    return [
        ServedOfKind(service, mine.get(service.code, 0), of_all.get(service.code))
        for service in Service.objects.all()
    ]


def minutes_served(person: Person) -> int:
    """All that this person has served, confirmed."""
    served = Place.objects.filter(person=person, confirmed_by__isnull=False)
    return served.aggregate(n=Sum(F("turn__ends") - F("turn__starts")))["n"] or 0


def exemptions_of(person: Person, page: int | str = 1) -> "Page[Exemption]":
    """What a person asked for, the newest first."""
    return Paginator(Exemption.objects.filter(person=person), TURNS_A_PAGE).get_page(page)


def exemptions_to_decide(person: Person, page: int | str = 1) -> "Page[Exemption]":
    """What waits for a decision by this person, who holds the duty of enrolment."""
    refused_by_me = Exemption.objects.filter(decided_by=person).values("id")
    waiting = (
        Exemption.objects.filter(granted=None)
        .exclude(person=person)
        .exclude(appeals__isnull=False, appeals__in=refused_by_me)
        .select_related("person")
        .order_by("id")
    )
    return Paginator(waiting, TURNS_A_PAGE).get_page(page)


def exempt_by_kind(round_number: int) -> list[tuple[str, int | None]]:
    """How many are excused in a round, by kind of reason; None for fewer than ten. One query."""
    counted = dict(
        Exemption.objects.filter(
            granted=True, first_round__lte=round_number, last_round__gte=round_number
        )
        .order_by()
        .values_list("kind")
        .annotate(Count("person", distinct=True))
    )
    return [
        (str(label), number if (number := counted.get(kind, 0)) >= SMALLEST_CELL else None)
        for kind, label in Exemption.Kind.choices
    ]


def when(turn: Turn) -> When:
    """A turn's time in words."""
    week, within = divmod(turn.starts, MINUTES_A_WEEK)
    weekday, minute = divmod(within, MINUTES_A_DAY)
    return When(week + 1, weekday, _clock(minute), _clock(minute + turn.minutes))


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _closed() -> "QuerySet[Dispatch, Any]":
    return Dispatch.objects.filter(closed_at__isnull=False).values("round_number")


def _shown(turns: list[Turn]) -> list[TurnShown]:
    on = defaultdict(list)
    for place in (
        Place.objects.filter(turn__in=turns, until=None).select_related("person").order_by("number")
    ):
        on[place.turn_id].append(place)
    return [TurnShown(turn, when(turn), on[turn.code]) for turn in turns]
