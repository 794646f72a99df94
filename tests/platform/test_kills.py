"""The web server and PostgreSQL are struck down by `kill -9` while people collect.

Clients keep outside the database what they were told. Afterwards every visit that was acknowledged
is there once, and of each that was not there is all or nothing.
"""

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import psutil
import psycopg
import pytest
from tests.platform.shop import PERSONS, THERE

from xietong.platform import embedded, processes
from xietong.platform.database import APPLICATION
from xietong.platform.embedded import DATABASE

PATIENCE_SECONDS = 60
CLIENTS = 8
STRUCK = (("web server",), ("PostgreSQL",), ("web server", "PostgreSQL"))

# One row for each visit; a visit is whole if all of its parts say the same.
VISITS = """
    SELECT visit.person_id, visit.key, visit.id, visit.cost,
           coalesce(entry.amount, 0) = -visit.cost
           AND coalesce(line.cost, 0) = visit.cost
           AND line.quantities IS NOT DISTINCT FROM moved.quantities
    FROM needs_collection AS visit
    LEFT JOIN credits_entry AS entry
        ON entry.person_id = visit.person_id AND entry.source = visit.id
    LEFT JOIN (
        SELECT collection_id, sum(cost) AS cost,
               jsonb_object_agg(product_id, quantity) AS quantities
        FROM needs_collectionline GROUP BY collection_id
    ) AS line ON line.collection_id = visit.id
    LEFT JOIN (
        SELECT source, jsonb_object_agg(product_id, (-quantity)::int) AS quantities
        FROM enterprises_movement WHERE kind = 'collection' GROUP BY source
    ) AS moved ON moved.source = visit.id
"""
# Parts of a visit that is not there, sums that their parts do not make: none of these has a row.
TORN = """
    SELECT 'entry', source::text FROM credits_entry
    WHERE kind = 'consumption' AND source NOT IN (SELECT id FROM needs_collection)
    UNION ALL
    SELECT 'movement', source::text FROM enterprises_movement
    WHERE kind = 'collection' AND source NOT IN (SELECT id FROM needs_collection)
    UNION ALL
    SELECT 'line', collection_id::text FROM needs_collectionline
    WHERE collection_id NOT IN (SELECT id FROM needs_collection)
    UNION ALL
    SELECT 'balance', person_id::text FROM credits_account
    WHERE balance < 0 OR balance <> (
        SELECT sum(amount) FROM credits_entry AS entry
        WHERE entry.person_id = credits_account.person_id
    )
    UNION ALL
    SELECT 'stock', product_id FROM enterprises_stock
    WHERE quantity < 0 OR quantity <> (
        SELECT sum(moved.quantity) FROM enterprises_movement AS moved
        WHERE moved.product_id = enterprises_stock.product_id
    )
    UNION ALL
    SELECT 'order', product_id FROM needs_orderline AS promise
    WHERE collected <> coalesce((
        SELECT sum(line.quantity) FROM needs_collectionline AS line
        WHERE line.person_id = promise.person_id AND line.product_id = promise.product_id
    ), 0)
"""
LAMPS = "SELECT sum(quantity) FROM needs_collectionline WHERE product_id = 'lamp'"


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Root's database runs as another user, who has to reach it.
        folder.chmod(0o755)
        yield folder / "home"


class Client(Thread):
    """Collects without a pause, each time with a key of its own, or one that had no answer."""

    def __init__(self, number: int, port: int, token: str, stop: Event) -> None:
        super().__init__(daemon=True)
        self.rng = random.Random(number)
        self.port, self.token, self.stop = port, token, stop
        self.told: list[tuple[str, str, int]] = []  # key, visit, cost
        self.unanswered: list[dict[str, object]] = []
        self.trouble: list[str] = []

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        with closing(connection):
            self.collect(connection)

    def collect(self, connection: HTTPConnection) -> None:
        while not self.stop.is_set():
            asked = self.next_visit()
            try:
                connection.request(
                    "POST",
                    "/api/needs/collections",
                    json.dumps(asked),
                    {
                        "Authorization": f"Bearer {self.token}",
                        "Content-Type": "application/json",
                    },
                )
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, HTTPException):
                connection.close()
                self.unanswered.append(asked)
                self.stop.wait(0.05)
                continue
            if answer.status == 200:
                visit = json.loads(body)
                self.told.append((str(asked["key"]), visit["id"], visit["cost"]))
            elif answer.status >= 500:
                self.unanswered.append(asked)
                self.stop.wait(0.05)
            else:
                self.trouble.append(f"{answer.status} {body!r}")

    def next_visit(self) -> dict[str, object]:
        # Some are never sent again: of these too there must be all or nothing.
        if len(self.unanswered) > 3 or (self.unanswered and self.rng.random() < 0.5):
            return self.unanswered.pop(self.rng.randrange(len(self.unanswered)))
        wanted = self.rng.sample(list(THERE), self.rng.randint(1, 3))
        return {
            "key": str(uuid4()),
            "quantities": {code: self.rng.randint(1, 3) for code in wanted},
        }


