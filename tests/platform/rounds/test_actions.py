"""A round moves on step by step, and what was promised and made adds up."""

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.platform.factories import Country, cost_of_allotments, found

from xietong.planning import Economy, Plan, verify
from xietong.platform.base import Rejected
from xietong.platform.credits import queries as credits
from xietong.platform.credits.models import Rate
from xietong.platform.enterprises.models import Dispatch, Stock, Task
from xietong.platform.needs import queries as needs
from xietong.platform.needs.models import OrderBook, OrderLine
from xietong.platform.people.models import Person
from xietong.platform.record.models import Entry, Submission
from xietong.platform.rounds import actions, tasks
from xietong.platform.rounds.models import Adoption, Round, Scenario
from xietong.platform.rounds.rules import Refusal

pytestmark = pytest.mark.django_db

State = Round.State


@pytest.fixture
def country() -> Country:
    return found()


@pytest.fixture
def running(country: Country) -> Country:
    country.order()
    country.draft()
    country.choose()
    return country


def states() -> dict[int, str]:
    return dict(Round.objects.values_list("number", "state"))


def test_that_a_first_round_gathers_orders(country: Country) -> None:
    assert states() == {1: State.GATHERING}
    assert needs.open_round() == 1


def test_that_a_country_has_one_first_round(country: Country) -> None:
    with pytest.raises(Rejected) as refused:
        actions.open_first_round(days=30)
    assert refused.value.reason == Refusal.ANOTHER_IN_THE_WAY
    assert states() == {1: State.GATHERING}


def test_that_drafting_closes_the_book_opens_the_next_round_and_asks_for_the_job(
    country: Country,
) -> None:
    country.order()
    actions.begin_drafting(country.planner, number=1)
    assert states() == {1: State.DRAFTING, 2: State.GATHERING}
    assert OrderBook.objects.get(round_number=1).state == OrderBook.State.TAKEN
    assert needs.open_round() == 2
    jobs = ProcrastinateJob.objects.filter(task_name="rounds.draft")
    assert list(jobs.values_list("args", flat=True)) == [{"number": 1}]


def test_that_nobody_without_the_planning_duty_moves_a_round(country: Country) -> None:
    country.order()
    other = next(person for person in country.everyone if person != country.planner)
    steps: list[Callable[..., object]] = [
        actions.begin_drafting,
        actions.end_vote,
        actions.close,
    ]
    for step in steps:
        with pytest.raises(Rejected) as refused:
            step(other, number=1)
        assert refused.value.reason == Refusal.NOT_YOUR_DUTY
    assert states() == {1: State.GATHERING}
    assert OrderBook.objects.get(round_number=1).state == OrderBook.State.OPEN


def test_that_a_round_nobody_ordered_in_is_not_drafted(country: Country) -> None:
    with pytest.raises(Rejected) as refused:
        actions.begin_drafting(country.planner, number=1)
    assert refused.value.reason == Refusal.NOTHING_ORDERED
    assert states() == {1: State.GATHERING}


def test_that_each_step_is_refused_in_the_wrong_phase(country: Country) -> None:
    country.order()
    for step in (actions.end_vote, actions.close):
        with pytest.raises(Rejected) as refused:
            step(country.planner, number=1)
        assert refused.value.reason == Refusal.WRONG_PHASE
    assert states() == {1: State.GATHERING}


@pytest.mark.parametrize("state", [State.DECIDING, State.RUNNING, State.CLOSED])
def test_that_the_database_lets_no_round_skip_a_phase(country: Country, state: str) -> None:
    with pytest.raises(Exception, match="Invalid transition"), transaction.atomic():
        Round.objects.filter(number=1).update(state=state)
    assert states() == {1: State.GATHERING}


def test_that_the_database_lets_only_one_round_gather(country: Country) -> None:
    with pytest.raises(IntegrityError, match="rounds_one_gathering"), transaction.atomic():
        Round.objects.create(number=2, days=30)


def test_that_a_draft_offers_more_goods_or_more_free_time_each_with_its_certificate(
    country: Country,
) -> None:
    country.order()
    motion = country.draft()
    made = list(Scenario.objects.order_by("key"))
    assert [scenario.key for scenario in made] == ["goods", "leisure"]
    # Six workers offer a hundred hours, or eighty.
    assert [scenario.hours_offered for scenario in made] == [Decimal(600), Decimal(480)]
    for scenario in made:
        assert scenario.hours_planned <= scenario.hours_offered
        assert scenario.shortage <= 1e-6
        assert scenario.gap <= 1e-6
    assert list(motion.options.values_list("key", flat=True)) == ["goods", "leisure"]
    assert states() == {1: State.DECIDING, 2: State.GATHERING}


def test_that_anyone_recomputes_a_scenario_from_its_files(country: Country, tmp_path: Path) -> None:
    country.order()
    country.draft()
    scenario = Scenario.objects.get(key="goods")
    for name, packed in (("economy", scenario.economy), ("plan", scenario.plan)):
        zipfile.ZipFile(io.BytesIO(bytes(packed))).extractall(tmp_path / name)
    economy, plan = Economy.read(tmp_path / "economy"), Plan.read(tmp_path / "plan")
    assert verify(plan, economy) == []
    assert economy.sha256 == scenario.economy_sha256
    assert plan.certificate.gap == scenario.gap


