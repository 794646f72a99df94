"""What a person took is read by that person alone: every address and operation, tried by others."""

import io
import zipfile
from collections.abc import Callable, Iterator
from itertools import product
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.platform import lived
from tests.platform.factories import Country

from xietong.platform.api import api
from xietong.platform.credits import actions as credits
from xietong.platform.credits.models import Entry
from xietong.platform.decisions.models import Motion
from xietong.platform.labour.models import Dispute, Post, WorkRecord
from xietong.platform.needs.models import Collection, CollectionLine
from xietong.platform.people.models import Duty, Person
from xietong.platform.rounds.models import DialReading

pytestmark = pytest.mark.django_db

COST, QUANTITY = 1_234_567, 8_765_432
# As numbers and as the pages write them.
TRACES = ["1234567", "1,234.567", "1234.567", "8765432", "8,765,432"]
Address = tuple[str, str]
Walk = Callable[[Person], Iterator[Address]]


@pytest.fixture
def country(nothing_cached: None) -> Country:
    """The planner holds every duty, and works in one team with who takes something."""
    country = lived.lived(1)
    held = Duty.objects.filter(person=country.planner).values_list("kind", flat=True)
    assert set(held) == set(Duty.Kind)
    return country


@pytest.fixture
def buyer(country: Country) -> Person:
    return country.everyone[1]


@pytest.fixture
def traces(buyer: Person) -> list[str]:
    """What only somebody who reads the buyer's purchase can know."""
    visit = Collection.objects.create(person=buyer, key=uuid4(), book_id=2, cost=COST)
    CollectionLine.objects.create(
        person=buyer, collection_id=visit.id, product_id="rice", quantity=QUANTITY, cost=COST
    )
    Entry.objects.create(
        person=buyer, kind="allowance", amount=2 * COST + 1, source=uuid4(), round_number=2
    )
    credits.cancel(buyer, amount=COST, source=visit.id, round_number=2)
    entry = Entry.objects.get(person=buyer, source=visit.id)
    ids = [visit.id, visit.key, entry.id]
    return [*TRACES, *(form for id in ids for form in (str(id), id.hex))]


def values(buyer: Person) -> dict[str, list[str]]:
    """What an address may ask for, by the name of the part: also the buyer."""
    return {
        "code": ["rice", "rice-makers"],
        "number": ["1", "2", "3", "4"],
        "round_number": ["1", "2"],
        "key": ["goods"],
        "need": ["household:rice"],
        "record": [str(record.id) for record in WorkRecord.objects.all()],
        "dispute": [str(dispute.pk) for dispute in Dispute.objects.all()],
        "post_id": [str(post.pk) for post in Post.objects.all()],
        "reading_id": [str(reading.pk) for reading in DialReading.objects.all()],
        "motion_id": [str(buyer.pk), *(str(motion.pk) for motion in Motion.objects.all())],
    }


def pages(buyer: Person) -> Iterator[Address]:
    """Every address of the platform that is not the API's, to read and to write to."""
    given = values(buyer)
    for entry in get_resolver().url_patterns:
        patterns = entry.url_patterns if isinstance(entry, URLResolver) else [entry]
        if isinstance(entry, URLResolver) and entry.namespace:
            continue
        for pattern in patterns:
            assert isinstance(pattern, URLPattern)
            assert pattern.name is not None
            names = list(pattern.pattern.converters)
            for chosen in product(*(given[name] for name in names)):
                address = reverse(pattern.name, kwargs=dict(zip(names, chosen, strict=True)))
                yield from (("GET", address), ("POST", address))


def operations(buyer: Person) -> Iterator[Address]:
    """Every operation of the API, asked for the rounds in which the buyer took something."""
    given = values(buyer)
    for path, methods in api.get_openapi_schema()["paths"].items():
        names = [name for name in given if f"{{{name}}}" in path]
        for method, chosen in product(methods, product(*(given[name] for name in names))):
            address = path
            for name, value in zip(names, chosen, strict=True):
                address = address.replace(f"{{{name}}}", quote(value))
            assert "{" not in address
            yield method.upper(), address
            yield method.upper(), f"{address}?round_number=2"


def answer(person: Person, address: Address) -> tuple[int, str]:
    """Status and body of what this person is shown there; whatever it did is undone."""
    method, path = address
    client = Client(raise_request_exception=False)
    client.force_login(person)
    with transaction.atomic():
        response = client.generic(method, path, "{}", content_type="application/json")
        body = text(response)
        transaction.set_rollback(True)
    return response.status_code, body


def text(response: HttpResponseBase) -> str:
    content = response.getvalue()
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    return content.decode()


def seen(person: Person, addresses: Iterator[Address], traces: list[str]) -> list[Address]:
    """Where a person is shown one of these; all that could be read was read."""
    shown, read = [], 0
    for address in addresses:
        status, body = answer(person, address)
        assert status < 500, address
        read += status == 200
        if any(trace in body for trace in traces):
            shown.append(address)
    assert read > 20
    return shown


@pytest.mark.parametrize("who", ["another member", "a team-mate with every duty"])
@pytest.mark.parametrize("walk", [pages, operations])
def test_that_nobody_else_is_shown_what_a_person_took(
    country: Country, buyer: Person, traces: list[str], who: str, walk: Walk
) -> None:
    reader = country.planner if who == "a team-mate with every duty" else country.everyone[-1]
    assert seen(reader, walk(buyer), traces) == []


def test_that_who_took_it_is_shown_it_on_these_pages_and_by_these_operations_alone(
    country: Country, buyer: Person, traces: list[str]
) -> None:
    assert {path for _, path in seen(buyer, pages(buyer), traces)} == {
        "/collection/",
        "/credits/",
    }
    assert {path.partition("?")[0] for _, path in seen(buyer, operations(buyer), traces)} == {
        "/api/credits/entries",
        "/api/needs/collections",
    }


@pytest.mark.parametrize("above", ["is_superuser", "is_staff", "user_permissions"])
def test_that_nobody_stands_above_those_with_duties(above: str) -> None:
    assert not hasattr(Person, above)
    assert not apps.is_installed("django.contrib.admin")