class Platform:
    """The database and the web server as `xietong serve` runs them, each struck down alone."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        # Such as the server that the tests themselves run on.
        self.others = set(psutil.Process().children())
        # By the link in the home the web server finds each database that follows.
        self.url = f"postgresql://{APPLICATION}@/{DATABASE}?host={home}/socket"
        self.parts = {"PostgreSQL": ExitStack(), "web server": ExitStack()}
        for part in self.parts:
            self.start(part)

    def start(self, part: str) -> None:
        if part == "PostgreSQL":
            self.parts[part].enter_context(embedded.running(self.home))
        else:
            self.parts[part].enter_context(
                processes.running(
                    [sys.executable, "-m", "xietong.platform.web", "127.0.0.1", str(self.port)],
                    environment={
                        "DATABASE_URL": self.url,
                        "DJANGO_SETTINGS_MODULE": "xietong.platform.settings",
                    },
                    output=subprocess.DEVNULL,
                )
            )

    def strike(self, *parts: str) -> None:
        """`kill -9` of every process of these parts, one after the other; then they start anew."""
        started = set(psutil.Process().children()) - self.others
        ours = [each for root in started for each in (root, *root.children(recursive=True))]
        for part in parts:
            struck = [process for process in ours if is_of(process, part)]
            for process in struck:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        for part in parts:
            self.parts[part].close()
            self.start(part)

    def stop(self) -> None:
        for part in reversed(self.parts.values()):
            part.close()


def is_of(process: psutil.Process, part: str) -> bool:
    with suppress(psutil.Error):
        is_database = process.name() == "postgres"
        is_web = process.name().startswith("python")
        return is_database if part == "PostgreSQL" else is_web
    return False


@pytest.mark.parametrize("kills", [5, pytest.param(50, marks=pytest.mark.long)])
def test_that_what_was_acknowledged_is_there_once_and_nothing_by_half_whatever_is_killed(
    home: Path, kills: int
) -> None:
    founded = subprocess.run(
        [sys.executable, Path(__file__).with_name("shop.py"), home],
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        stdout=subprocess.PIPE,
        check=True,
    )
    tokens = json.loads(founded.stdout)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    platform = Platform(home, port)
    rng, stop = random.Random(kills), Event()
    clients = [Client(number, port, tokens[number % PERSONS], stop) for number in range(CLIENTS)]

    def acknowledged() -> int:
        return sum(len(client.told) for client in clients)

    try:
        for client in clients:
            client.start()
        for _ in range(kills):
            # Always under load: not before some were served again.
            before = acknowledged()
            while acknowledged() < before + 20:
                stop.wait(0.01)
            stop.wait(rng.uniform(0, 0.5))
            platform.strike(*rng.choice(STRUCK))
        before = acknowledged()
        while acknowledged() < before + 20:
            stop.wait(0.01)
        stop.set()
        for client in clients:
            client.join(PATIENCE_SECONDS)
        with psycopg.connect(f"postgresql://xietong@/xietong?host={home}/socket") as owner:
            visits = owner.execute(VISITS).fetchall()
            torn = owner.execute(TORN).fetchall()
            lamps = owner.execute(LAMPS).fetchall()
    finally:
        stop.set()
        platform.stop()
    assert [client.trouble for client in clients] == [[]] * CLIENTS
    assert [visit for visit in visits if not visit[-1]] == []
    assert torn == []
    assert lamps == [(THERE["lamp"],)]
    there = {str(key): (str(id), cost) for _, key, id, cost, _ in visits}
    assert len(there) == len(visits)
    told = {key: (id, cost) for client in clients for key, id, cost in client.told}
    assert len(told) == acknowledged() >= 20 * kills
    assert {key: there.get(key) for key in told} == told
    # What is there and was not acknowledged was on its way when something was killed.
    sent = {str(asked["key"]) for client in clients for asked in client.unanswered}
    assert there.keys() - told.keys() <= sent
