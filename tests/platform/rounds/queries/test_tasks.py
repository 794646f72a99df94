import pytest
from pytest_django import DjangoAssertNumQueries
from tests.platform import factories
from tests.platform.factories import Country

from xietong.platform.rounds.queries.scenarios import scenario_of
from xietong.platform.rounds.queries.tasks import tasks_of


def test_that_enterprises_with_most_hours_stand_first_with_what_they_make(voting: Country) -> None:
    tasks = list(tasks_of(scenario_of(1, "goods")))
    assert [each.code for each in tasks] == ["chair-makers", "rice-makers", "soap-makers"]
    chairs = tasks[0]
    ((product, made),) = chairs.outputs
    assert (chairs.techniques, product.code) == (1, "chair")
    assert (chairs.hours, made) == pytest.approx((395.0, 98.75))
    assert chairs.others == 0


@pytest.mark.django_db
@pytest.mark.parametrize("enterprises", [1, 3])
def test_that_tasks_are_listed_in_four_queries_however_many(
    enterprises: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    country = factories.found(enterprises)
    country.order()
    country.draft()
    scenario = scenario_of(1, "goods")
    with django_assert_num_queries(4):
        assert len(tasks_of(scenario)) == enterprises
