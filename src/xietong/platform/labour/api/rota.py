"""The duty rota for programs."""

import json
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from xietong.platform.people.models import Person
from xietong.platform.people.once import Key

from .. import actions
from ..models import WEEKS_A_ROUND, Exemption, Part, Place, Rota, Turn
from ..queries import rota as queries
from ..rules.rota import MOST_ROUNDS_EXEMPT, Refusal

router = Router(tags=["labour"])

MOST = 2**31 - 1
Code = Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]


class TurnOut(Schema):
    code: str
    service: str
    region: str | None
    enterprise: str | None
    starts: int
    ends: int
    people: int
    part: Part
    skill: str | None
    serving: list[str]


class PlaceOut(Schema):
    id: UUID
    round_number: int
    turn: str
    service: str
    starts: int
    ends: int
    origin: str
    offered: bool
    served: bool


class OfferOut(Schema):
    place: UUID
    offered_by: str
    round_number: int
    turn: str
    starts: int
    ends: int


class ProposalOut(Schema):
    id: UUID
    proposed_by: str
    given: str
    wanted: str


class SpreadOut(Schema):
    round_number: int
    people: int
    lowest: int
    median: int
    highest: int
    mean: int
    gini: float


class RotaIn(Schema):
    round_number: int = Field(ge=1, le=MOST)
    weeks: int = Field(WEEKS_A_ROUND, ge=1, le=WEEKS_A_ROUND)
    skills: dict[Code, Code | None] = {}
    parts: dict[Code, list[Part]] = {}


class RotaOut(Schema):
    round_number: int
    announced_at: datetime
    seed_entry: int | None
    drawn_at: datetime | None
    draw_asked_at: datetime | None
    trouble: str


class PlaceIn(Schema):
    place: UUID


class VolunteerIn(Schema):
    turn: str = Field(max_length=200, pattern=r"^[^\x00]*$")


class ExchangeIn(Schema):
    given: UUID
    wanted: UUID


class ExemptionIn(Schema):
    kind: Exemption.Kind
    reason: str = Field(max_length=2000, pattern=r"^[^\x00]*$")
    first_round: int = Field(ge=1, le=MOST - MOST_ROUNDS_EXEMPT)
    last_round: int = Field(ge=1, le=MOST)
    appeals: UUID | None = None


class DecisionIn(Schema):
    granted: bool


class ExemptionOut(Schema):
    id: UUID
    kind: str
    first_round: int
    last_round: int
    granted: bool | None


@router.get(
    "/spread",
    response=list[SpreadOut],
    auth=None,
    operation_id="list_rota_spread",
    summary="How evenly public service is spread",
)
def list_rota_spread(request: HttpRequest) -> list[queries.Spread]:
    """Minutes served by everyone who could, up to each round; rounds with ten persons or more."""
    return queries.spread_over_time()


@router.get(
    "/mine", response=list[PlaceOut], operation_id="list_my_turns", summary="My turns on the rota"
)
def list_my_turns(request: HttpRequest) -> list[PlaceOut]:
    """Turns of rounds that are not closed, in order of time; minutes within the round."""
    return [_place(turn.place) for turn in queries.my_turns(cast(Person, request.user))]


@router.get(
    "/offers",
    response=list[OfferOut],
    operation_id="list_offered_turns",
    summary="Turns that I could take over",
)
def list_offered_turns(request: HttpRequest, page: int = 1) -> list[OfferOut]:
    """A page of the turns that others offer and that are open to me."""
    return [
        OfferOut(
            place=place.id,
            offered_by=place.person.name,
            round_number=place.turn.rota_id,
            turn=place.turn_id,
            starts=place.turn.starts,
            ends=place.turn.ends,
        )
        for place, _ in queries.offered_to(cast(Person, request.user), page)
    ]


