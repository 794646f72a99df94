"""A shop to be served and struck down: `python shop.py HOME` founds it.

Prints a JSON list of tokens, one for each person who was promised goods there.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from xietong.platform import server

PERSONS = 6
MUCH = 100_000
# The lamps soon run out.
THERE = {"rice": 10 * MUCH, "bread": 10 * MUCH, "lamp": 60}
MODES = {"rice": "credits", "bread": "free", "lamp": "credits"}


def found() -> list[str]:
    """Everyone was promised much of everything, and can pay for it."""
    from xietong.platform.credits.actions import publish_prices
    from xietong.platform.credits.models import Entry
    from xietong.platform.enterprises import actions as enterprises
    from xietong.platform.needs import actions as needs
    from xietong.platform.people import actions as people
    from xietong.platform.products.models import Group, Product, Region

    Region.objects.create(code="valley", name_en="Valley", name_zh="河谷")
    group = Group.objects.create(code="things", name_en="Things", name_zh="物品")
    for code, mode in MODES.items():
        Product.objects.create(
            code=code,
            name_en=code,
            name_zh=code,
            group=group,
            unit_en="kg",
            unit_zh="公斤",
            storable=True,
            mode=mode,
            tier="basic",
            orderable=True,
            pinyin=code,
        )
    enterprises.add_enterprise("shop", region="valley", name_en="Shop", name_zh="商店")
    enterprises.count_opening_stock(
        [enterprises.Counted("shop", code, Decimal(units)) for code, units in THERE.items()],
        round_number=1,
    )
    needs.open_book(1)
    tokens = []
    for number in range(PERSONS):
        person = people.enrol(username=f"p{number}", name=f"P {number}", password=None)
        Entry.objects.create(
            person=person, kind="allowance", amount=10**12, source=uuid4(), round_number=1
        )
        needs.place_order(person, quantities=dict.fromkeys(THERE, MUCH))
        tokens.append(people.make_token(person))
    needs.close_book(1)
    publish_prices(1, {"rice": Decimal("0.5"), "lamp": Decimal(3)})
    needs.allot(1, household=dict.fromkeys(THERE, Decimal(MUCH * PERSONS)), common={})
    needs.start_collecting(1)
    return tokens


if __name__ == "__main__":
    with server.running(Path(sys.argv[1])):
        print(json.dumps(found()))
