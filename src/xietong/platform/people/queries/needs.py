"""Reading needs: one's own, what waits for whoever decides, and sums without names."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from ..models import Ground, Need, NeedRule, Person, Recognition
from ..rules import DAYS_TO_HEAR_AN_APPEAL, may_hear_appeals, may_recognise

WAITING_A_PAGE = 20
RULES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Recognised:
    """So many live in a round by one need, in place of work or beside it.

    `share` is in thousandths of what a worker is issued on the mean.
    """

    ground: str
    beside_work: bool
    share: int
    persons: int


@dataclass(frozen=True, slots=True)
class OwnNeed:
    """One of a person's needs with its events, the first first."""

    need: Need
    events: list[Recognition]

    @property
    def last(self) -> Recognition:
        return self.events[-1]

    @property
    def may_appeal(self) -> bool:
        """Whether it was refused, or ended by an official."""
        last = self.last
        return last.what == Recognition.What.REFUSED or (
            last.what == Recognition.What.ENDED and last.by_id not in (None, last.person_id)
        )

    @property
    def may_end(self) -> bool:
        return self.need.state in (Need.State.CLAIMED, Need.State.GRANTED, Need.State.APPEALED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim or an appeal to answer: what is needed to decide, and no more of the person.

    `refusal` and `appeal` are of an appeal only: why it was refused, and why that was wrong.
    """

    event: UUID
    person: Person
    need: Need
    claim: str
    refusal: str
    appeal: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class WaitingNumbers:
    """How many claims and appeals wait, and how many appeals for too long."""

    claims: int
    appeals: int
    overdue: int


def rules_in_force(round_number: int) -> list[NeedRule]:
    """The rule of each ground in a round, in the order of grounds."""
    found = (
        NeedRule.objects.filter(from_round__lte=round_number)
        .order_by("ground", "-from_round", "-id")
        .distinct("ground")
    )
    return sorted(found, key=lambda rule: Ground.values.index(rule.ground))


def rules_history(page: int | str = 1) -> "Page[NeedRule]":
    """Every rule that was laid down, the newest first."""
    return Paginator(NeedRule.objects.order_by("-id"), RULES_A_PAGE).get_page(page)


def recognised(round_number: int) -> list[Recognised]:
    """How many live by each need in a round at this moment, by the rules in force; also nobody.

    One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH rule AS (
                SELECT DISTINCT ON (ground) ground, share, beside_share FROM people_needrule
                WHERE from_round <= %(round)s ORDER BY ground, from_round DESC, id DESC
            ),
            allowance AS (
                SELECT ground, false AS beside_work, share FROM rule
                UNION ALL
                SELECT ground, true, beside_share FROM rule WHERE beside_share IS NOT NULL
            )
            SELECT allowance.ground, allowance.beside_work, share, count(need.person_id)
            FROM allowance LEFT JOIN people_entitled AS need
                ON (need.ground, need.beside_work) = (allowance.ground, allowance.beside_work)
                AND %(round)s BETWEEN need.from_round AND need.until_round
            GROUP BY 1, 2, 3 ORDER BY 1, 2
            """,
            {"round": round_number},
        )
        return [Recognised(*row) for row in cursor.fetchall()]


def needs_of(person: Person) -> list[OwnNeed]:
    """A person's needs with what happened to each, the newest first. Two queries."""
    events = {event.id: event for event in Recognition.objects.filter(person=person)}
    return [
        OwnNeed(need, _thread(events, need.last)) for need in Need.objects.filter(person=person)
    ]


def claims_waiting(by: Person, page: int | str = 1) -> "Page[Waiting]":
    """Claims of others that this holder of the duty may answer, the oldest first."""
    needs = Need.objects.filter(state=Need.State.CLAIMED).exclude(person=by)
    return _waiting(needs if may_recognise(by) else needs.none(), page)


def recognised_of(by: Person, username: str) -> tuple[Person, list[Need]] | None:
    """Whoever else signs in by a name, with what is recognised of them and can be ended.

    None where there is nobody of that name, or for who does not hold the duty.
    """
    name = Person.normalize_username(username)
    found = Person.objects.filter(username=name, left_at=None).exclude(pk=by.pk).first()
    if found is None or not may_recognise(by):
        return None
    return found, list(Need.objects.filter(person=found, state=Need.State.GRANTED))


def appeals_waiting(by: Person, page: int | str = 1) -> "Page[Waiting]":
    """Appeals of others, against what others decided, the oldest first."""
    needs = Need.objects.filter(state=Need.State.APPEALED).exclude(person=by)
    if not may_hear_appeals(by):
        return _waiting(needs.none(), page)
    appealed = Recognition.objects.filter(id__in=needs.values("last")).values("follows")
    decided = Recognition.objects.filter(id__in=appealed, by=by).values("id")
    answered = Recognition.objects.filter(follows__in=decided).values("id")
    return _waiting(needs.exclude(last__in=answered), page)


def waiting_numbers() -> WaitingNumbers:
    """How much waits for those who hold the duties, without names."""
    late = timezone.now() - timedelta(days=DAYS_TO_HEAR_AN_APPEAL)
    appealed = Q(state=Need.State.APPEALED)
    return WaitingNumbers(
        **Need.objects.aggregate(
            claims=Count("pk", filter=Q(state=Need.State.CLAIMED)),
            appeals=Count("pk", filter=appealed),
            overdue=Count("pk", filter=appealed & Q(changed_at__lt=late)),
        )
    )


def _waiting(needs: "QuerySet[Need]", page: int | str) -> "Page[Waiting]":
    found = Paginator(
        needs.select_related("person").order_by("changed_at", "person_id"), WAITING_A_PAGE
    ).get_page(page)
    persons = [need.person_id for need in found]
    events = {event.id: event for event in Recognition.objects.filter(person__in=persons)}
    late = timezone.now() - timedelta(days=DAYS_TO_HEAR_AN_APPEAL)
    rows = []
    for need in found:
        thread = _thread(events, need.last)
        appeal = need.state == Need.State.APPEALED
        rows.append(
            Waiting(
                event=need.last,
                person=need.person,
                need=need,
                claim=thread[0].why,
                refusal=thread[-2].why if appeal else "",
                appeal=thread[-1].why if appeal else "",
                overdue=appeal and need.changed_at < late,
            )
        )
    return Page(rows, found.number, found.paginator)  # type: ignore[arg-type]


def _thread(events: dict[UUID, Recognition], last: UUID) -> list[Recognition]:
    thread = [events[last]]
    while thread[-1].follows is not None:
        thread.append(events[thread[-1].follows])
    return thread[::-1]
