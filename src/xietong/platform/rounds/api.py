"""Rounds for programs. Reading them needs no sign-in."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xietong.platform.people.models import Person
from xietong.platform.people.once import Key

from . import actions
from .dial.api import router as dial
from .models import LONGEST_HORIZON, Round, Scenario, ScenarioNeed
from .queries import needs, scenarios, standings, tasks
from .queries.needs import NeedFigures
from .queries.scenarios import FileName, ScenarioFigures
from .queries.standings import Standing

router = Router(tags=["rounds"])
router.add_router("/dial", dial)

# No text in PostgreSQL holds a NUL.
Text = Annotated[str, Field(max_length=160, pattern=r"^[^\x00]*$")]
Horizon = Annotated[int, Field(ge=1, le=LONGEST_HORIZON)]
TierCode = Literal["", "basic", "public", "personal", "reserve"]


class RoundOut(Schema):
    number: int
    state: str
    days: int
    horizon: int
    opened_at: datetime
    changed_at: datetime
    trouble: str
    motion: UUID | None
    vote_open: bool
    chosen: str | None


class RoundsOut(Schema):
    count: int
    pages: int
    items: list[RoundOut]


class TierOut(Schema):
    tier: str
    needs: int
    whole: int
    share: float


class OutlookOut(Schema):
    """A later round: hours planned of each worker, and the share met of each tier."""

    round: int
    hours: float
    shares: dict[str, float]


class ScenarioOut(Schema):
    key: str
    name_en: str
    name_zh: str
    about_en: str
    about_zh: str
    chosen: bool
    workers: int
    hours_offered: Decimal
    hours_planned: Decimal
    shortage: float
    objective: float
    bound: float
    gap: float
    economy_sha256: str
    plan_sha256: str
    tiers: list[TierOut]
    outlook: list[OutlookOut]


class RoundWithScenariosOut(RoundOut):
    scenarios: list[ScenarioOut]


class NeedOut(Schema):
    need: str
    tier: str
    product: str
    name_en: str
    name_zh: str
    unit_en: str
    unit_zh: str
    target: float
    delivered: float
    share: float
    hours: float
    why_en: str
    why_zh: str


class NeedsOut(Schema):
    count: int
    pages: int
    items: list[NeedOut]


class OutputOut(Schema):
    product: str
    quantity: float


class EnterpriseTasksOut(Schema):
    enterprise: str
    name_en: str
    name_zh: str
    hours: float
    techniques: int
    outputs: list[OutputOut]


class TasksOut(Schema):
    count: int
    pages: int
    items: list[EnterpriseTasksOut]


@router.get("/", response=RoundsOut, auth=None, operation_id="list_rounds", summary="Rounds")
def list_rounds(request: HttpRequest, page: int = 1) -> RoundsOut:
    """A page of rounds, the newest first."""
    found = standings.rounds(page)
    return RoundsOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[_round_out(each) for each in found],
    )


@router.get(
    "/{int:number}",
    response=RoundWithScenariosOut,
    auth=None,
    operation_id="get_round",
    summary="One round with its scenarios",
)
def get_round(request: HttpRequest, number: int) -> RoundWithScenariosOut:
    """Where a round stands, and its scenarios with their certificates side by side."""
    try:
        standing = standings.standing_of(number)
    except Round.DoesNotExist as missing:
        raise Http404 from missing
    return RoundWithScenariosOut(
        **_round_out(standing).dict(),
        scenarios=[_scenario_out(each) for each in scenarios.scenarios_of(number)],
    )


@router.get(
    "/{int:number}/scenarios/{slug:key}/needs",
    response=NeedsOut,
    auth=None,
    operation_id="list_scenario_needs",
    summary="What a scenario provides",
)
def list_scenario_needs(
    request: HttpRequest,
    number: int,
    key: str,
    search: Text = "",
    tier: TierCode = "",
    cut: bool = False,
    page: int = 1,
) -> NeedsOut:
    """A page of needs, those short by most hours of labour first; why each is cut."""
    found = needs.needs_of(_scenario(number, key), search=search, tier=tier, cut=cut, page=page)
    return NeedsOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[_need_out(each) for each in found],
    )


@router.get(
    "/{int:number}/scenarios/{slug:key}/needs/{str:need}",
    response=NeedOut,
    auth=None,
    operation_id="get_scenario_need",
    summary="One need, and why it is cut",
)
def get_scenario_need(request: HttpRequest, number: int, key: str, need: Text) -> NeedOut:
    """One need with the labour in a unit (`hours`) and, if it is cut, why."""
    try:
        return _need_out(needs.need_of(_scenario(number, key), need))
    except ScenarioNeed.DoesNotExist as missing:
        raise Http404 from missing


@router.get(
    "/{int:number}/scenarios/{slug:key}/tasks",
    response=TasksOut,
    auth=None,
    operation_id="list_scenario_tasks",
    summary="What a scenario asks of the enterprises",
)
def list_scenario_tasks(request: HttpRequest, number: int, key: str, page: int = 1) -> TasksOut:
    """A page of enterprises, those with most hours first, and what each is to make."""
    found = tasks.tasks_of(_scenario(number, key), page)
    return TasksOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[
            EnterpriseTasksOut(
                enterprise=each.code,
                name_en=each.name_en,
                name_zh=each.name_zh,
                hours=each.hours,
                techniques=each.techniques,
                outputs=[
                    OutputOut(product=product.code, quantity=quantity)
                    for product, quantity in each.outputs
                ],
            )
            for each in found
        ],
    )


@router.get(
    "/{int:number}/scenarios/{slug:key}/economy.zip",
    auth=None,
    operation_id="get_economy_file",
    summary="What a scenario was computed from",
)
def get_economy_file(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """The economy's folder as a zip; `xietong plan` makes the plan from it."""
    return _file(number, key, "economy")


