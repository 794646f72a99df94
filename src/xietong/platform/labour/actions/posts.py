"""What work the plan leaves open, and how whole places of it are shared or taken in turn."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Now

from xietong.platform.base import Rejected, again_after_conflict, constraint_of, uuid7
from xietong.platform.enterprises.models import Enterprise, Membership, Task
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.record.actions import submit

from .. import tasks
from ..models import FULL_WEEK, Assignment, Offer, Post, SkillShare
from ..rules import PostRefusal
from ..rules.posts import (
    REFUSED,
    SKILLED,
    by_skill,
    capacity,
    current,
    minutes_a_week,
    refuse_impossible_arrangement,
)

Kind = Post.Kind
ANY_HANDS: SKILLED = {None: Decimal(1)}


@dataclass(frozen=True, slots=True)
class Assigned:
    """A member's work from now on: the post, and so many minutes of it a week."""

    person: Person
    post: UUID
    minutes: int


@transaction.atomic
def open_posts(number: int, *, days: int) -> int:
    """Open the work that a round of so many days leaves to be assigned; returns how many posts.

    For each enterprise and skill: the hours of its tasks a week by the skill's share, less a full
    week for each member without an assignment, by the same share. Nobody is dismissed when the
    plan needs less. Offers that nobody answered lapse; members whose last assignment has ended
    have no place any more.
    """
    Offer.objects.filter(answer=Offer.Answer.OPEN).update(
        answer=Offer.Answer.LAPSED, answered_at=Now()
    )
    _end_places()
    hours = dict(
        Task.objects.filter(dispatch=number).values_list("enterprise").annotate(Sum("hours"))
    )
    mixes = _mixes()
    unassigned = _members_without_assignment()
    arranged = {
        (enterprise, skill): minutes
        for enterprise, skill, minutes in Post.objects.exclude(kind=Kind.ORDINARY)
        .values_list("enterprise", "skill")
        .annotate(Sum("capacity"))
        .order_by()
    }
    posts = []
    for enterprise in Enterprise.objects.order_by("code").values_list("code", flat=True):
        shares = mixes.get(enterprise, ANY_HANDS)
        needed = by_skill(minutes_a_week(hours.get(enterprise, Decimal(0)), days), shares)
        done = by_skill(unassigned.get(enterprise, 0) * FULL_WEEK, shares)
        posts += [
            Post(
                enterprise_id=enterprise,
                skill_id=skill,
                needed=needed[skill],
                capacity=capacity(needed[skill], done[skill], arranged.get((enterprise, skill), 0)),
            )
            for skill in shares
        ]
    # What is no longer needed closes; who has it keeps it.
    Post.objects.filter(kind=Kind.ORDINARY).update(needed=0, capacity=0)
    Post.objects.bulk_create(
        posts,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["enterprise", "skill", "kind"],
        update_fields=["needed", "capacity"],
    )
    opened = Post.objects.filter(capacity__gt=0)
    tasks.match_soon()
    submit(
        "posts-opened",
        {
            "round": number,
            "posts": opened.count(),
            "minutes": opened.aggregate(sum=Sum("capacity"))["sum"] or 0,
        },
    )
    return opened.count()


def members_without_post() -> dict[tuple[str, str | None], int]:
    """By enterprise and skill, how many members without an assignment are counted as doing it."""
    mixes = _mixes()
    return {
        (enterprise, skill): persons
        for enterprise, members in _members_without_assignment().items()
        for skill, persons in by_skill(members, mixes.get(enterprise, ANY_HANDS)).items()
    }


def _mixes() -> dict[str, dict[str | None, Decimal]]:
    mixes: dict[str, dict[str | None, Decimal]] = defaultdict(dict)
    for share in SkillShare.objects.order_by("enterprise", "skill"):
        mixes[share.enterprise_id][share.skill_id] = share.share
    return dict(mixes)


