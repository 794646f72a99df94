"""Skills, open work, and what a person has asked for, been offered and has. Times in minutes."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from xietong.platform.enterprises.models import Enterprise, Membership
from xietong.platform.people.models import Person

from ..matching import SHORTEST
from ..models import (
    FULL_WEEK,
    Application,
    Assignment,
    Choice,
    Offer,
    PersonSkill,
    Post,
    Skill,
    SkillShare,
)
from ..rules.posts import current

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class OpenWork:
    """A post with the minutes a week that are free, and how many have it."""

    post: Post
    free: int
    holders: int

    @property
    def places(self) -> int:
        """Whole places that are free, each for one person."""
        return self.free // self.minutes

    @property
    def rest(self) -> int:
        """The minutes of one part-time place more, or 0."""
        rest = self.free % self.minutes
        return rest if rest >= SHORTEST and self.post.kind != Post.Kind.ROTATING else 0

    @property
    def minutes(self) -> int:
        """What one place is a week; of one taken in turn, in the round of one's turn."""
        return FULL_WEEK // (self.post.holders if self.post.kind == Post.Kind.SHARED else 1)


@dataclass(frozen=True, slots=True)
class Lost:
    """A choice that went elsewhere, and the code of why."""

    post: Post
    why: str


@dataclass(frozen=True, slots=True)
class OfferEntry:
    offer: Offer
    lost: list[Lost]


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is at a place, or will be in so many rounds."""

    names: list[str]
    rounds: int


@dataclass(frozen=True, slots=True)
class TurnsOfPost:
    post: Post
    turns: list[Turn]


def skills() -> list[Skill]:
    """Every skill, by code."""
    return list(Skill.objects.all())


def skills_of(person: Person) -> list[PersonSkill]:
    """What a person has stated. One query."""
    stated = PersonSkill.objects.filter(person=person)
    return list(stated.select_related("skill", "confirmed_by").order_by("skill_id"))


def skills_to_confirm(person: Person, page: str | int = 1) -> "Page[PersonSkill]":
    """What others have stated and this person can confirm: team-mates' skills, and everybody's
    in what is confirmed of this person.
    """
    mine = Membership.objects.filter(person=person, until=None).values("enterprise")
    own = PersonSkill.objects.filter(person=person, confirmed_by__isnull=False).values("skill")
    mates = Membership.objects.filter(until=None, enterprise__in=mine).values("person")
    found = (
        PersonSkill.objects.filter(Q(person__in=mates) | Q(skill__in=own), confirmed_by=None)
        .exclude(person=person)
        .select_related("person", "skill")
        .order_by("stated_at", "person_id", "skill_id")
    )
    return Paginator(found, PER_PAGE).get_page(page)


def skill_mix(enterprise: Enterprise) -> list[tuple[Skill, Decimal | None]]:
    """Every skill with its share of the enterprise's hours, or None."""
    shares = dict(SkillShare.objects.filter(enterprise=enterprise).values_list("skill", "share"))
    return [(skill, shares.get(skill.code)) for skill in skills()]


def open_work(
    search: str = "",
    *,
    skill: str = "",
    region: str = "",
    kind: str = "",
    page: str | int = 1,
) -> "Page[OpenWork]":
    """Posts in which at least four hours a week are free. Two queries.

    `search` is looked for in the names of enterprises; `kind` is "full" (a whole place is free),
    "part", "shared" or "rotating".
    """
    found = _with_free().filter(free__gte=SHORTEST)
    if search:
        found = found.filter(
            Q(enterprise__name_en__icontains=search) | Q(enterprise__name_zh__icontains=search)
        )
    if skill:
        found = found.filter(skill=skill)
    if region:
        found = found.filter(enterprise__region=region)
    if kind == "full":
        found = found.filter(kind=Post.Kind.ORDINARY, free__gte=FULL_WEEK)
    elif kind == "part":
        found = found.filter(kind=Post.Kind.ORDINARY).annotate(rest=F("free") % FULL_WEEK)
        found = found.filter(rest__gte=SHORTEST)
    elif kind:
        found = found.filter(kind=kind)
    paginator: Paginator[Any] = Paginator(found.order_by("-free", "id"), PER_PAGE)
    pages = paginator.get_page(page)
    return Page([_entry(post) for post in pages.object_list], pages.number, paginator)


