"""Who wants work is offered some, and takes it or waits for other."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Sum
from django.db.models.functions import Now
from django.utils import timezone

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Dispatch, Membership
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.products.models import Residence
from xietong.platform.record.actions import submit
from xietong.platform.record.queries import head

from .. import tasks
from ..matching import SHORTEST, Hand, Match, Opening, Seat, match
from ..models import (
    FULL_WEEK,
    Application,
    Assignment,
    Choice,
    Matching,
    Offer,
    PersonSkill,
    Post,
)
from ..rules import PostRefusal
from ..rules.posts import current, refuse_impossible_wishes
from .posts import members_without_post, refused

NOTICE = timedelta(days=7)
DELAY = 24
# Any number will do that no other advisory lock of the platform uses.
MATCHER = 0x6D61746368
LEAST_TOLD = 10


@again_after_conflict
@once
@transaction.atomic
def apply(
    by: Person,
    *,
    choices: Sequence[UUID],
    minutes: int,
    learns: bool = False,
    anything: bool = False,
    moves: bool = False,
    key: UUID | None = None,
) -> None:
    """Ask for work: up to five posts, the dearest first, and at most so many minutes a week.

    `learns`: also what has to be learned first; `anything`: gladly also what was not chosen;
    `moves`: gladly also in another region than one lives in.
    Asked again, the wishes are replaced and the time waited stays. The next matching, within a
    day, offers something. Raises Rejected CHOICES, MINUTES, NO_SUCH_POST.
    """
    refuse_impossible_wishes(len(choices), len(set(choices)), minutes, SHORTEST)
    if Post.objects.filter(id__in=choices).count() < len(choices):
        raise Rejected(PostRefusal.NO_SUCH_POST)
    Application.objects.bulk_create(
        [Application(person=by, minutes=minutes, learns=learns, anything=anything, moves=moves)],
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=["minutes", "learns", "anything", "moves"],
    )
    by.choices.all().delete()
    Choice.objects.bulk_create(
        Choice(person=by, rank=rank, post_id=post) for rank, post in enumerate(choices, start=1)
    )
    tasks.match_soon(hours=DELAY)


@once
@transaction.atomic
def withdraw_application(by: Person, *, key: UUID | None = None) -> None:
    """Want no other work any more; what has been offered can still be answered."""
    by.choices.all().delete()
    Application.objects.filter(person=by).delete()


@again_after_conflict
@transaction.atomic
def match_applications() -> Matching | None:
    """Offer work to everyone who has asked for it and has no offer to answer.

    The seed is the hash of the newest entry of the public record. Returns None if nobody waits, or
    no round runs.
    """
    with connection.cursor() as cursor:
        # One after another: two at once would offer the same places twice.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MATCHER])
    dispatch = Dispatch.objects.filter(closed_at=None).first()
    answering = Offer.objects.filter(answer=Offer.Answer.OPEN)
    waiting = list(
        Application.objects.select_for_update(of=("self",))
        .filter(person__left_at=None)
        .exclude(person__in=answering.values("person"))
        .order_by("person_id")
    )
    if dispatch is None or not waiting:
        return None
    newest = head()
    matching = Matching.objects.create(
        dispatch=dispatch, seed=newest.hash if newest else "", hands=len(waiting)
    )
    _offer(matching, match(_hands(waiting), _openings(), matching.seed))
    return matching


def _hands(waiting: Sequence[Application]) -> list[Hand]:
    persons = [application.person_id for application in waiting]
    choices: dict[UUID, list[str]] = defaultdict(list)
    for choice in Choice.objects.filter(person__in=persons).order_by("person_id", "rank"):
        choices[choice.person_id].append(str(choice.post_id))
    skills: dict[UUID, dict[str, bool]] = defaultdict(dict)
    for skill in PersonSkill.objects.filter(person__in=persons):
        skills[skill.person_id][skill.skill_id] = skill.confirmed_by_id is not None
    homes = dict(Residence.objects.filter(person__in=persons).values_list("person", "region"))
    now = timezone.now()
    return [
        Hand(
            id=str(application.person_id),
            minutes=application.minutes,
            choices=tuple(choices[application.person_id]),
            skills=skills[application.person_id],
            learns=application.learns,
            anything=application.anything,
            waiting=(now - application.since) // timedelta(weeks=1),
            home=homes.get(application.person_id),
            moves=application.moves,
        )
        for application in waiting
    ]


def _openings() -> list[Opening]:
    """Every post with the places that nobody has and nobody has been offered."""
    taken: dict[UUID, dict[tuple[int, int], tuple[int, int]]] = defaultdict(dict)
    for held in (
        Assignment.objects.filter(current()),
        Offer.objects.filter(answer=Offer.Answer.OPEN),
    ):
        for post, turns, turn, minutes, persons in (
            held.values_list("post", "turns", "turn")
            .annotate(Sum("minutes"), Count("person"))
            .order_by()
        ):
            before = taken[post].get((turns, turn), (0, 0))
            taken[post][turns, turn] = (before[0] + minutes, before[1] + persons)
    counted_in = members_without_post()
    return [
        opening_of(post, taken[post.id], counted_in.get((post.enterprise_id, post.skill_id), 0))
        for post in Post.objects.select_related("enterprise")
    ]


def opening_of(
    post: Post, taken: Mapping[tuple[int, int], tuple[int, int]], others: int = 0
) -> Opening:
    """The free seats of a post; `taken` holds minutes and persons by (turns, turn).

    `others` do the same work without an assignment.
    """
    persons = others + sum(count for _, count in taken.values())
    if post.kind == Post.Kind.ROTATING:
        seats = [
            Seat(FULL_WEEK, post.holders, turn)
            for turn in range(post.holders)
            for _ in range(
                (post.capacity - taken.get((post.holders, turn), (0, 0))[0]) // FULL_WEEK
            )
        ]
        return Opening(
            str(post.id),
            post.skill_id,
            tuple(seats),
            holders=persons,
            region=post.enterprise.region_id,
        )
    vacant = max(post.capacity - sum(minutes for minutes, _ in taken.values()), 0)
    whole = FULL_WEEK // post.holders
    seats = [Seat(whole)] * (vacant // whole)
    if vacant % whole >= SHORTEST:
        seats.append(Seat(vacant % whole))
    return Opening(
        str(post.id),
        post.skill_id,
        tuple(seats),
        vacant,
        post.needed,
        persons,
        post.enterprise.region_id,
    )


def _offer(matching: Matching, found: Sequence[Match]) -> None:
    Offer.objects.bulk_create(
        (
            Offer(
                person_id=UUID(one.hand),
                matching=matching,
                post_id=UUID(one.opening),
                minutes=one.seat.minutes,
                turns=one.seat.turns,
                turn=one.seat.turn,
                shares=one.shares,
                choice=one.choice,
                fitness=one.fitness,
                lost=[[post, why.value] for post, why in one.lost],
                distance=one.distance,
            )
            for one in found
        ),
        batch_size=2000,
    )
    told = {"round": matching.dispatch_id, "seed": matching.seed}
    if len(found) >= LEAST_TOLD:
        first = sum(one.choice == 1 for one in found)
        told |= {"offers": len(found), "first_choice_percent": 100 * first // len(found)}
    submit("posts-matched", told)


@again_after_conflict
@once
@transaction.atomic
def accept_offer(by: Person, *, offer: UUID, key: UUID | None = None) -> Assignment:
    """Take the work one was offered: it begins now, and with it one's place in the enterprise.

    A place elsewhere ends with its work. Other work in the same enterprise goes on as long as all
    of it is no more than 40 hours a week; otherwise it ends. Raises Rejected NO_OPEN_OFFER,
    NO_LONGER_FREE.
    """
    found = _open_offer(by, offer)
    enterprise = found.post.enterprise_id
    place = Membership.objects.select_for_update(no_key=True).filter(person=by, until=None).first()
    if place is not None and place.enterprise_id != enterprise:
        enterprises.leave(by)
        place = None
    if place is None:
        enterprises.join(by, enterprise)
    else:
        mine = Assignment.objects.filter(current(), person=by)
        kept = mine.exclude(post=found.post).aggregate(sum=Sum("minutes"))["sum"] or 0
        if kept + found.minutes > FULL_WEEK:
            mine.update(until=Now())
        else:
            mine.filter(post=found.post).update(until=Now())
    _answer(found, Offer.Answer.ACCEPTED)
    by.choices.all().delete()
    Application.objects.filter(person=by).delete()
    try:
        with transaction.atomic():
            return Assignment.objects.create(
                person=by,
                post=found.post,
                minutes=found.minutes,
                turns=found.turns,
                turn=found.turn,
                shares=found.shares,
                offer=found.id,
            )
    except IntegrityError as error:
        raise refused(error) from error


@again_after_conflict
@once
@transaction.atomic
def decline_offer(by: Person, *, offer: UUID, key: UUID | None = None) -> None:
    """Wait for other work: the next matching offers some again. Raises Rejected NO_OPEN_OFFER."""
    _answer(_open_offer(by, offer), Offer.Answer.DECLINED)
    tasks.match_soon(hours=DELAY)


def _open_offer(by: Person, offer: UUID) -> Offer:
    found = (
        Offer.objects.select_for_update(of=("self",))
        .filter(person=by, id=offer, answer=Offer.Answer.OPEN)
        .select_related("post")
        .first()
    )
    if found is None:
        raise Rejected(PostRefusal.NO_OPEN_OFFER)
    return found


def _answer(offer: Offer, answer: Offer.Answer) -> None:
    offer.answer = answer
    Offer.objects.filter(person=offer.person_id, id=offer.id).update(
        answer=answer, answered_at=Now()
    )


@again_after_conflict
@once
@transaction.atomic
def give_notice(by: Person, *, assignment: UUID, key: UUID | None = None) -> None:
    """End one's work in a post in seven days. Raises Rejected NO_ASSIGNMENT."""
    ending = Assignment.objects.filter(person=by, id=assignment, until=None)
    if not ending.update(until=Now() + NOTICE):
        raise Rejected(PostRefusal.NO_ASSIGNMENT)
