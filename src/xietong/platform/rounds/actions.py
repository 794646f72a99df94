"""What moves a round on. Each step is one transaction; the database guards their order."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from xietong.planning import PlanningError
from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.credits import actions as credits
from xietong.platform.credits import queries as credit_queries
from xietong.platform.decisions import actions as decisions
from xietong.platform.decisions.actions import OptionDraft
from xietong.platform.decisions.models import Motion
from xietong.platform.distribution import actions as distribution
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.actions import TaskDraft
from xietong.platform.labour import actions as labour
from xietong.platform.needs import actions as needs
from xietong.platform.needs import queries as need_queries
from xietong.platform.people import actions as people_actions
from xietong.platform.people import queries as people
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.record import actions as record
from xietong.platform.record import queries as record_queries

from . import payouts, scenarios, tasks
from .economy import COMMON, HOUSEHOLD, basis_of
from .models import Adoption, Round, Scenario, ScenarioNeed, ScenarioProduct, StockNorm
from .rules import Refusal, horizon_allowed, may_move_on

# So many rounds after it, a round's orders and collections are forgotten but for their sums.
REMEMBERED = Decimal(12)


@transaction.atomic
def open_first_round(*, days: int) -> Round:
    """The first round of a country, which gathers orders. Rejected ANOTHER_IN_THE_WAY later on."""
    if Round.objects.exists():
        raise Rejected(Refusal.ANOTHER_IN_THE_WAY)
    distribution.publish_parameters()
    return _open(1, days, horizon=1)


@transaction.atomic
def set_stock_norms(norms: Mapping[tuple[str, str], Decimal]) -> None:
    """By (region, product): the stock each round should leave behind."""
    StockNorm.objects.all().delete()
    StockNorm.objects.bulk_create(
        StockNorm(region_id=region, product_id=product, least=least)
        for (region, product), least in norms.items()
        if least > 0
    )


@once
@transaction.atomic
def begin_drafting(
    by: Person, *, number: int, horizon: int | None = None, key: UUID | None = None
) -> Round:
    """Orders of this round are taken; the next one starts to gather.

    `horizon` rounds are planned at once, of which this one is carried out; as many as the last
    time if it is not given. Rejected NOT_YOUR_DUTY, WRONG_PHASE, NOTHING_ORDERED, HORIZON, or
    ANOTHER_IN_THE_WAY while the round before is still being drafted or decided.
    """
    moved = _locked(by, number, Round.State.GATHERING)
    if Round.objects.filter(state__in=[Round.State.DRAFTING, Round.State.DECIDING]).exists():
        raise Rejected(Refusal.ANOTHER_IN_THE_WAY)
    needs.repeat_orders(number)
    needs.close_book(number)
    if not need_queries.household_demand(number):
        raise Rejected(Refusal.NOTHING_ORDERED)
    if horizon is not None:
        if not horizon_allowed(horizon):
            raise Rejected(Refusal.HORIZON)
        moved.horizon = horizon
    moved.state = Round.State.DRAFTING
    moved.save(update_fields=["state", "horizon", "changed_at"])
    _open(number + 1, moved.days, moved.horizon)
    tasks.draft.configure(queueing_lock=f"rounds.draft.{number}").defer(number=number)
    return moved


@once
@transaction.atomic
def draft_again(by: Person, *, number: int, key: UUID | None = None) -> Round:
    """Try once more to plan a round whose draft failed, once what stood in the way has changed.

    Rejected NOT_YOUR_DUTY, WRONG_PHASE.
    """
    failed = _locked(by, number, Round.State.DRAFTING)
    if not failed.trouble:
        raise Rejected(Refusal.WRONG_PHASE, str(number))
    failed.trouble = ""
    failed.save(update_fields=["trouble", "changed_at"])
    tasks.draft.configure(queueing_lock=f"rounds.draft.{number}").defer(number=number)
    return failed


def draft(number: int) -> Motion | None:
    """Plan every scenario of a round in `drafting` and put them to the vote.

    Returns None, with the reason kept in the round's ``trouble``, if no plan is possible.
    """
    try:
        return _draft(number)
    except PlanningError as why:
        Round.objects.filter(number=number, state=Round.State.DRAFTING).update(trouble=str(why))
        return None


@transaction.atomic
def _draft(number: int) -> Motion:
    drafted = _in_phase(number, Round.State.DRAFTING)
    basis = basis_of(drafted)
    made = [scenarios.draft(basis, choice) for choice in scenarios.choices()]
    motion = decisions.open_motion(
        effect="adopt_scenario",
        subject={"round": number},
        title_en=f"Which plan for round {number}?",
        title_zh=f"第{number}轮采用哪个计划？",
        text_en="Approve every plan you could live with. The one with most approvals is the plan.",
        text_zh="凡是可以接受的方案都可以勾选，赞成者最多的方案就是计划。",
        options=[
            OptionDraft(
                key=scenario.key,
                title_en=scenario.name_en,
                title_zh=scenario.name_zh,
                text_en=scenario.about_en,
                text_zh=scenario.about_zh,
            )
            for scenario in made
        ],
    )
    drafted.state = Round.State.DECIDING
    drafted.motion = motion
    drafted.trouble = ""
    drafted.save(update_fields=["state", "motion", "trouble", "changed_at"])
    return motion


@again_after_conflict
@once
@transaction.atomic
def end_vote(by: Person, *, number: int, key: UUID | None = None) -> Motion:
    """Count the ballots of a round in `deciding`. What was chosen is adopted in the same step."""
    decided = _locked(by, number, Round.State.DECIDING)
    if decided.motion is None:
        raise Rejected(Refusal.WRONG_PHASE)
    return decisions.decide(decided.motion)


@transaction.atomic
def adopt(number: int, *, key: str) -> Adoption:
    """What a decided vote sets going: the scenario is the plan, and runs as soon as it can."""
    decided = _in_phase(number, Round.State.DECIDING)
    scenario = Scenario.objects.defer("economy", "plan").get(round=decided, key=key)
    adoption = Adoption.objects.create(round=decided, scenario=scenario)
    record.submit(
        "plan-adopted",
        {
            "round": number,
            "scenario": key,
            "name_en": scenario.name_en,
            "name_zh": scenario.name_zh,
            "economy_sha256": scenario.economy_sha256,
            "plan_sha256": scenario.plan_sha256,
            "shortage": repr(scenario.shortage),
            "objective": repr(scenario.objective),
            "bound": repr(scenario.bound),
            "gap": repr(scenario.gap),
        },
    )
    if not Round.objects.filter(state=Round.State.RUNNING).exists():
        _start(decided, scenario)
    return adoption


@again_after_conflict
@once
@transaction.atomic
def close(by: Person, *, number: int, key: UUID | None = None) -> Round:
    """End a running round: what is left over and what is missing passes to the next.

    The rules of distribution review it: what they propose is shown, what empties is rolled back.
    The next round starts by itself if its plan has been adopted.
    """
    closed = _locked(by, number, Round.State.RUNNING)
    enterprises.close_dispatch(number)
    needs.deliver_home(number)
    needs.settle(number)
    people_actions.forget_requests()
    needs.forget(up_to=number - int(record_queries.parameter("rounds_remembered", REMEMBERED)))
    enterprises.write_off(number)
    chosen = ScenarioProduct.objects.filter(scenario__adoption__round=number)
    distribution.review(number, values=dict(chosen.values_list("product_id", "value")))
    closed.state = Round.State.CLOSED
    closed.save(update_fields=["state", "changed_at"])
    credited = credit_queries.totals()
    record.submit(
        "round-closed",
        {
            "round": number,
            "credits_issued": credited.issued,
            "credits_cancelled": credited.cancelled,
            "credits_outstanding": credited.balances,
        },
    )
    waiting = Adoption.objects.select_related("round").filter(
        round__number=number + 1, round__state=Round.State.DECIDING
    )
    if adoption := waiting.first():
        _start(
            adoption.round,
            Scenario.objects.defer("economy", "plan").get(pk=adoption.scenario_id),
        )
    return closed


def _open(number: int, days: int, horizon: int) -> Round:
    needs.open_book(number)
    return Round.objects.create(number=number, days=days, horizon=horizon)


def _start(started: Round, scenario: Scenario) -> None:
    number = started.number
    started.state = Round.State.RUNNING
    started.save(update_fields=["state", "changed_at"])
    enterprises.open_dispatch(
        number,
        [
            TaskDraft(
                technique=task.technique_id,
                runs=Decimal(str(round(task.runs, 6))),
                hours=Decimal(str(round(task.hours, 3))),
            )
            for task in scenario.tasks.order_by("technique_id")
        ],
    )
    labour.open_posts(number, days=started.days)
    promised = _promised(scenario)
    needs.allot(number, household=promised[HOUSEHOLD], common=promised[COMMON])
    needs.start_collecting(number)
    if credit_queries.rate(number - 1):
        # Whoever was recognised while the last round ran has its allowance too.
        credits.issue_allowances(number - 1)
    people_actions.turn_needs(number)
    recognised = people.recognised(number)
    basis = payouts.basis_of(scenario, promised[HOUSEHOLD], recognised)
    credits.publish_payout(basis, allowances=recognised)
    credits.issue_allowances(number)


def _promised(scenario: Scenario) -> dict[str, dict[str, Decimal]]:
    """What the plan delivers, by kind of need (household by product, common by need)."""
    promised: dict[str, dict[str, Decimal]] = {HOUSEHOLD: {}, COMMON: {}}
    for need, delivered in ScenarioNeed.objects.filter(scenario=scenario).values_list(
        "need", "delivered"
    ):
        kind, _, code = need.partition(":")
        if kind in promised:
            promised[kind][code] = payouts.promised_units(delivered)
    return promised


def _locked(by: Person, number: int, phase: Round.State) -> Round:
    if not may_move_on(by):
        raise Rejected(Refusal.NOT_YOUR_DUTY)
    return _in_phase(number, phase)


def _in_phase(number: int, phase: Round.State) -> Round:
    found = (
        Round.objects.select_for_update(of=("self",))
        .filter(number=number, state=phase)
        .select_related("motion")
        .first()
    )
    if found is None:
        raise Rejected(Refusal.WRONG_PHASE, str(number))
    return found
