"""Collections a second through the action and through HTTP, against the same SQL by pgbench.

A round of 2,000 products and 100 persons, on the embedded server as the platform runs it, each
commit on the disk. What `collect` sends for one visit of each person is written down and given to
pgbench as it is, but for the identifiers, which are new each time. Through HTTP the same visits are
made at the web server as the platform runs it, by clients who keep their connections and show a
token. Each side has four clients who come as often as they can, by turns in one run; every figure
is the median of its turns.
"""

import json
import multiprocessing
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from uuid import uuid4

import django
import numpy as np
from django.core.management import call_command
from rich.console import Console
from rich.table import Table

from xietong.platform import embedded, processes

if TYPE_CHECKING:
    from xietong.platform.people.models import Person

BAR = 0.5  # of pgbench
BAR_HTTP = 0.3
PRODUCTS = 2_000
PERSONS = 100
BASKETS = (1, 10, 40)  # lines a visit
CLIENTS = 4
SECONDS = 3
TURNS = 3
MUCH = 100_000  # units promised a line: more than can be collected in the time

PGBENCH = embedded.INSTALLED / embedded.PROGRAMS / "pgbench"
IDENTIFIER = re.compile(r"[0-9a-f]{32}")
# Digits are hexadecimal digits too.
DRAWN = """\\set low random(100000000000, 999999999999)
\\set high random(1000, 9999)
"""


def settle_in() -> "list[Person]":
    """Make the round; return the persons who collect in it."""
    from django.db import connection

    from xietong.platform.credits.actions import publish_prices
    from xietong.platform.credits.models import Entry
    from xietong.platform.enterprises import actions as enterprises
    from xietong.platform.needs import actions as needs
    from xietong.platform.people.models import Person
    from xietong.platform.products.models import Group, Product, Region

    region = Region.objects.create(code="valley", name_en="Valley", name_zh="河谷")
    shelf = Group.objects.create(code="things", name_en="Things", name_zh="物品")
    codes = [f"good-{number:04}" for number in range(PRODUCTS)]
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
        for code in codes
    )
    enterprises.add_enterprise("shop", region=region.code, name_en="Shop", name_zh="商店")
    enterprises.count_opening_stock(
        [enterprises.Counted("shop", code, Decimal(10**9)) for code in codes], round_number=1
    )
    persons = Person.objects.bulk_create(
        Person(username=f"p{number}", name=f"P {number}") for number in range(PERSONS)
    )
    Entry.objects.bulk_create(
        Entry(person=person, kind="allowance", amount=10**12, source=uuid4(), round_number=1)
        for person in persons
    )
    needs.open_book(1)
    wanted = dict.fromkeys(codes, 0)
    for person in persons:
        order = basket(person, max(BASKETS))
        needs.place_order(person, quantities=dict.fromkeys(order, MUCH))
        for code in order:
            wanted[code] += MUCH
    needs.close_book(1)
    publish_prices(1, dict.fromkeys(codes, Decimal(1)))
    needs.allot(1, household={code: Decimal(units) for code, units in wanted.items()}, common={})
    needs.start_collecting(1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return persons


def basket(person: "Person", lines: int) -> dict[str, int]:
    """One unit of each of so many products, every time the same for one person."""
    drawn = np.random.default_rng(int(person.username[1:])).choice(
        PRODUCTS, max(BASKETS), replace=False
    )
    return {f"good-{number:04}": 1 for number in drawn[:lines]}


def script(person: "Person", lines: int) -> str:
    """What the action sends for a visit, as pgbench reads it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from xietong.platform.needs.actions import collect

    with CaptureQueriesContext(connection) as sent:
        collect(person, quantities=basket(person, lines), key=uuid4())
    statements = [each["sql"] for each in sent if each["sql"].split()[0] not in ("BEGIN", "COMMIT")]
    new: dict[str, str] = {person.pk.hex: person.pk.hex}

    def renewed(found: re.Match[str]) -> str:
        return new.setdefault(found[0], f"019000000000{len(new):04}:high:low")

    return DRAWN + "".join(
        f"{IDENTIFIER.sub(renewed, statement)};\n" for statement in ["BEGIN", *statements, "COMMIT"]
    )


def bare(url: str, scripts: list[Path]) -> float:
    """Visits a second that pgbench makes with these scripts."""
    done = subprocess.run(
        [
            *(PGBENCH, "--no-vacuum", f"--client={CLIENTS}", "--jobs=2", f"--time={SECONDS}"),
            *(f"--file={script}" for script in scripts),
            url,
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    failed = re.search(r"failed transactions: (\d+)", done.stdout)
    if found is None or failed is None or int(failed[1]):
        raise SystemExit(done.stdout + done.stderr)
    return float(found[1])


def through_action(persons: "list[Person]", lines: int) -> float:
    """Visits a second that as many processes make through the action."""
    from django.db import connections

    # Each process makes its own.
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(CLIENTS) as clients:
        visits = clients.starmap(_visit, [(persons, lines, n) for n in range(CLIENTS)], 1)
    return sum(visits)


def _visit(persons: "list[Person]", lines: int, number: int) -> float:
    from django.db import connection

    from xietong.platform.needs.actions import collect

    rng = np.random.default_rng(number)
    baskets = [(person, basket(person, lines)) for person in persons]
    connection.ensure_connection()
    visits, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < SECONDS:
        person, quantities = baskets[rng.integers(len(baskets))]
        collect(person, quantities=quantities, key=uuid4())
        visits += 1
    return visits / spent


@contextmanager
def web_server(url: str) -> Iterator[int]:
    """The port of the platform's web server, which runs inside the `with` block."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    with processes.running(
        [sys.executable, "-m", "xietong.platform.web", "127.0.0.1", str(port)],
        environment={"DATABASE_URL": url, "XIETONG_SECRET_KEY": "benchmark" * 8},
    ):
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        yield port


