"""Disputes about hours: in full to the members who decide them, in numbers to everyone."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Now

from xietong.platform.enterprises.models import Enterprise, Membership
from xietong.platform.people.models import Person

from ..models import FULL_WEEK, Dispute, DisputeBallot, Juror, WorkRecord
from ..models.posts import OVERTIME
from ..wording import by_day

DISPUTES_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class DisputeEntry:
    """A dispute as who may decide it sees it: ballots so far or as counted, and their own.

    `mine` is how they voted, None if they did not; `may_vote` while they still can; `on_jury`
    whether the lot has set them over it.
    """

    dispute: Dispute
    yes: int
    no: int
    mine: bool | None
    may_vote: bool
    may_withdraw: bool
    on_jury: bool

    @property
    def stands(self) -> str:
        """The days as they stand, in the reader's words."""
        return by_day(self.dispute.before)

    @property
    def proposed(self) -> str:
        """The days as they are proposed, in the reader's words."""
        return by_day(self.dispute.days)

    @property
    def minutes_before(self) -> int:
        return sum(self.dispute.before)

    @property
    def minutes(self) -> int:
        return sum(self.dispute.days)


@dataclass(frozen=True, slots=True)
class DisputeNumbers:
    """How many disputes of an enterprise are open, how many of these overdue, how many over."""

    open: int
    overdue: int
    decided: int


def disputes_of(member: Person, page: int | str = 1) -> "Page[DisputeEntry]":
    """The disputes of the enterprise in which the person has a place, open ones first.

    And those over which the lot has set them. Two queries.
    """
    juries = Juror.objects.filter(dispute=OuterRef("id"), person=member)
    own = DisputeBallot.objects.filter(dispute=OuterRef("id"), person=member)
    found = (
        Dispute.objects.annotate(on_jury=Exists(juries))
        .filter(
            Q(on_jury=True)
            | Q(
                enterprise__in=Membership.objects.filter(person=member, until=None).values(
                    "enterprise"
                )
            )
        )
        .select_related("person", "opened_by", "enterprise", "jury_seed")
        .annotate(
            ballots_yes=Count("ballots", filter=Q(ballots__agrees=True)),
            ballots_no=Count("ballots", filter=Q(ballots__agrees=False)),
            mine=Subquery(own.values("agrees")),
            is_open=Q(state=Dispute.State.OPEN),
        )
        .order_by("-is_open", "-id")
    )
    shown = Paginator(found, DISPUTES_A_PAGE).get_page(page)
    entries = [
        DisputeEntry(
            dispute=dispute,
            yes=dispute.ballots_yes,
            no=dispute.ballots_no,
            mine=dispute.mine,
            may_vote=dispute.is_open
            and member.id not in dispute.parties
            and (dispute.on_jury or not dispute.is_before_jury),
            may_withdraw=dispute.is_open and member.id == dispute.opened_by_id,
            on_jury=dispute.on_jury,
        )
        for dispute in shown
    ]
    return Page(entries, shown.number, shown.paginator)  # type: ignore[arg-type]


def dispute_numbers(enterprise: Enterprise) -> DisputeNumbers:
    """How many disputes about hours an enterprise has; everyone may know. One query."""
    is_open = Q(state=Dispute.State.OPEN)
    return DisputeNumbers(
        **Dispute.objects.filter(enterprise=enterprise).aggregate(
            open=Count("id", filter=is_open),
            overdue=Count("id", filter=is_open & Q(due_at__lte=Now())),
            decided=Count("id", filter=Q(state__in=["upheld", "rejected"])),
        )
    )


def due_disputes() -> list[UUID]:
    """Disputes whose time is up and on which enough members have voted, the oldest first."""
    return list(
        Dispute.objects.filter(state=Dispute.State.OPEN, due_at__lte=Now())
        .annotate(cast=Count("ballots"))
        .filter(cast__gte=F("quorum"))
        .order_by("id")
        .values_list("id", flat=True)
    )


def undecided_disputes() -> list[UUID]:
    """Open disputes that wait for a jury, or whose time is up with too few ballots, oldest first.

    Also those whose enterprise has nobody left who could vote.
    """
    voters = Membership.objects.filter(enterprise=OuterRef("enterprise"), until=None).exclude(
        Q(person=OuterRef("person")) | Q(person=OuterRef("opened_by"))
    )
    undrawn = Q(jury_announcement__isnull=False, jury_seed=None)
    deserted = Q(jury_announcement=None, has_voters=False)
    stuck = Q(due_at__lte=Now(), cast__lt=F("quorum"))
    return list(
        Dispute.objects.filter(state=Dispute.State.OPEN)
        .annotate(cast=Count("ballots"), has_voters=Exists(voters))
        .filter(undrawn | deserted | stuck)
        .order_by("id")
        .values_list("id", flat=True)
    )


def most_minutes(person: UUID, enterprise: str, round_number: int) -> int:
    """How much a person's posts in an enterprise, and overtime, allow in a week of a round.

    As the database's law `labour_workrecord_within_assignment` counts. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT floor({OVERTIME} * CASE WHEN count(*) = 0 THEN {FULL_WEEK} ELSE coalesce(
                sum(had.minutes) FILTER (
                    WHERE (had.until IS NULL OR had.until > dispatch.opened_at)
                      AND mod(%(round)s, had.turns) = had.turn
                ), 0) END)::int
            FROM labour_assignment AS had
            JOIN labour_post AS post ON post.id = had.post_id
            JOIN enterprises_dispatch AS dispatch ON dispatch.round_number = %(round)s
            WHERE had.person_id = %(person)s AND post.enterprise_id = %(enterprise)s
              AND (had.until IS NULL OR NOT had.until <= (
                  SELECT since FROM enterprises_membership
                  WHERE person_id = %(person)s AND until IS NULL))
            """,  # noqa: S608  constants
            {"person": person, "enterprise": enterprise, "round": round_number},
        )
        return int(cursor.fetchone()[0])


def hours_seen_by(member: Person, record: UUID) -> WorkRecord | None:
    """Hours that stand in the enterprise where this person has a place, with who worked them."""
    return (
        WorkRecord.objects.standing()
        .filter(
            id=record,
            enterprise__in=Membership.objects.filter(person=member, until=None).values(
                "enterprise"
            ),
        )
        .select_related("person", "enterprise", "certified_by")
        .first()
    )
