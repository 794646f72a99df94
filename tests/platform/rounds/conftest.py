"""A country whose first round takes orders, and the same at its first vote."""

import pytest
from tests.platform import factories
from tests.platform.factories import Country


@pytest.fixture
def country(db: None) -> Country:
    return factories.found(3)


@pytest.fixture
def voting(country: Country) -> Country:
    """Round 1 is before its vote: chairs are cut in both scenarios, and more so for free time."""
    country.order()
    country.draft()
    return country