def _end_places() -> None:
    """Who has had assignments since they joined, and has none now, has no place any more."""
    had = Assignment.objects.filter(
        person=OuterRef("person"), post__enterprise=OuterRef("enterprise")
    ).filter(Q(until=None) | Q(until__gt=OuterRef("since")))
    Membership.objects.filter(Exists(had), ~Exists(had.filter(current())), until=None).update(
        until=Now()
    )


def _members_without_assignment() -> dict[str, int]:
    has = Assignment.objects.filter(
        current(), person=OuterRef("person"), post__enterprise=OuterRef("enterprise")
    )
    return dict(
        Membership.objects.filter(~Exists(has), until=None)
        .values_list("enterprise")
        .annotate(Count("id"))
    )


@again_after_conflict
@once
@transaction.atomic
def arrange_post(
    by: Person, *, post: UUID, kind: str, holders: int, places: int, key: UUID | None = None
) -> Post:
    """Let whole places of 40 hours of one's enterprise be shared, or taken in turn round by round.

    `holders` persons have one place. Returns the post they are now in. Raises Rejected
    NO_SUCH_POST, NOT_A_TEAM_MATE, HOLDERS (also if others of this kind have another number),
    NO_PLACES if so many are not free.
    """
    minutes = refuse_impossible_arrangement(holders, places)
    if kind not in (Kind.SHARED, Kind.ROTATING):
        raise Rejected(PostRefusal.NO_SUCH_POST, kind)
    ordinary = (
        Post.objects.select_for_update(no_key=True, of=("self",))
        .filter(id=post, kind=Kind.ORDINARY)
        .first()
    )
    if ordinary is None:
        raise Rejected(PostRefusal.NO_SUCH_POST)
    if not Membership.objects.filter(
        person=by, enterprise=ordinary.enterprise_id, until=None
    ).exists():
        raise Rejected(PostRefusal.NOT_A_TEAM_MATE)
    assigned = ordinary.assignments.filter(current()).aggregate(sum=Sum("minutes"))["sum"] or 0
    offered = ordinary.offers.filter(answer=Offer.Answer.OPEN).aggregate(sum=Sum("minutes"))["sum"]
    if ordinary.capacity - assigned - (offered or 0) < minutes:
        raise Rejected(PostRefusal.NO_PLACES, str(places))
    arranged = Post.objects.get_or_create(
        enterprise_id=ordinary.enterprise_id,
        skill_id=ordinary.skill_id,
        kind=kind,
        defaults={"holders": holders},
    )[0]
    if arranged.holders != holders:
        if arranged.capacity:
            raise Rejected(PostRefusal.HOLDERS, str(arranged.holders))
        arranged.holders = holders
    arranged.capacity += minutes
    arranged.save(update_fields=["holders", "capacity"])
    ordinary.capacity -= minutes
    ordinary.save(update_fields=["capacity"])
    submit(
        "post-arranged",
        {
            "enterprise": ordinary.enterprise_id,
            "skill": ordinary.skill_id,
            "arrangement": kind,
            "holders": holders,
            "places": places,
            "name": by.name,
        },
    )
    return arranged


@transaction.atomic
def assign_many(given: Iterable[Assigned]) -> list[Assignment]:
    """Assign members of enterprises to posts there, as when a country is founded.

    Each counted as unassigned before: the posts' capacities grow by what they take, so that the
    same work stays open. Raises Rejected NOT_A_TEAM_MATE, NO_LONGER_FREE, TOO_MUCH.
    """
    given = list(given)
    taken: dict[UUID, int] = defaultdict(int)
    for one in given:
        taken[one.post] += one.minutes
    for post, minutes in sorted(taken.items()):
        Post.objects.filter(id=post).update(capacity=F("capacity") + minutes)
    try:
        return Assignment.objects.bulk_create(
            Assignment(id=uuid7(), person_id=one.person.pk, post_id=one.post, minutes=one.minutes)
            for one in given
        )
    except IntegrityError as error:
        raise refused(error) from error


def refused(error: IntegrityError) -> Exception:
    """The refusal that a broken law of the database stands for, or the error itself."""
    reason = REFUSED.get(constraint_of(error))
    return error if reason is None else Rejected(reason)