@router.get(
    "/exchanges",
    response=list[ProposalOut],
    operation_id="list_exchanges_proposed_to_me",
    summary="Exchanges that wait for my answer",
)
def list_exchanges_proposed_to_me(request: HttpRequest) -> list[ProposalOut]:
    """`given` is the turn I would get, `wanted` the turn I would give."""
    return [
        ProposalOut(id=each.id, proposed_by=each.by, given=each.given.code, wanted=each.wanted.code)
        for each in queries.proposals_to(cast(Person, request.user))
    ]


@router.get(
    "/exemptions",
    response=list[ExemptionOut],
    operation_id="list_my_exemptions",
    summary="Exemptions I asked for",
)
def list_my_exemptions(request: HttpRequest, page: int = 1) -> list[Exemption]:
    """The newest first; `granted` is null while it waits."""
    return list(queries.exemptions_of(cast(Person, request.user), page))


@router.get(
    "/{int:round_number}",
    response=list[TurnOut],
    operation_id="list_turns",
    summary="The rota of a round",
)
def list_turns(request: HttpRequest, round_number: int, page: int = 1) -> list[TurnOut]:
    """A page of its turns in order of time; minutes within the round. 404 without a rota."""
    rota = get_object_or_404(Rota, pk=round_number)
    return [
        TurnOut(
            code=each.turn.code,
            service=each.turn.service_id,
            region=each.turn.region_id,
            enterprise=each.turn.enterprise_id,
            starts=each.turn.starts,
            ends=each.turn.ends,
            people=each.turn.people,
            part=each.turn.part,
            skill=each.turn.skill_id,
            serving=[place.person.name for place in each.places],
        )
        for each in queries.turns_of(rota, page)
    ]


@router.get(
    "/{int:round_number}/draw",
    response=dict[str, Any],
    auth=None,
    operation_id="get_draw",
    summary="How a rota was drawn",
)
def get_draw(request: HttpRequest, round_number: int) -> dict[str, Any]:
    """Everything with which anyone can draw it again, or the list alone while it is not drawn."""
    rota = get_object_or_404(Rota, pk=round_number)
    found: dict[str, Any] = json.loads(rota.drawn or rota.roll)
    return found


@router.post("", response=RotaOut, operation_id="announce_rota", summary="Announce a rota")
def announce_rota(request: HttpRequest, given: RotaIn, key: Key = None) -> RotaOut:
    """With everyone who can serve in the round. For who holds the planning duty.

    `skills`: by code of a service, the skill that one on each turn has to have this time, or null;
    `parts`: by code of a service, in which parts of the day it is served. Services not named are
    served as they are defined.
    """
    by = cast(Person, request.user)
    return _rota(actions.announce_rota(by, **given.model_dump(), key=key))


@router.post(
    "/{int:round_number}/draw",
    response={202: RotaOut},
    operation_id="draw_rota",
    summary="Have a rota drawn",
)
def draw_rota(request: HttpRequest, round_number: int, key: Key = None) -> Status[RotaOut]:
    """Anyone may, when the seed is on record. It is drawn beside the server, within a minute.

    `drawn_at` of `get_rota` says when it is done, `trouble` why not. A drawn one stays as it is.
    """
    rota = actions.ask_draw(cast(Person, request.user), round_number=round_number, key=key)
    return Status(202, _rota(rota))


@router.get(
    "/{int:round_number}/state",
    response=RotaOut,
    auth=None,
    operation_id="get_rota",
    summary="Whether a rota is announced, being drawn or drawn",
)
def get_rota(request: HttpRequest, round_number: int) -> RotaOut:
    """`trouble` says why a draw that was asked for came to nothing."""
    return _rota(get_object_or_404(Rota, pk=round_number))


@router.post(
    "/offers", response={204: None}, operation_id="offer_turn", summary="Offer a turn of mine"
)
def offer_turn(request: HttpRequest, given: PlaceIn, key: Key = None) -> Status[None]:
    """It stays mine until somebody takes it."""
    actions.offer_turn(cast(Person, request.user), place=given.place, key=key)
    return Status(204, None)


