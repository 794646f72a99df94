"""How evenly incomes and consumption are spread, written down when a round closes."""

from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from xietong.platform.base import uuid7
from xietong.platform.credits.models import Entry
from xietong.platform.distribution import queries
from xietong.platform.distribution.actions.standings import write_standings
from xietong.platform.distribution.models import SpreadStanding
from xietong.platform.people import actions as people
from xietong.platform.people.models import Ground, Person

if TYPE_CHECKING:
    from tests.platform.distribution.conftest import Land

pytestmark = pytest.mark.django_db

INCOMES, CONSUMPTION = SpreadStanding.Of.INCOMES, SpreadStanding.Of.CONSUMPTION


def crowd(number: int, ground: Ground = Ground.PENSION, name: str = "p") -> list[Person]:
    return people.enrol_many(people.NewPerson(f"{name}{n}", name, ground) for n in range(number))


def issue(person: Person, amount: int) -> Entry:
    return Entry.objects.create(
        person=person, kind="allowance", amount=amount, source=uuid7(), round_number=1
    )


def spread(of: str = INCOMES, kind: str = "", number: int = 1) -> SpreadStanding:
    return SpreadStanding.objects.get(round_number=number, of=of, kind=kind)


def kinds() -> set[str]:
    found = SpreadStanding.objects.filter(of=INCOMES).exclude(kind="")
    return set(found.values_list("kind", flat=True))


def test_that_a_closed_round_keeps_what_everyone_was_issued_and_took(land: "Land") -> None:
    land.live()
    land.live()
    # Twenty-four live by one allowance, six have worked and their hours are not certified.
    incomes = spread(number=2)
    assert (incomes.persons, incomes.gini, incomes.low, incomes.high) == (30, 0.2, None, None)
    allowance = Entry.objects.filter(round_number=2, kind="allowance").first()
    assert allowance is not None
    assert incomes.mean == round(allowance.amount * 24 / 30)
    # Everyone took four of rice (1 h), four of soap (0.5 h, free) and a chair (4 h).
    taken = spread(CONSUMPTION, number=2)
    assert (taken.persons, taken.mean, taken.gini) == (30, 10_000, 0.0)


def test_that_tenths_are_told_from_a_hundred_persons_on() -> None:
    for amount, person in enumerate(crowd(100), start=1):
        issue(person, 1000 * amount)
    write_standings(1, {})
    found = spread()
    assert (found.persons, found.mean, found.gini) == (100, 50_500, 0.33)
    assert (found.low, found.high) == (5_500, 95_500)
    assert found.ratio == 95_500 / 5_500
    assert spread(kind="pensioners").ratio == found.ratio
    assert (spread(CONSUMPTION).mean, spread(CONSUMPTION).ratio) == (0, None)


def test_that_what_was_reversed_and_what_was_spent_is_left_out() -> None:
    first, *_ = persons = crowd(10)
    for person in persons:
        issue(person, 50)
    undone = issue(first, 7)
    Entry.objects.create(
        person=first, kind="reversal", amount=-7, source=uuid7(), round_number=1, reverses=undone.id
    )
    Entry.objects.create(
        person=first, kind="consumption", amount=-20, source=uuid7(), round_number=1
    )
    write_standings(1, {})
    assert (spread().mean, spread().gini) == (50, 0.0)


def test_that_nothing_is_told_of_fewer_than_ten_persons() -> None:
    for person in crowd(9):
        issue(person, 50)
    write_standings(1, {})
    assert not SpreadStanding.objects.exists()


def test_that_each_kind_of_ten_persons_is_told_of() -> None:
    for person in crowd(14):
        issue(person, 50)
    for person in crowd(12, Ground.STUDY, "s"):
        issue(person, 100)
    write_standings(1, {})
    assert {(each.kind, each.persons, each.income) for each in queries.figures_by_kind(1)} == {
        ("pensioners", 14, 50),
        ("one", 12, 100),
    }


def test_that_a_small_kind_cannot_be_reckoned_from_everyone_and_the_others() -> None:
    """Of 9 of one kind nothing is told, nor of the next 12: of 30 it is, and of all 51."""
    crowd(9)
    crowd(12, Ground.STUDY, "s")
    couples = crowd(30, Ground.STUDY, "c")
    people.form_households([couples[at : at + 2] for at in range(0, 30, 2)])
    write_standings(1, {})
    assert kinds() == {"couple"}
    assert spread().persons == 51


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("persons", 9),
        ("persons", 99),
        ("gini", -0.1),
        ("gini", 1.0),
        ("low", None),
        ("low", 51),
        ("high", 49),
        ("of", "wealth"),
        ("kind", "nobles"),
    ],
)
def test_that_the_database_keeps_the_laws_of_a_spread(column: str, value: object) -> None:
    row = {"round_number": 1, "of": "incomes", "kind": "", "persons": 100, "mean": 50}
    row |= {"gini": 0.1, "low": 10, "high": 90}
    with pytest.raises(IntegrityError) as why, transaction.atomic():
        SpreadStanding.objects.create(**row | {column: value})
    assert "distribution_spreadstanding" in str(why.value)
    SpreadStanding.objects.create(**row)


@pytest.mark.parametrize("statement", ["UPDATE {} SET gini = 0", "DELETE FROM {}"])
def test_that_a_spread_is_written_once(statement: str) -> None:
    crowd(10)
    write_standings(1, {})
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("distribution_spreadstanding"))


def test_that_the_first_figures_are_read_over_the_rounds(land: "Land", client: Client) -> None:
    land.live()
    land.live()
    answer = client.get("/api/opsroom/first-figures").json()
    assert [each["round_number"] for each in answer] == [1, 2]
    # Two of the ten hours that each took were soap.
    assert [each["by_need"] for each in answer] == [0.2, 0.2]
    assert answer[1]["incomes"] == {
        "persons": 30,
        "mean": spread(number=2).mean,
        "gini": 0.2,
        "low": None,
        "high": None,
        "ratio": None,
    }
    assert [each.round_number for each in queries.first_figures(1)] == [1]
    # Seven live alone: who would be told of the others would know of them.
    assert client.get("/api/opsroom/rounds/2/kinds").json() == []