def test_that_the_planner_sees_what_was_ordered_and_nobody_who_ordered_it(
    country: Country, tmp_path: Path
) -> None:
    country.order(units=7)
    country.draft()
    scenario = Scenario.objects.get(key="goods")
    files = zipfile.ZipFile(io.BytesIO(bytes(scenario.economy)))
    files.extractall(tmp_path)
    economy = Economy.read(tmp_path)
    wanted = dict(economy.needs.select("need", "target").iter_rows())
    assert {need: n for need, n in wanted.items() if need.startswith("household:")} == {
        # Eight persons times seven, in tens: fewer than ten stand behind it.
        f"household:{good.code}": 60.0
        for good in country.goods
    }
    everything = b"".join(files.read(name) for name in files.namelist()).decode()
    assert not [person for person in country.everyone if str(person.id) in everything]


def test_that_a_cut_need_says_why_in_both_languages(country: Country) -> None:
    country.order()
    country.draft()
    scenario = Scenario.objects.get(key="leisure")
    cut = [need for need in scenario.needs.all() if need.delivered < need.target * 0.999]
    met = [need for need in scenario.needs.all() if need.delivered >= need.target * 0.999999]
    assert cut
    assert all(need.why_en and need.why_zh for need in cut)
    assert not any(need.why_en or need.why_zh for need in met)


@pytest.mark.django_db(transaction=True)
def test_that_the_job_drafts_once() -> None:
    country = found()
    country.order()
    actions.begin_drafting(country.planner, number=1)
    tasks.draft(1)
    tasks.draft(1)
    assert Scenario.objects.count() == 2
    assert states() == {1: State.DECIDING, 2: State.GATHERING}


def test_that_a_decided_vote_puts_the_plan_to_work(running: Country) -> None:
    scenario = Scenario.objects.get(key="goods")
    assert Adoption.objects.get().scenario == scenario
    assert states() == {1: State.RUNNING, 2: State.GATHERING}
    assert Dispatch.objects.get().closed_at is None
    hours = Task.objects.aggregate(hours=Sum("hours"))["hours"]
    assert abs(hours - scenario.hours_planned) <= Decimal("0.01")
    assert OrderBook.objects.get(round_number=1).state == OrderBook.State.COLLECTING
    assert Submission.objects.filter(kind="plan-adopted").count() == 1


def test_that_what_is_promised_is_what_the_plan_delivers_in_whole_units(running: Country) -> None:
    planned = dict(
        Scenario.objects.get(key="goods")
        .needs.filter(need__startswith="household:")
        .values_list("product_id", "delivered")
    )
    promised = dict(
        OrderLine.objects.filter(book=1)
        .values_list("product_id")
        .annotate(n=Sum("allotted"))
        .values_list("product_id", "n")
    )
    assert promised == {product: int(n + 0.0005) for product, n in planned.items()}


def test_that_the_rate_lets_all_hours_and_allowances_buy_what_was_promised_for_credits(
    running: Country,
) -> None:
    rate = Rate.objects.get()
    claimable = cost_of_allotments(1)
    assert rate.claimable_hours * 1000 == claimable
    issued = rate.per_hour * rate.total_hours + rate.allowance * rate.on_allowance
    # Rates are whole thousandths, rounded down: less than one an hour and a person is lost.
    assert 0 <= claimable - issued <= rate.total_hours + rate.on_allowance


def test_that_allowances_are_issued_when_the_round_starts(running: Country) -> None:
    rate = Rate.objects.get()
    assert credits.totals().issued == rate.allowance * 2
    pensioner = Person.objects.get(username="gil")
    assert credits.balance_of(pensioner) == rate.allowance


def test_that_closing_carries_on_what_was_cut_and_keeps_what_is_left(running: Country) -> None:
    before = {
        (line.person_id, line.product_id): line.quantity - (line.allotted or 0)
        for line in OrderLine.objects.filter(book=1)
    }
    running.produce()
    running.close()
    assert states() == {1: State.CLOSED, 2: State.GATHERING}
    assert OrderBook.objects.get(round_number=1).state == OrderBook.State.SETTLED
    assert Dispatch.objects.get().closed_at is not None
    carried = {
        (line.person_id, line.product_id): line.carried for line in OrderLine.objects.filter(book=2)
    }
    assert carried == {key: n for key, n in before.items() if n}
    assert any(carried.values())
    assert Stock.objects.filter(quantity__gt=0).exists()


def test_that_a_plan_adopted_while_another_runs_waits_and_then_starts_by_itself(
    running: Country,
) -> None:
    running.order()
    running.draft(2)
    running.choose(number=2)
    assert states() == {1: State.RUNNING, 2: State.DECIDING, 3: State.GATHERING}
    assert Adoption.objects.filter(round_id=2).exists()
    running.produce()
    running.close()
    assert states() == {1: State.CLOSED, 2: State.RUNNING, 3: State.GATHERING}
    assert Dispatch.objects.get(closed_at=None).round_number == 2


def test_that_a_vote_once_ended_is_not_ended_again(running: Country) -> None:
    running.order()
    running.draft(2)
    running.choose(number=2)
    with pytest.raises(Rejected):
        actions.end_vote(running.planner, number=2)
    assert Adoption.objects.filter(round_id=2).count() == 1


def test_that_the_record_holds_the_adopted_plan_with_its_hashes(running: Country) -> None:
    running.produce()
    running.close()
    scenario = Scenario.objects.get(key="goods")
    entry = Entry.objects.get(kind="plan-adopted")
    assert scenario.economy_sha256 in entry.body
    assert scenario.plan_sha256 in entry.body
    assert Entry.objects.filter(kind="round-closed").count() == 1
