"""Open work, and one's own wishes, offers and work, for programs. Minutes are of a week."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from xietong.platform.enterprises import queries as enterprises
from xietong.platform.people.models import Person
from xietong.platform.people.once import Key

from .. import actions, queries
from ..models import Assignment, Post

router = Router(tags=["labour"])


class OpeningOut(Schema):
    """`places` whole places of `minutes`, and one part-time place of `rest` if that is not 0."""

    id: UUID
    enterprise: str
    region: str
    skill: str | None
    kind: str
    persons_to_a_place: int
    needed: int
    holders: int
    places: int
    minutes: int
    rest: int


class OpeningsOut(Schema):
    count: int
    pages: int
    openings: list[OpeningOut]


class ApplicationIn(Schema):
    choices: list[UUID]
    minutes: int
    learns: bool = False
    anything: bool = False
    moves: bool = False


class ApplicationOut(ApplicationIn):
    since: datetime


class LostOut(Schema):
    post: UUID
    why: str


class OfferOut(Schema):
    """The work counts in round r where r mod `turns` = `turn`; `lost` tells of dearer choices."""

    id: UUID
    post: UUID
    minutes: int
    turns: int
    turn: int
    shares: bool
    choice: int | None
    fitness: str
    lost: list[LostOut]
    distance: str
    answer: str


class OfferIn(Schema):
    offer: UUID


class AssignmentOut(Schema):
    id: UUID
    post: UUID
    enterprise: str
    minutes: int
    turns: int
    turn: int
    since: datetime
    until: datetime | None


class AssignmentIn(Schema):
    assignment: UUID


class ArrangeIn(Schema):
    post: UUID
    kind: str
    holders: int
    places: int


@router.get(
    "/openings",
    response=OpeningsOut,
    auth=None,
    operation_id="list_openings",
    summary="Work that is open",
)
def list_openings(
    request: HttpRequest,
    search: str = "",
    skill: str = "",
    region: str = "",
    kind: str = "",
    page: int = 1,
) -> OpeningsOut:
    """25 a page. `search` in enterprises' names; `kind` is full, part, shared or rotating."""
    asked = [text.replace("\0", "") for text in (search, skill, region)]
    kind = kind if kind in ("full", "part", Post.Kind.SHARED, Post.Kind.ROTATING) else ""
    found = queries.open_work(asked[0], skill=asked[1], region=asked[2], kind=kind, page=page)
    return OpeningsOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        openings=[_opening(entry) for entry in found.object_list],
    )


@router.get(
    "/application",
    response=ApplicationOut | None,
    operation_id="show_my_application",
    summary="What work I have asked for",
)
def show_my_application(request: HttpRequest) -> ApplicationOut | None:
    return _application(cast(Person, request.user))


@router.put(
    "/application",
    response=ApplicationOut | None,
    operation_id="apply_for_work",
    summary="Ask for work",
)
def apply_for_work(
    request: HttpRequest, given: ApplicationIn, key: Key = None
) -> ApplicationOut | None:
    """Up to five openings, the dearest first, and at most so many minutes; replaces my wishes.

    Within a day a matching offers something.
    """
    by = cast(Person, request.user)
    actions.apply(
        by,
        choices=given.choices,
        minutes=given.minutes,
        learns=given.learns,
        anything=given.anything,
        moves=given.moves,
        key=key,
    )
    return _application(by)


@router.delete(
    "/application",
    response={204: None},
    operation_id="withdraw_application",
    summary="Ask for no other work any more",
)
def withdraw_application(request: HttpRequest, key: Key = None) -> Status[None]:
    actions.withdraw_application(cast(Person, request.user), key=key)
    return Status(204, None)


