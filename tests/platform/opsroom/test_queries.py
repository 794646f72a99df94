from decimal import Decimal

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries
from tests.platform import factories
from tests.platform.factories import Country

from xietong.platform.opsroom import queries
from xietong.platform.opsroom.queries import Figures
from xietong.platform.rounds.tiers import Tier


def figures(number: int = 1) -> Figures:
    found = queries.figures_of(number)
    assert found is not None
    return found


def test_that_a_round_without_a_plan_at_work_has_no_figures(country: Country) -> None:
    assert queries.figures_of(1) is None
    country.order()
    country.draft()
    assert queries.figures_of(1) is None
    assert queries.figures_of(7) is None


def test_that_products_furthest_behind_the_plan_stand_first(country: Country) -> None:
    country.order()
    country.draft()
    country.choose()
    country.produce(share=Decimal("0.8"))
    shown = figures()
    assert [line.thing.code for line in shown.products] == ["chair", "rice", "soap"]
    assert [line.share for line in shown.products] == pytest.approx([0.8, 0.8, 0.8], abs=1e-4)
    assert shown.groups[0].planned == pytest.approx(98.75 * 4, abs=1e-2)
    assert shown.production == pytest.approx(0.8, abs=1e-4)


def test_that_stocks_are_those_at_the_end_of_the_round_even_later(running: Country) -> None:
    running.close()
    before = {stock.product.code: stock.quantity for stock in figures().stocks}
    # 5 at first, 98.75 made, 5 to schools, 16 collected.
    assert before["chair"] == pytest.approx(Decimal("82.75"), abs=Decimal("0.01"))
    running.order(units=20)
    running.draft(2)
    running.choose(number=2)
    running.produce(2)
    cache.clear()
    assert {stock.product.code: stock.quantity for stock in figures().stocks} == before


def test_that_stocks_furthest_below_their_norm_stand_first(country: Country) -> None:
    country.order()
    country.draft()
    country.choose()
    shown = figures()
    assert [(stock.product.code, stock.share) for stock in shown.stocks] == [
        ("chair", 0.5),
        ("rice", 0.5),
        ("soap", 0.5),
    ]
    assert shown.stocks_at_norm == 0


def test_that_hours_planned_logged_and_certified_are_summed(running: Country) -> None:
    shown = figures()
    assert shown.minutes_planned == pytest.approx(600 * 60, abs=1)
    # Whole minutes a worker a week.
    assert shown.minutes_logged == pytest.approx(600 * 60, abs=6 * 4)
    assert shown.minutes_certified == shown.minutes_logged


def test_that_goods_are_counted_by_the_rule_they_reached_people(running: Country) -> None:
    distributed = figures().distributed
    # Two each for eight persons: soap (0.5 h) is free, rice (1 h) and chairs (4 h) cost credits.
    assert (distributed.free, distributed.quota, distributed.credits) == (8_000, 0, 80_000)
    assert distributed.by_need == 8_000 / 88_000


def test_that_nothing_collected_has_no_share(country: Country) -> None:
    country.order()
    country.draft()
    country.choose()
    assert figures().distributed.by_need is None


def test_that_needs_met_tell_what_was_promised_from_what_reached_people(running: Country) -> None:
    course = queries.needs_met_over_the_rounds([1])[1]
    assert set(course) == set(Tier)
    assert course[Tier.BASIC].promised == 1.0
    # 2 of 20 rice and 2 of 10 soap for eight: (16 + 8) of (160 + 40) hours.
    assert course[Tier.BASIC].reached == pytest.approx(24 / 200)
    assert course[Tier.PUBLIC].reached == pytest.approx(1.0, abs=1e-3)
    assert course[Tier.PERSONAL].promised == pytest.approx(93 / 160)
    assert course[Tier.PERSONAL].reached == pytest.approx(2 / 20)


def test_that_all_credits_are_cancelled_or_in_accounts(running: Country) -> None:
    totals = queries.credits_of_everyone()
    assert totals.cancelled == 80_000
    assert totals.issued - totals.cancelled == totals.balances


def test_that_a_closed_round_is_counted_once(
    running: Country, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    running.close()
    first = figures()
    queries.needs_met_over_the_rounds([1])
    with django_assert_num_queries(0):
        assert figures() == first
        assert set(queries.needs_met_over_the_rounds([1])) == {1}


def test_that_a_running_round_is_counted_anew(country: Country) -> None:
    country.order()
    country.draft()
    country.choose()
    assert figures().production == 0.0
    country.produce()
    assert figures().production == pytest.approx(1.0, abs=1e-4)


@pytest.mark.django_db
@pytest.mark.parametrize("goods", [1, 3])
def test_that_a_round_is_counted_in_fourteen_queries_however_many_goods(
    goods: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    country = factories.found(goods)
    country.order(units=10)
    country.draft()
    country.choose()
    country.produce()
    with django_assert_num_queries(14):
        assert len(figures().products) == goods