@router.post(
    "/offers/withdraw",
    response={204: None},
    operation_id="withdraw_offered_turn",
    summary="Keep a turn that I offered",
)
def withdraw_offered_turn(request: HttpRequest, given: PlaceIn, key: Key = None) -> Status[None]:
    """As long as nobody has taken it."""
    actions.withdraw_offer(cast(Person, request.user), place=given.place, key=key)
    return Status(204, None)


@router.post(
    "/offers/take", response=PlaceOut, operation_id="take_turn", summary="Take over a turn"
)
def take_turn(request: HttpRequest, given: PlaceIn, key: Key = None) -> PlaceOut:
    """Returns my place on it."""
    return _place(actions.take_turn(cast(Person, request.user), place=given.place, key=key))


@router.post("/volunteer", response=PlaceOut, operation_id="volunteer", summary="Come forward")
def volunteer(request: HttpRequest, given: VolunteerIn, key: Key = None) -> PlaceOut:
    """For an open place of a turn; returns it."""
    return _place(actions.volunteer(cast(Person, request.user), turn=given.turn, key=key))


@router.post(
    "/exchanges",
    response={204: None},
    operation_id="propose_exchange",
    summary="Propose to exchange turns",
)
def propose_exchange(request: HttpRequest, given: ExchangeIn, key: Key = None) -> Status[None]:
    """My place for another's; nothing moves until they agree."""
    by = cast(Person, request.user)
    actions.propose_exchange(by, given=given.given, wanted=given.wanted, key=key)
    return Status(204, None)


@router.post(
    "/exchanges/answer",
    response={204: None},
    operation_id="answer_exchange",
    summary="Agree to an exchange, or decline it",
)
def answer_exchange(
    request: HttpRequest, exchange: UUID, agreed: bool, key: Key = None
) -> Status[None]:
    """Once agreed, both turns change hands."""
    answer = actions.agree_exchange if agreed else actions.decline_exchange
    answer(cast(Person, request.user), exchange=exchange, key=key)
    return Status(204, None)


@router.post(
    "/confirm",
    response={204: None},
    operation_id="confirm_turn",
    summary="Confirm that another served",
)
def confirm_turn(request: HttpRequest, given: PlaceIn, key: Key = None) -> Status[None]:
    """On a turn on which I served too."""
    actions.confirm_turn(cast(Person, request.user), place=given.place, key=key)
    return Status(204, None)


@router.post(
    "/exemptions",
    response=ExemptionOut,
    operation_id="ask_exemption",
    summary="Ask to be excused",
)
def ask_exemption(request: HttpRequest, given: ExemptionIn, key: Key = None) -> Exemption:
    """From the first to the last of at most twelve rounds; another decides."""
    return actions.ask_exemption(
        cast(Person, request.user),
        kind=given.kind,
        reason=given.reason,
        first_round=given.first_round,
        last_round=given.last_round,
        appeals=given.appeals,
        key=key,
    )


@router.post(
    "/exemptions/decide",
    response={204: None},
    operation_id="decide_exemption",
    summary="Grant an exemption, or refuse it",
)
def decide_exemption(
    request: HttpRequest, exemption: UUID, given: DecisionIn, key: Key = None
) -> Status[None]:
    """For another who holds the duty of enrolment."""
    by = cast(Person, request.user)
    actions.decide_exemption(by, exemption=exemption, granted=given.granted, key=key)
    return Status(204, None)


def _rota(rota: Rota) -> RotaOut:
    return RotaOut(
        round_number=rota.round_number,
        announced_at=rota.announced_at,
        seed_entry=rota.seed_entry_id,
        drawn_at=rota.drawn_at,
        draw_asked_at=rota.draw_asked_at,
        trouble=Refusal(rota.trouble).label if rota.trouble else "",
    )


def _place(place: Place) -> PlaceOut:
    turn: Turn = place.turn
    return PlaceOut(
        id=place.id,
        round_number=turn.rota_id,
        turn=turn.code,
        service=turn.service_id,
        starts=turn.starts,
        ends=turn.ends,
        origin=place.origin,
        offered=place.offered_at is not None,
        served=place.confirmed_at is not None,
    )
