"""Disputes about hours: in full to the members who decide them, in numbers to everyone."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Now

from xietong.platform.enterprises.models import Enterprise, Membership
from xietong.platform.people.models import Person

from ..models import Dispute, DisputeBallot, WorkRecord
from ..wording import by_day

DISPUTES_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class DisputeEntry:
    """A dispute as a member sees it: ballots so far or as counted, and their own.

    `mine` is how the member voted, None if they did not; `may_vote` while they still can.
    """

    dispute: Dispute
    yes: int
    no: int
    mine: bool | None
    may_vote: bool
    may_withdraw: bool

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

    Two queries.
    """
    own = DisputeBallot.objects.filter(dispute=OuterRef("id"), person=member)
    found = (
        Dispute.objects.filter(
            enterprise__in=Membership.objects.filter(person=member, until=None).values("enterprise")
        )
        .select_related("person", "opened_by")
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
            may_vote=dispute.is_open and member.id not in (dispute.person_id, dispute.opened_by_id),
            may_withdraw=dispute.is_open and member.id == dispute.opened_by_id,
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
