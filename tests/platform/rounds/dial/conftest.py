"""A country of twenty-eight that has closed a round and runs the next."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.platform import factories
from tests.platform.factories import Country

from xietong.platform.people import actions as people
from xietong.platform.people.models import Ground, Person
from xietong.platform.rounds.dial import actions
from xietong.platform.rounds.models import DialReading


@dataclass
class Shore:
    """Eight who order and twenty who live by a pension and order nothing."""

    country: Country
    pensioners: list[Person]

    @property
    def planner(self) -> Person:
        return self.country.planner

    def answered(self, **setting: Any) -> DialReading:
        """A reading with its answer."""
        asked = actions.ask(self.planner, **setting)
        actions.answer(asked.id)
        return kept(asked.id)


def kept(id: UUID) -> DialReading:
    return DialReading.objects.get(pk=id)


def live(country: Country) -> None:
    """Round 1 is closed and round 2 runs."""
    country.order()
    country.draft(1)
    country.choose("goods", 1)
    country.order()
    country.draft(2)
    country.produce(1, share=Decimal("0.9"))
    country.deliver(1)
    country.collect(units=1)
    country.choose("goods", 2)
    country.close(1)


@pytest.fixture
def shore(db: None) -> Shore:
    country = factories.found(3)
    pensioners = people.enrol_many(
        people.NewPerson(f"p{n}", f"Person {n}", Ground.PENSION) for n in range(20)
    )
    live(country)
    return Shore(country, pensioners)
