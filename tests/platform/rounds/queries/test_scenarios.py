import io
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.platform import factories
from tests.platform.factories import Country

from xietong.planning import Economy, Plan, verify
from xietong.platform.rounds.models import Scenario
from xietong.platform.rounds.queries import scenarios
from xietong.platform.rounds.queries.scenarios import share_met
from xietong.platform.rounds.tiers import Tier


def test_that_scenarios_stand_side_by_side_with_hours_of_each_worker(voting: Country) -> None:
    goods, leisure = scenarios.scenarios_of(1)
    assert [goods.scenario.key, leisure.scenario.key] == ["goods", "leisure"]
    assert (goods.offered, leisure.offered) == (100.0, 80.0)
    # Chairs are short in both, so that every hour is used.
    assert goods.planned == pytest.approx(100.0, abs=1e-3)
    assert leisure.planned == pytest.approx(80.0, abs=1e-3)
    assert not goods.chosen
    assert not leisure.chosen


def test_that_tiers_add_up_by_the_labour_in_their_needs(voting: Country) -> None:
    goods, _ = scenarios.scenarios_of(1)
    assert [(tier.tier, tier.needs, tier.whole) for tier in goods.tiers] == [
        (Tier.BASIC, 2, 2),
        (Tier.PUBLIC, 2, 2),
        (Tier.PERSONAL, 1, 0),
        (Tier.RESERVE, 4, 0),
    ]
    assert [tier.wanted for tier in goods.tiers] == pytest.approx(
        [
            8 * (20 * 1 + 10 * 0.5),  # rice and soap for eight
            5 * 1 + 5 * 4,  # rice and chairs for schools
            8 * 20 * 4,  # chairs for eight
            5 * 0.5 + 5 * (1 + 0.5 + 4),  # soap for schools, five of each to the norm
        ]
    )
    basic, public, personal, reserve = goods.tiers
    assert (basic.share, public.share, reserve.share) == (1.0, 1.0, 0.0)
    # 600 h less 205 h for rice and soap leave 98.75 chairs: 93.75 after the schools' five.
    assert personal.share == pytest.approx(93.75 / 160)


def test_that_the_chosen_scenario_is_marked(voting: Country) -> None:
    voting.choose("leisure")
    assert [each.chosen for each in scenarios.scenarios_of(1)] == [False, True]


def test_that_a_round_without_scenarios_has_none(country: Country) -> None:
    assert scenarios.scenarios_of(1) == []


def test_that_scenarios_differ_where_one_cuts_deeper(voting: Country) -> None:
    (group,) = scenarios.differences_by_group(1)
    (product,) = scenarios.differences_by_product(1)
    assert (group.thing.code, product.thing.code) == ("chair-shelf", "chair")
    # Of 160 chairs ordered, 5 for schools and 5 for the norm: 98.75 made, or 68.75.
    assert product.shares == pytest.approx((98.75 / 170, 68.75 / 170))


@pytest.mark.parametrize(
    ("met", "wanted", "share"),
    [(0.0, 0.0, 1.0), (1.0, 2.0, 0.5), (2 - 1e-9, 2.0, 1.0), (1e-9, 2.0, 0.0)],
)
def test_that_shares_are_whole_or_nothing_to_within_the_exactness_of_a_plan(
    met: float, wanted: float, share: float
) -> None:
    assert share_met(met, wanted) == share


def test_that_the_published_files_verify_each_other(voting: Country, tmp_path: Path) -> None:
    for name in ("economy", "plan"):
        packed = scenarios.file_of(1, "goods", "economy" if name == "economy" else "plan")
        zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path / name)
    scenario = scenarios.scenario_of(1, "goods")
    economy = Economy.read(tmp_path / "economy")
    assert economy.sha256 == scenario.economy_sha256
    assert sha256(scenarios.file_of(1, "goods", "plan")).hexdigest() == scenario.plan_sha256
    assert verify(Plan.read(tmp_path / "plan"), economy) == []


def test_that_an_unknown_scenario_has_no_files(voting: Country) -> None:
    with pytest.raises(Scenario.DoesNotExist):
        scenarios.file_of(1, "nobody", "plan")


def test_that_reading_a_scenario_does_not_read_its_files(voting: Country) -> None:
    assert scenarios.scenario_of(1, "goods").get_deferred_fields() == {"economy", "plan"}


@pytest.mark.django_db
@pytest.mark.parametrize("goods", [1, 3])
def test_that_a_round_is_compared_in_seven_queries_however_many_products(
    goods: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    country = factories.found(goods)
    # With one good 8 hours of it are beyond what its two workers offer, so that it is cut.
    country.order(units=80 if goods == 1 else 20)
    country.draft()
    with django_assert_num_queries(7):
        assert len(scenarios.scenarios_of(1)) == 2
        assert scenarios.differences_by_group(1)
        assert scenarios.differences_by_product(1)
