"""A village with five products, one store, and two grown-ups and a child who order in round 1."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest
from tests.platform.factories import rules_of_need

from xietong.platform.base import uuid7
from xietong.platform.credits import actions as credits
from xietong.platform.credits.models import Entry
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises import queries as enterprise_queries
from xietong.platform.needs import actions
from xietong.platform.needs.models import OrderLine
from xietong.platform.people import actions as people
from xietong.platform.people.models import Ground, Person
from xietong.platform.products.models import Group, Product, Region

PRODUCTS = {
    # code: names, storable, mode, quota, tier, orderable
    "rice": ("Rice", "稻米", True, "credits", None, "basic", True),
    "chair": ("Chair", "椅子", True, "credits", None, "personal", True),
    "bread": ("Bread", "面包", False, "free", None, "basic", True),
    "soap": ("Soap", "肥皂", True, "quota", 2, "basic", True),
    "steel": ("Steel", "钢材", True, "credits", None, "personal", False),
}
PRICES = {"rice": Decimal("0.5"), "chair": Decimal(8)}


@dataclass(frozen=True)
class Village:
    ana: Person
    bruno: Person
    celia: Person

    def orders(self, **quantities: int) -> None:
        """Everyone orders these."""
        for person in (self.ana, self.bruno, self.celia):
            actions.place_order(person, quantities=quantities)

    def neighbours(self, n: int, **quantities: int) -> None:
        """So many more come onto the roll and order these."""
        there = Person.objects.count()
        for number in range(there, there + n):
            person = Person.objects.create(username=f"n{number}", name=f"N {number}")
            actions.place_order(person, quantities=quantities)

    def give(self, person: Person, amount: int) -> None:
        Entry.objects.create(
            person=person,
            kind=Entry.Kind.ALLOWANCE,
            amount=amount,
            source=uuid7(),
            round_number=1,
        )

    def store(self, **quantities: float) -> None:
        """Count a first stock of these."""
        enterprises.count_opening_stock(
            [
                enterprises.Counted("shop", product, Decimal(str(quantity)))
                for product, quantity in quantities.items()
            ],
            round_number=1,
        )

    def in_store(self, product: str) -> Decimal:
        return enterprise_queries.stock_by_product([product]).get(product, Decimal(0))

    def run(self, household: Mapping[str, float], **common: float) -> None:
        """Take the orders of round 1, promise these quantities, and let people collect."""
        actions.close_book(1)
        actions.open_book(2)
        credits.publish_prices(1, PRICES)
        actions.allot(
            1,
            household={code: Decimal(str(units)) for code, units in household.items()},
            common={code: Decimal(str(units)) for code, units in common.items()},
        )
        actions.start_collecting(1)

    def line(self, person: Person, product: str, book: int = 1) -> OrderLine:
        return OrderLine.objects.get(person=person, product=product, book=book)


@pytest.fixture
def village(db: None) -> Village:
    region = Region.objects.create(code="valley", name_en="Valley", name_zh="河谷")
    group = Group.objects.create(code="things", name_en="Things", name_zh="物品")
    for code, (name_en, name_zh, storable, mode, quota, tier, orderable) in PRODUCTS.items():
        Product.objects.create(
            code=code,
            name_en=name_en,
            name_zh=name_zh,
            group=group,
            unit_en="kg",
            unit_zh="公斤",
            storable=storable,
            mode=mode,
            quota=quota,
            tier=tier,
            orderable=orderable,
            pinyin=code,
        )
    enterprises.add_enterprise("shop", region=region.code, name_en="Shop", name_zh="商店")
    rules_of_need()
    ana, bruno, celia = people.enrol_many(
        people.NewPerson(name.lower(), name, ground)
        for name, ground in (
            ("Ana", Ground.WORK),
            ("Bruno", Ground.WORK),
            ("Celia", Ground.CHILD),
        )
    )
    actions.open_book(1)
    return Village(ana, bruno, celia)
