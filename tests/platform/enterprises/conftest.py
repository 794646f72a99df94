"""A small country: a mill and a bakery in the valley, a mill in the hills, and four persons."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest

from xietong.platform.enterprises import actions
from xietong.platform.enterprises.actions import Counted, TaskDraft, TechniqueDraft
from xietong.platform.enterprises.models import Enterprise, Stock
from xietong.platform.people.models import Person
from xietong.platform.products.models import Group, Product, Region

PRODUCTS = {
    # code: names, storable, loss per round
    "grain": ("Grain", "谷物", True, "0.1"),
    "flour": ("Flour", "面粉", True, "0"),
    "bran": ("Bran", "麸皮", True, "0"),
    "bread": ("Bread", "面包", False, "0"),
}


@dataclass(frozen=True)
class Country:
    ana: Person
    bruno: Person
    celia: Person
    davi: Person
    mill: Enterprise
    bakery: Enterprise
    hill_mill: Enterprise


@pytest.fixture
def country(db: None) -> Country:
    """Ana and Bruno mill grain to flour and bran, Celia bakes flour to bread, Davi does neither."""
    for code, name_en, name_zh in (("valley", "Valley", "河谷"), ("hills", "Hills", "山区")):
        Region.objects.create(code=code, name_en=name_en, name_zh=name_zh)
    food = Group.objects.create(code="food", name_en="Food", name_zh="食品")
    for code, (name_en, name_zh, storable, loss) in PRODUCTS.items():
        Product.objects.create(
            code=code,
            name_en=name_en,
            name_zh=name_zh,
            group=food,
            unit_en="kg",
            unit_zh="公斤",
            storable=storable,
            loss=Decimal(loss),
            orderable=code == "bread",
            pinyin=code,
        )
    mill, bakery, hill_mill = actions.add_enterprises(
        actions.EnterpriseDraft(code=code, region=region, name_en=name_en, name_zh=name_zh)
        for code, region, name_en, name_zh in (
            ("mill", "valley", "Mill", "磨坊"),
            ("bakery", "valley", "Bakery", "面包房"),
            ("hill-mill", "hills", "Hill mill", "山间磨坊"),
        )
    )
    for place in (mill, hill_mill):
        actions.add_means(
            f"stones:{place.code}",
            enterprise=place.code,
            name_en="Stones",
            name_zh="磨盘",
            available=Decimal(100),
        )
    actions.add_techniques(
        [
            *(
                TechniqueDraft(
                    code=f"milling:{place.code}",
                    enterprise=place.code,
                    name_en="Milling",
                    name_zh="磨面",
                    hours=Decimal("0.5"),
                    inputs={"grain": Decimal(10)},
                    outputs={"flour": Decimal(8), "bran": Decimal(2)},
                    occupies={f"stones:{place.code}": Decimal(1)},
                )
                for place in (mill, hill_mill)
            ),
            TechniqueDraft(
                code="baking",
                enterprise=bakery.code,
                name_en="Baking",
                name_zh="烘焙",
                hours=Decimal(2),
                inputs={"flour": Decimal("0.7"), "bran": Decimal("0.1")},
                outputs={"bread": Decimal(1)},
            ),
        ]
    )
    ana, bruno, celia, davi = Person.objects.bulk_create(
        Person(username=name.lower(), name=name) for name in ("Ana", "Bruno", "Celia", "Davi")
    )
    actions.join_many(
        [
            actions.Place(ana, "mill"),
            actions.Place(bruno, "mill", manages=True),
            actions.Place(celia, "bakery"),
        ]
    )
    return Country(ana, bruno, celia, davi, mill, bakery, hill_mill)


@pytest.fixture
def running(country: Country) -> Country:
    """The country in round 1: ten runs of milling, eighty of baking; 120 kg of grain in store."""
    actions.open_dispatch(
        1,
        [
            TaskDraft("milling:mill", Decimal(10), Decimal(5)),
            TaskDraft("baking", Decimal(80), Decimal(160)),
        ],
    )
    actions.count_opening_stock([Counted("mill", "grain", Decimal(120))], round_number=1)
    return country


@pytest.fixture
def store() -> Callable[[str], dict[str, Decimal]]:
    """What lies in an enterprise's store, by product."""

    def in_store(enterprise: str) -> dict[str, Decimal]:
        found = Stock.objects.filter(enterprise=enterprise).order_by("product_id")
        return {stock.product_id: stock.quantity for stock in found}

    return in_store