@router.get(
    "/offers", response=list[OfferOut], operation_id="list_my_offers", summary="Work I was offered"
)
def list_my_offers(request: HttpRequest, page: int = 1) -> list[OfferOut]:
    """The latest first, 25 a page, each with its reasons."""
    return [
        OfferOut(
            id=entry.offer.id,
            post=entry.offer.post_id,
            minutes=entry.offer.minutes,
            turns=entry.offer.turns,
            turn=entry.offer.turn,
            shares=entry.offer.shares,
            choice=entry.offer.choice,
            fitness=entry.offer.fitness,
            distance=entry.offer.distance,
            lost=[LostOut(post=lost.post.id, why=lost.why) for lost in entry.lost],
            answer=entry.offer.answer,
        )
        for entry in queries.offers_of(cast(Person, request.user), page).object_list
    ]


@router.post(
    "/offers/accept",
    response=AssignmentOut,
    operation_id="accept_offer",
    summary="Take the work I was offered",
)
def accept_offer(request: HttpRequest, given: OfferIn, key: Key = None) -> AssignmentOut:
    """It begins at once; work in another enterprise, and what is beyond 40 hours, ends."""
    by = cast(Person, request.user)
    return _assignment(actions.accept_offer(by, offer=given.offer, key=key))


@router.post(
    "/offers/decline",
    response={204: None},
    operation_id="decline_offer",
    summary="Wait for other work",
)
def decline_offer(request: HttpRequest, given: OfferIn, key: Key = None) -> Status[None]:
    actions.decline_offer(cast(Person, request.user), offer=given.offer, key=key)
    return Status(204, None)


@router.get(
    "/assignments",
    response=list[AssignmentOut],
    operation_id="list_my_assignments",
    summary="The work I have",
)
def list_my_assignments(request: HttpRequest) -> list[AssignmentOut]:
    return [_assignment(held) for held in queries.assignments_of(cast(Person, request.user))]


@router.post(
    "/assignments/end",
    response={204: None},
    operation_id="give_notice",
    summary="End my work in seven days",
)
def give_notice(request: HttpRequest, given: AssignmentIn, key: Key = None) -> Status[None]:
    actions.give_notice(cast(Person, request.user), assignment=given.assignment, key=key)
    return Status(204, None)


@router.get(
    "/posts",
    response=list[OpeningOut],
    operation_id="list_posts_of_my_enterprise",
    summary="The posts of my enterprise",
)
def list_posts_of_my_enterprise(request: HttpRequest) -> list[OpeningOut]:
    enterprise = enterprises.current_enterprise_of(cast(Person, request.user))
    return [] if enterprise is None else [_opening(one) for one in queries.posts_of(enterprise)]


@router.post(
    "/posts/arrange",
    response={204: None},
    operation_id="arrange_post",
    summary="Share places of my enterprise, or take them in turn",
)
def arrange_post(request: HttpRequest, given: ArrangeIn, key: Key = None) -> Status[None]:
    """`kind` is shared or rotating, `holders` the persons to one place of 40 hours."""
    actions.arrange_post(
        cast(Person, request.user),
        post=given.post,
        kind=given.kind,
        holders=given.holders,
        places=given.places,
        key=key,
    )
    return Status(204, None)


def _opening(entry: queries.OpenWork) -> OpeningOut:
    return OpeningOut(
        id=entry.post.id,
        enterprise=entry.post.enterprise_id,
        region=entry.post.enterprise.region_id,
        skill=entry.post.skill_id,
        kind=entry.post.kind,
        persons_to_a_place=entry.post.holders,
        needed=entry.post.needed,
        holders=entry.holders,
        places=entry.places,
        minutes=entry.minutes,
        rest=entry.rest,
    )


def _application(person: Person) -> ApplicationOut | None:
    found = queries.application_of(person)
    if found is None:
        return None
    return ApplicationOut(
        choices=[choice.post_id for choice in queries.choices_of(person)],
        minutes=found.minutes,
        learns=found.learns,
        anything=found.anything,
        moves=found.moves,
        since=found.since,
    )


def _assignment(held: Assignment) -> AssignmentOut:
    return AssignmentOut(
        id=held.id,
        post=held.post_id,
        enterprise=held.post.enterprise_id,
        minutes=held.minutes,
        turns=held.turns,
        turn=held.turn,
        since=held.since,
        until=held.until,
    )
