import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from tests.platform import factories
from tests.platform.factories import Country

from xietong.platform.rounds.models import ScenarioNeed
from xietong.platform.rounds.queries import needs
from xietong.platform.rounds.queries.scenarios import scenario_of


def keys(country: Country, **only: object) -> list[str]:
    return [need.key for need in needs.needs_of(scenario_of(1, "goods"), **only)]  # type: ignore[arg-type]


def test_that_the_need_short_by_most_labour_stands_first(voting: Country) -> None:
    first, *others = keys(voting)
    assert first == "household:chair"
    assert set(others) == {
        "household:rice",
        "household:soap",
        "common:school:rice",
        "common:school:soap",
        "common:school:chair",
        "restock:rice",
        "restock:soap",
        "restock:chair",
    }


def test_that_needs_are_found_by_either_name_by_tier_and_by_being_cut(voting: Country) -> None:
    rice = {"household:rice", "common:school:rice", "restock:rice"}
    assert set(keys(voting, search="rice")) == rice
    assert set(keys(voting, search="稻米")) == rice
    assert set(keys(voting, search="daomi")) == rice
    assert set(keys(voting, tier="personal")) == {"household:chair"}
    assert set(keys(voting, search="rice", cut=True)) == {"restock:rice"}
    assert keys(voting, search="coffee") == []


def test_that_a_need_says_what_it_is_for(voting: Country) -> None:
    goods = scenario_of(1, "goods")
    assert needs.need_of(goods, "household:chair").kind == "household"
    school = needs.need_of(goods, "common:school:chair")
    assert school.common is not None
    assert school.common.name_en == "Schools: Chair"
    assert (school.cut, school.share) == (False, 1.0)


def test_that_a_cut_need_says_why_in_the_readers_language(voting: Country) -> None:
    chairs = needs.need_of(scenario_of(1, "goods"), "household:chair")
    assert chairs.cut
    with translation.override("en"):
        assert chairs.why == chairs.row.why_en
    with translation.override("zh-hans"):
        assert chairs.why == chairs.row.why_zh
    assert "work itself" in chairs.row.why_en
    assert "劳动本身" in chairs.row.why_zh


def test_that_an_unknown_need_is_refused(voting: Country) -> None:
    with pytest.raises(ScenarioNeed.DoesNotExist):
        needs.need_of(scenario_of(1, "goods"), "household:coffee")


def test_that_a_need_can_be_compared_across_scenarios(voting: Country) -> None:
    goods, leisure = needs.need_in_each_scenario(1, "household:chair")
    assert goods.delivered == pytest.approx(93.75)
    assert leisure.delivered == pytest.approx(63.75)


def test_that_what_comes_in_of_a_product_goes_out(voting: Country) -> None:
    chairs = needs.flows_of(scenario_of(1, "goods"), "chair")
    assert (chairs.opening, chairs.used) == (5.0, 0.0)
    assert chairs.made == pytest.approx(98.75)
    assert chairs.opening + chairs.made == pytest.approx(
        chairs.used + chairs.delivered + chairs.closing
    )


def test_that_people_find_the_scenario_that_cut_what_they_ordered(voting: Country) -> None:
    assert needs.scenarios_that_cut([1], ["rice", "chair"]) == {}
    voting.choose("leisure")
    assert needs.scenarios_that_cut([1, 2], ["rice", "chair"]) == {(1, "chair"): "leisure"}


@pytest.mark.django_db
@pytest.mark.parametrize(("goods", "listed"), [(1, 3), (3, 9)])
def test_that_needs_are_listed_in_three_queries_however_many(
    goods: int, listed: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    country = factories.found(goods)
    country.order()
    country.draft()
    scenario = scenario_of(1, "goods")
    with django_assert_num_queries(3):
        shown = [(need.row.product.name_en, need.common) for need in needs.needs_of(scenario)]
    assert len(shown) == listed