def through_http(persons: "list[Person]", tokens: list[str], port: int, lines: int) -> float:
    """Visits a second that as many processes make at the web server."""
    with multiprocessing.get_context("fork").Pool(CLIENTS) as clients:
        visits = clients.starmap(
            _ask, [(persons, tokens, port, lines, number) for number in range(CLIENTS)], 1
        )
    return sum(visits)


def _ask(persons: "list[Person]", tokens: list[str], port: int, lines: int, number: int) -> float:
    rng = np.random.default_rng(number)
    baskets = [basket(person, lines) for person in persons]
    server = HTTPConnection("127.0.0.1", port)
    visits, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < SECONDS:
        which = rng.integers(len(baskets))
        server.request(
            "POST",
            "/api/needs/collections",
            json.dumps({"key": str(uuid4()), "quantities": baskets[which]}),
            {"Authorization": f"Bearer {tokens[which]}", "Content-Type": "application/json"},
        )
        answer = server.getresponse()
        assert (answer.status, bool(answer.read())) == (200, True)
        visits += 1
    return visits / spent


def main() -> None:
    table = Table(title="collections a second")
    for heading in (
        *("lines a visit", "statements", "bare SQL"),
        *("through the action", "share", "through HTTP", "share"),
    ):
        table.add_column(heading, justify="right")
    with tempfile.TemporaryDirectory(prefix="xietong-benchmark-") as folder:
        # The server may run as another user, who has to reach it.
        Path(folder).chmod(0o755)
        with embedded.running(Path(folder)) as url:
            os.environ["DATABASE_URL"] = url
            os.environ["DJANGO_SETTINGS_MODULE"] = "xietong.platform.settings"
            django.setup()
            call_command("migrate", verbosity=0, interactive=False)
            from xietong.platform.people.actions import make_token

            persons = settle_in()
            tokens = [make_token(person) for person in persons]
            reached = []
            for lines in BASKETS:
                scripts = [Path(folder) / f"{lines}-{number}.sql" for number in range(PERSONS)]
                for file, person in zip(scripts, persons, strict=True):
                    file.write_text(script(person, lines))
                with web_server(url) as port:
                    turns = [
                        (
                            bare(url, scripts),
                            through_action(persons, lines),
                            through_http(persons, tokens, port, lines),
                        )
                        for _ in range(TURNS)
                    ]
                base, ours, web = (median(side) for side in zip(*turns, strict=True))
                reached += [ours >= BAR * base, web >= BAR_HTTP * base]
                statements = scripts[0].read_text().count(";\n") - 2
                table.add_row(
                    f"{lines}",
                    f"{statements}",
                    f"{base:,.0f}",
                    f"{ours:,.0f}",
                    f"{ours / base:.0%}",
                    f"{web:,.0f}",
                    f"{web / base:.0%}",
                )
    Console().print(table)
    Console().print(
        f"bar: at least {BAR:.0%} of bare SQL through the action, {BAR_HTTP:.0%} through HTTP: "
        f"{'reached' if all(reached) else 'not reached'}"
    )


if __name__ == "__main__":
    main()
