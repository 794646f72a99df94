"""What a round's payout is computed from, and that the plan's own files bear it out."""

from decimal import Decimal

import pytest
from tests.platform.factories import Country, cost_of_allotments

from xietong.planning import read_payout, verify_payout
from xietong.platform import base
from xietong.platform.credits import queries as credits
from xietong.platform.credits.models import Reckoning
from xietong.platform.needs import queries as needs
from xietong.platform.products import actions as products
from xietong.platform.products.models import Product, Region
from xietong.platform.record import actions as record
from xietong.platform.rounds.models import Adoption, Scenario, ScenarioProduct


def vote(code: str, value: str) -> None:
    record.define_parameter(
        code,
        value=Decimal(value),
        lowest=Decimal(0),
        highest=Decimal(1),
        name_en=code,
        name_zh=code,
        reason="test",
    )


def live(country: Country) -> None:
    """Round 1 makes half of what it planned, and nobody collects any; round 2 runs."""
    country.order()
    country.draft(1)
    country.choose("goods", 1)
    country.order()
    country.draft(2)
    country.produce(1, share=Decimal("0.5"))
    country.choose("goods", 2)
    country.close(1)


def test_that_all_net_output_at_its_labour_value_is_all_hours_of_the_plan(
    voting: Country,
) -> None:
    for scenario in Scenario.objects.all():
        content = sum(
            row.value * (row.made - row.used)
            for row in ScenarioProduct.objects.filter(scenario=scenario)
        )
        assert abs(content - float(scenario.hours_planned)) < 0.001


def test_that_the_hours_of_a_round_are_deducted_and_claimable_to_the_last_thousandth(
    voting: Country,
) -> None:
    voting.choose("goods", 1)
    sums = credits.payout_of(1)
    assert sums is not None
    kinds = {each.kind: each.hours for each in sums.deductions}
    # Five of rice for schools, five of chairs for both; soap is free and renewed.
    assert set(kinds) <= {"common", "means", "stock", "need", "indivisible"}
    assert sum(kinds.values()) + sums.rate.claimable_hours == sums.rate.total_hours
    assert sums.rate.claimable_hours * 1000 == cost_of_allotments(1)
    assert abs(kinds.get("indivisible", Decimal(0))) < 5


def test_that_prices_are_labour_values_and_the_rate_follows_the_goods_where_nobody_voted(
    country: Country,
) -> None:
    live(country)
    sums = credits.payout_of(2)
    assert sums is not None
    assert sums.band == 0
    assert not {"scarcity", "balance"} & {each.kind for each in sums.deductions}
    assert all(line.price.factor == 1 for line in credits.prices(2))


def test_that_what_was_missed_and_left_over_moves_prices_and_rate_once_people_vote_so(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "SMALLEST_CELL", len(country.everyone))
    for code, value in (("price_band", "0.1"), ("balance_pull", "0.3"), ("normal_purse", "0.1")):
        vote(code, value)
    live(country)
    prices = {line.price.product_id: line.price for line in credits.prices(2)}
    rice, chair, soap = prices["rice"], prices["chair"], prices["soap"]
    # Nobody collected the rice, and it is more than the norm. Chairs were cut, which would raise
    # their price as far as those that nobody collected lower it.
    assert (rice.factor, rice.ordered, rice.unmet) == (Decimal("0.975"), 160, 0)
    assert rice.stock is not None
    assert rice.stock > 10
    assert (chair.factor, chair.ordered) == (Decimal(1), 160)
    assert chair.unmet
    assert soap.factor == 1
    kept = Reckoning.objects.get(rate=2)
    sums = credits.payout_of(2)
    assert sums is not None
    assert kept.balances > kept.cost / 10
    held_back = next(each.hours for each in sums.deductions if each.kind == "balance")
    assert held_back > 0
    assert sums.rate.claimable_hours * 1000 == kept.cost - held_back * 1000


def test_that_what_a_trial_region_gets_by_need_issues_no_credits(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    isle = Region.objects.create(code="isle", name_en="Isle", name_zh="海岛")
    products.set_residences("isle", country.everyone[:3])
    products.begin_trial(Product.objects.get(pk="rice"), region=isle, quota=20, rounds=1)
    monkeypatch.setattr(base, "SMALLEST_CELL", 3)
    live(country)
    assert needs.promised_on_trial(1) == {}
    told = needs.promised_on_trial(2)
    assert told["rice"] > 0
    sums = credits.payout_of(2)
    assert sums is not None
    assert sums.rate.claimable_hours * 1000 == cost_of_allotments(2)
    packed = credits.payout_files(2)
    assert packed is not None
    assert verify_payout(packed) == ()
    assert {
        good.product: good.by_need for good in read_payout(packed).basis.goods if good.by_need
    } == told


def test_that_of_a_trial_of_fewer_than_ten_no_payout_tells_how_much(country: Country) -> None:
    isle = Region.objects.create(code="isle", name_en="Isle", name_zh="海岛")
    products.set_residences("isle", country.everyone[:3])
    products.begin_trial(Product.objects.get(pk="rice"), region=isle, quota=20, rounds=1)
    live(country)
    assert needs.promised_on_trial(2) == {}


def test_that_the_published_files_follow_and_name_the_adopted_plan(country: Country) -> None:
    live(country)
    for number in (1, 2):
        packed = credits.payout_files(number)
        assert packed is not None
        assert verify_payout(packed) == ()
        basis = read_payout(packed).basis
        adopted = Adoption.objects.get(round=number).scenario
        assert (basis.plan_sha256, basis.economy_sha256) == (
            adopted.plan_sha256,
            adopted.economy_sha256,
        )
        assert basis.hours == adopted.hours_planned


def test_that_of_what_fewer_than_ten_ordered_no_price_tells_how_much(country: Country) -> None:
    vote("price_band", "0.1")
    live(country)
    assert len(country.everyone) < base.SMALLEST_CELL
    for line in credits.prices(2):
        assert (line.price.ordered, line.price.unmet, line.price.factor) == (0, 0, Decimal(1))