@router.get(
    "/{int:number}/scenarios/{slug:key}/plan.zip",
    auth=None,
    operation_id="get_plan_file",
    summary="A scenario's plan",
)
def get_plan_file(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """The plan's folder as a zip; `xietong verify` checks it against the economy."""
    return _file(number, key, "plan")


@router.post(
    "/{int:number}/begin-drafting",
    response=RoundOut,
    operation_id="begin_drafting",
    summary="Take the orders and draft plans",
)
def begin_drafting(
    request: HttpRequest, number: int, horizon: Horizon | None = None, key: Key = None
) -> RoundOut:
    """Takes the orders of a gathering round; only for who holds the planning duty.

    `horizon` rounds are planned at once, as many as the last time if it is not given.
    """
    actions.begin_drafting(cast(Person, request.user), number=number, horizon=horizon, key=key)
    return _round_out(standings.standing_of(number))


@router.post(
    "/{int:number}/draft-again",
    response=RoundOut,
    operation_id="draft_again",
    summary="Draft plans once more",
)
def draft_again(request: HttpRequest, number: int, key: Key = None) -> RoundOut:
    """Tries again where no plan could be drafted; only for who holds the planning duty."""
    actions.draft_again(cast(Person, request.user), number=number, key=key)
    return _round_out(standings.standing_of(number))


@router.post(
    "/{int:number}/end-vote",
    response=RoundOut,
    operation_id="end_round_vote",
    summary="End the vote on a round's scenarios",
)
def end_vote(request: HttpRequest, number: int, key: Key = None) -> RoundOut:
    """Counts the ballots and adopts what was chosen; only for who holds the planning duty."""
    actions.end_vote(cast(Person, request.user), number=number, key=key)
    return _round_out(standings.standing_of(number))


@router.post(
    "/{int:number}/close", response=RoundOut, operation_id="close_round", summary="Close a round"
)
def close(request: HttpRequest, number: int, key: Key = None) -> RoundOut:
    """Ends a running round; only for who holds the planning duty."""
    actions.close(cast(Person, request.user), number=number, key=key)
    return _round_out(standings.standing_of(number))


def _round_out(standing: Standing) -> RoundOut:
    return RoundOut(
        number=standing.number,
        state=standing.state.value,
        days=standing.days,
        horizon=standing.horizon,
        opened_at=standing.opened_at,
        changed_at=standing.changed_at,
        trouble=standing.trouble,
        motion=standing.motion,
        vote_open=standing.vote_open,
        chosen=standing.chosen.key if standing.chosen else None,
    )


def _scenario(number: int, key: str) -> Scenario:
    try:
        return scenarios.scenario_of(number, key)
    except Scenario.DoesNotExist as missing:
        raise Http404 from missing


def _scenario_out(each: ScenarioFigures) -> ScenarioOut:
    scenario = each.scenario
    return ScenarioOut(
        key=scenario.key,
        name_en=scenario.name_en,
        name_zh=scenario.name_zh,
        about_en=scenario.about_en,
        about_zh=scenario.about_zh,
        chosen=each.chosen,
        workers=scenario.workers,
        hours_offered=scenario.hours_offered,
        hours_planned=scenario.hours_planned,
        shortage=scenario.shortage,
        objective=scenario.objective,
        bound=scenario.bound,
        gap=scenario.gap,
        economy_sha256=scenario.economy_sha256,
        plan_sha256=scenario.plan_sha256,
        tiers=[
            TierOut(tier=tier.tier.value, needs=tier.needs, whole=tier.whole, share=tier.share)
            for tier in each.tiers
        ],
        outlook=[
            OutlookOut(
                round=later.number,
                hours=later.planned,
                shares={tier.value: share for tier, share in later.shares},
            )
            for later in each.outlook
        ],
    )


def _need_out(each: NeedFigures) -> NeedOut:
    product = each.row.product
    return NeedOut(
        need=each.row.need,
        tier=each.row.tier,
        product=product.code,
        name_en=product.name_en,
        name_zh=product.name_zh,
        unit_en=product.unit_en,
        unit_zh=product.unit_zh,
        target=each.row.target,
        delivered=each.row.delivered,
        share=each.share,
        hours=each.row.hours,
        why_en=each.row.why_en,
        why_zh=each.row.why_zh,
    )


def _file(number: int, key: str, name: FileName) -> HttpResponse:
    try:
        packed = scenarios.file_of(number, key, name)
    except Scenario.DoesNotExist as missing:
        raise Http404 from missing
    return HttpResponse(packed, content_type="application/zip")
