"""A mill whose members Ana, Bruno and Davi work in round 1; Celia is a child, Emil retired."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pytest
from tests.platform.factories import rules_of_need

from xietong.platform.credits import actions
from xietong.platform.credits.models import Rate
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import WorkRecord
from xietong.platform.people import actions as actions_of_people
from xietong.platform.people import queries as people
from xietong.platform.people.models import Ground, Person
from xietong.platform.products.models import Group, Product, Region

NAMES = {
    "Ana": Ground.WORK,
    "Bruno": Ground.WORK,
    "Davi": Ground.WORK,
    "Celia": Ground.CHILD,
    "Emil": Ground.PENSION,
}


@dataclass(frozen=True)
class Mill:
    ana: Person
    bruno: Person
    davi: Person
    celia: Person
    emil: Person

    def publish(self, round_number: int = 1) -> Rate:
        """An hour issues 0.750 credits, an allowance half of what 100 hours issue."""
        return actions.publish_rate(
            round_number,
            total_hours=Decimal(300),
            claimable_hours=Decimal(300),
            workers=3,
            allowances=people.recognised(round_number),
        )

    def log(self, person: Person, *, week: int = 1, minutes: int = 600) -> UUID:
        """Hours of one person, not yet certified; returns the record's id."""
        labour.log_hours(person, person=person, week=week, minutes=minutes)
        return WorkRecord.objects.get(person=person, week=week).id


@pytest.fixture
def mill(db: None) -> Mill:
    region = Region.objects.create(code="valley", name_en="Valley", name_zh="河谷")
    group = Group.objects.create(code="food", name_en="Food", name_zh="食品")
    for code, name_en, name_zh in (("flour", "Flour", "面粉"), ("bread", "Bread", "面包")):
        Product.objects.create(
            code=code,
            name_en=name_en,
            name_zh=name_zh,
            group=group,
            unit_en="kg",
            unit_zh="公斤",
            storable=True,
            orderable=True,
            pinyin=code,
        )
    enterprises.add_enterprise("mill", region=region.code, name_en="Mill", name_zh="磨坊")
    rules_of_need()
    persons = actions_of_people.enrol_many(
        actions_of_people.NewPerson(name.lower(), name, ground) for name, ground in NAMES.items()
    )
    enterprises.join_many([enterprises.Place(person, "mill") for person in persons[:3]])
    enterprises.open_dispatch(1, [])
    return Mill(*persons)
