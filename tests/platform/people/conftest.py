"""Persons of a village: Ana and Bruno hold both duties of needs, Celia and Davi hold none."""

from dataclasses import dataclass

import pytest
from tests.platform.factories import rules_of_need

from xietong.platform.people import actions
from xietong.platform.people.models import Duty, Person


@dataclass(frozen=True)
class Village:
    ana: Person
    bruno: Person
    celia: Person
    davi: Person


@pytest.fixture
def village(db: None) -> Village:
    rules_of_need()
    village = Village(
        *actions.enrol_many(
            actions.NewPerson(name.lower(), name) for name in ("Ana", "Bruno", "Celia", "Davi")
        )
    )
    for official in (village.ana, village.bruno):
        actions.give_duty(official, Duty.Kind.ALLOWANCES)
        actions.give_duty(official, Duty.Kind.APPEALS)
    return village
