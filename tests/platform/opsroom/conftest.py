"""A country whose first round runs: all was made, and everyone has collected two of each good."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from tests.platform import factories
from tests.platform.factories import Country


@pytest.fixture
def country(db: None) -> Country:
    return factories.found(3)


@pytest.fixture
def running(country: Country) -> Country:
    country.order()
    country.draft()
    country.choose()
    country.produce()
    country.deliver()
    country.collect(units=2)
    return country


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    yield
    cache.clear()