def one_opening(post_id: UUID) -> OpenWork:
    """Raises Post.DoesNotExist. One query."""
    return _entry(_with_free().get(id=post_id))


def posts_of(enterprise: Enterprise) -> list[OpenWork]:
    """All posts of an enterprise in which there is, or was, work. One query."""
    found = _with_free().filter(enterprise=enterprise)
    return [_entry(post) for post in found.order_by("skill", "kind")]


def _with_free() -> "QuerySet[Any]":
    """Posts with the `people` who have them and the minutes a week that are `free`."""
    held = Assignment.objects.filter(current(), post=OuterRef("id")).order_by().values("post")
    offered = Offer.objects.filter(answer=Offer.Answer.OPEN, post=OuterRef("id"))
    room = Case(
        When(kind=Post.Kind.ROTATING, then=F("capacity") * F("holders")),
        default=F("capacity"),
        output_field=IntegerField(),
    )
    return Post.objects.select_related("enterprise__region", "skill").annotate(
        people=Coalesce(Subquery(held.annotate(n=Count("person")).values("n")), 0),
        free=room
        - Coalesce(Subquery(held.annotate(n=Sum("minutes")).values("n")), 0)
        - Coalesce(
            Subquery(offered.order_by().values("post").annotate(n=Sum("minutes")).values("n")),
            0,
        ),
    )


def _entry(post: Any) -> OpenWork:
    return OpenWork(post, max(post.free, 0), post.people)


def application_of(person: Person) -> Application | None:
    return Application.objects.filter(person=person).first()


def choices_of(person: Person) -> list[Choice]:
    """The posts a person would like, the dearest first. One query."""
    return list(person.choices.select_related("post__enterprise", "post__skill").order_by("rank"))


def offers_of(person: Person, page: str | int = 1) -> "Page[OfferEntry]":
    """What a person was offered, the latest first. Three queries."""
    found = person.offers.select_related("post__enterprise", "post__skill").order_by("-id")
    paginator: Paginator[Any] = Paginator(found, PER_PAGE)
    pages = paginator.get_page(page)
    offers = list(pages.object_list)
    chosen = {UUID(post) for offer in offers for post, _ in offer.lost}
    posts = {
        post.id: post
        for post in Post.objects.filter(id__in=chosen).select_related("enterprise", "skill")
    }
    entries = [
        OfferEntry(offer, [Lost(posts[UUID(post)], why) for post, why in offer.lost])
        for offer in offers
    ]
    return Page(entries, pages.number, paginator)


def assignments_of(person: Person) -> list[Assignment]:
    """The work a person has now. One query."""
    return list(
        person.assignments.filter(current())
        .select_related("post__enterprise", "post__skill")
        .order_by("id")
    )


def turns_of(enterprise: Enterprise, round_number: int) -> list[TurnsOfPost]:
    """Whose turn it is in a round at what is taken in turn in an enterprise. Two queries."""
    posts = enterprise.posts.filter(kind=Post.Kind.ROTATING).select_related("skill")
    names: dict[tuple[UUID, int], list[str]] = defaultdict(list)
    for held in (
        Assignment.objects.filter(current(), post__enterprise=enterprise, turns__gt=1)
        .select_related("person")
        .order_by("person__name", "id")
    ):
        names[held.post_id, held.turn].append(held.person.name)
    return [
        TurnsOfPost(
            post,
            [
                Turn(names[post.id, (round_number + ahead) % post.holders], ahead)
                for ahead in range(post.holders)
            ],
        )
        for post in posts.order_by("skill")
    ]
