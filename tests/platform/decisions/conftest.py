from decimal import Decimal

import pytest

from xietong.platform.decisions import actions
from xietong.platform.decisions.models import Motion
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Ground, Person
from xietong.platform.record import actions as record
from xietong.platform.record.models import Parameter


@pytest.fixture
def roll(db: None) -> list[Person]:
    """Three who vote; the first of them holds the planning duty."""
    names = ("ana", "bruno", "celia")
    persons = people.enrol_many(people.NewPerson(name, name.title()) for name in names)
    people.give_duty(persons[0], Duty.Kind.PLANNING)
    return persons


@pytest.fixture
def child(roll: list[Person]) -> Person:
    return people.enrol_many([people.NewPerson("davi", "Davi", Ground.CHILD)])[0]


@pytest.fixture
def hours(db: None) -> Parameter:
    return record.define_parameter(
        "hours",
        name_en="Hours a round",
        name_zh="每轮工时",
        value=Decimal(150),
        lowest=Decimal(40),
        highest=Decimal(200),
        unit_en="hours",
        unit_zh="小时",
    )


@pytest.fixture
def motion(roll: list[Person], hours: Parameter) -> Motion:
    """An open vote on 150 (as it is), 120 or 160 hours."""
    return actions.put_parameter_to_vote(
        roll[0], code="hours", values=[Decimal(160), Decimal("120.0")]
    )
