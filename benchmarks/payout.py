"""Payout and all prices of a round of 10,000 products, against a bare COPY of as many rows.

On the embedded server as the platform runs it. The action computes deductions, prices and rate
from the plan's figures, packs the files by which anyone recomputes them, and writes all of it in
one transaction, laws checked. The peer copies as many rows of the same columns into a bare table.
By turns in one run; every figure is the median of its turns.
"""

import os
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import django
import numpy as np
from django.core.management import call_command
from rich.console import Console
from rich.table import Table

from xietong.platform import embedded

if TYPE_CHECKING:
    from xietong.planning import PayoutBasis

BAR = 2.0  # seconds
PRODUCTS = 10_000
TURNS = 5
CENT = Decimal("0.001")


def settle_in() -> None:
    """Enter the products."""
    from xietong.platform.products.models import Group, Product

    shelf = Group.objects.create(code="things", name_en="Things", name_zh="物品")
    Product.objects.bulk_create(
        Product(
            code=code,
            name_en=code,
            name_zh=code,
            group=shelf,
            unit_en="kg",
            unit_zh="公斤",
            storable=True,
            mode=Product.Mode.CREDITS,
            tier="basic",
            orderable=True,
            pinyin=code,
        )
        for code in codes()
    )


def codes() -> list[str]:
    return [f"good-{number:05}" for number in range(PRODUCTS)]


def basis(number: int) -> "PayoutBasis":
    """A round of figures drawn anew, the same in every run."""
    from xietong.planning import Allowance, CommonUse, Good, PayoutBasis

    rng = np.random.default_rng(number)

    def drawn(high: float) -> list[Decimal]:
        return [Decimal(str(each)).quantize(CENT) for each in rng.uniform(0.001, high, PRODUCTS)]

    amounts = zip(*(drawn(1000) for _ in range(9)), strict=True)
    return PayoutBasis(
        round=number,
        plan_sha256="a" * 64,
        economy_sha256="b" * 64,
        hours=Decimal(10**9),
        workers=10**6,
        band=Decimal("0.1"),
        pull=Decimal("0.3"),
        purse=Decimal("0.5"),
        balances=10**10,
        goods=tuple(
            Good(code, "credits", True, *figures[:6], 100, *figures[6:], 1000, 50)
            for code, figures in zip(codes(), amounts, strict=True)
        ),
        common=tuple(
            CommonUse(f"common:{code}", "common", code, Decimal(10)) for code in codes()[::10]
        ),
        allowances=(Allowance("pension", 10**6, Decimal("0.6")),),
    )


def copied(given: "PayoutBasis") -> None:
    """The same rows, copied into a table without laws."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bare (round int, product text, amount bigint,"
            " value numeric, factor numeric, band numeric, stock numeric, normal numeric,"
            " usual numeric, ordered bigint, unmet bigint)"
        )
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for good in given.goods:
                copy.write_row(
                    (
                        *(given.round, good.product, 1000, good.value, good.before, given.band),
                        *(good.stock, good.normal, good.usual, good.ordered, good.unmet),
                    )
                )


def seconds(act: "Callable[[PayoutBasis], object]", given: "PayoutBasis") -> float:
    began = time.perf_counter()
    act(given)
    return time.perf_counter() - began


def main() -> None:
    table = Table(title=f"payout and prices of {PRODUCTS:,} products")
    for heading in ("", "seconds", "products a second"):
        table.add_column(heading, justify="right")
    with tempfile.TemporaryDirectory(prefix="xietong-benchmark-") as folder:
        # The server may run as another user, who has to reach it.
        Path(folder).chmod(0o755)
        with embedded.running(Path(folder)) as url:
            os.environ["DATABASE_URL"] = url
            os.environ["DJANGO_SETTINGS_MODULE"] = "xietong.platform.settings"
            django.setup()
            call_command("migrate", verbosity=0, interactive=False)
            settle_in()
            from xietong.planning import payout
            from xietong.platform.credits.actions import publish_payout
            from xietong.platform.people.queries import Recognised

            pensions = Recognised("pension", beside_work=False, share=600, persons=10**6)
            publish = partial(publish_payout, allowances=[pensions])
            rounds = [basis(number) for number in range(1, TURNS + 1)]
            turns = [
                (seconds(copied, each), seconds(payout, each), seconds(publish, each))
                for each in rounds
            ]
    bare, computed, published = (median(side) for side in zip(*turns, strict=True))
    for name, took in (
        ("bare COPY of the rows", bare),
        ("computed only", computed),
        ("computed, packed and published", published),
    ):
        table.add_row(name, f"{took:.3f}", f"{PRODUCTS / took:,.0f}")
    Console().print(table)
    Console().print(
        f"bar: under {BAR:.0f} s: {'reached' if max(t[2] for t in turns) < BAR else 'not reached'}"
    )


if __name__ == "__main__":
    main()
