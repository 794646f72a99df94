"""The way towards need, for programs."""

from typing import Literal, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from xietong.platform.decisions.api import MotionBrief
from xietong.platform.people.models import Person
from xietong.platform.people.once import Key
from xietong.platform.products.models import Change, Product, Trial

from . import actions, queries
from .models import Proposal

router = Router(tags=["distribution"])


class ProposalOut(Schema):
    product: str
    round_number: int
    move: str
    reason: str
    mode: str
    to_mode: str
    to_quota: int | None
    cover: float | None
    use: float | None
    free_use: float | None
    free_low: float | None
    free_high: float | None
    hours: float | None
    budget: float


class ProposalsOut(Schema):
    count: int
    pages: int
    items: list[ProposalOut]


class ByNeedOut(Schema):
    round_number: int
    free: float
    quota: float
    credits: float
    share: float | None


class InRoundOut(Schema):
    round_number: int
    mode: str
    persons: int
    takers: int | None
    asked: int | None
    promised: int | None
    taken: int | None
    missed: int | None
    use: float | None
    cover: float | None
    missing: float | None
    stock: float
    stock_cover: float | None
    hours: float | None
    rest: float | None
    region: float | None


class GainOut(Schema):
    kind: str
    persons: int
    use: float
    hours: float


class ChangeOut(Schema):
    first_round: int
    mode_before: str
    quota_before: int | None
    mode: str
    quota: int | None
    by_rule: bool
    reason_en: str
    reason_zh: str


class TrialOut(Schema):
    product: str
    region: str
    mode: str
    quota: int | None
    first_round: int
    last_round: int
    ended_round: int | None
    failed: bool


class DossierOut(Schema):
    product: str
    mode: str
    quota: int | None
    proposal: ProposalOut | None
    rounds: list[InRoundOut]
    gains: list[GainOut]
    changes: list[ChangeOut]
    trials: list[TrialOut]


@router.get(
    "/",
    response=ProposalsOut,
    auth=None,
    operation_id="list_proposals",
    summary="What the rules propose of each product",
)
def list_proposals(
    request: HttpRequest,
    mode: Literal["", "credits", "quota", "free"] = "",
    move: Literal["", "roll_back", "hold", "try", "promote"] = "",
    order: queries.Order = "proposal",
    page: int = 1,
) -> ProposalsOut:
    """A page of the newest review. Use is units a head, cost hours a round."""
    found = queries.proposals(mode, move, order, page)
    return ProposalsOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[_proposal(each) for each in found],
    )


@router.get(
    "/share",
    response=list[ByNeedOut],
    auth=None,
    operation_id="list_shares_by_need",
    summary="How much is distributed by need",
)
def list_shares_by_need(request: HttpRequest) -> list[queries.ByNeed]:
    """What people took in the last closed rounds, in hours of labour, by rule."""
    return queries.share_by_need()


@router.get(
    "/products/{code}",
    response=DossierOut,
    auth=None,
    operation_id="get_dossier",
    summary="The dossier of a product",
)
def get_dossier(request: HttpRequest, code: str) -> DossierOut:
    """Sums of each closed round, the rules' proposal, who gains, and every move with its reason."""
    found = queries.dossier_of(_product(code).code)
    return DossierOut(
        product=found.product.code,
        mode=found.product.mode,
        quota=found.product.quota,
        proposal=_proposal(found.proposal) if found.proposal else None,
        rounds=[InRoundOut.from_orm(each) for each in found.rounds],
        gains=[GainOut.from_orm(each) for each in found.gains],
        changes=[_change(each) for each in found.changes],
        trials=[_trial(each) for each in found.trials],
    )


@router.post(
    "/products/{code}/trial",
    response={201: TrialOut},
    operation_id="start_trial",
    summary="Try a step in one region",
)
def start_trial(request: HttpRequest, code: str, key: Key = None) -> Status[TrialOut]:
    """For holders of the planning duty, where the rules propose it."""
    trial = actions.start_trial(_person(request), product=_product(code), key=key)
    return Status(201, _trial(trial))


@router.post(
    "/products/{code}/vote",
    response={201: MotionBrief},
    operation_id="put_step_to_vote",
    summary="Put a step to the vote of all",
)
def put_step_to_vote(request: HttpRequest, code: str, key: Key = None) -> Status[MotionBrief]:
    """For holders of the planning duty, where a trial held and the rules propose it."""
    motion = actions.put_to_vote(_person(request), product=_product(code), key=key)
    return Status(201, MotionBrief.from_orm(motion))


def _proposal(found: Proposal) -> ProposalOut:
    fields = {name: getattr(found, name) for name in ProposalOut.model_fields}
    return ProposalOut(**fields | {"product": found.product_id})


def _change(found: Change) -> ChangeOut:
    return ChangeOut.from_orm(found)


def _trial(found: Trial) -> TrialOut:
    fields = {name: getattr(found, name) for name in TrialOut.model_fields}
    return TrialOut(**fields | {"product": found.product_id, "region": found.region_id})


def _product(code: str) -> Product:
    # No text in PostgreSQL holds a NUL.
    return get_object_or_404(Product, pk=code.replace("\0", ""))


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)
