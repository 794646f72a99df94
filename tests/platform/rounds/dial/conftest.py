"""A country of twenty-eight that has closed a round and runs the next."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
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
def no_job_waits(transactional_db: None) -> Iterator[None]:
    """No job passes from one test's country to another's: the tables are not Django's to empty."""
    _forget_jobs()
    yield
    _forget_jobs()


def _forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def shore(db: None) -> Shore:
    country = factories.found(3)
    pensioners = people.enrol_many(
        people.NewPerson(f"p{n}", f"Person {n}", Ground.PENSION) for n in range(20)
    )
    live(country)
    return Shore(country, pensioners)
