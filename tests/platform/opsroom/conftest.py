"""A country whose first round runs: all was made, and everyone has collected two of each good."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from tests.platform import factories
from tests.platform.factories import Country

from xietong.platform.people import actions as people
from xietong.platform.people.models import Ground


@pytest.fixture
def country(db: None) -> Country:
    return factories.found(3)


@pytest.fixture
def running(country: Country) -> Country:
    return _live(country)


@pytest.fixture
def crowded(country: Country) -> Country:
    """The same with twenty more who live by an allowance."""
    people.enrol_many(people.NewPerson(f"p{n}", f"Person {n}", Ground.PENSION) for n in range(20))
    return _live(country, units=1)


def _live(country: Country, units: int = 2) -> Country:
    country.order()
    country.draft()
    country.choose()
    country.produce()
    country.deliver()
    country.collect(units=units)
    return country


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    yield
    cache.clear()
