"""Reading credits: one's own account, and sums without names."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db import connection

from xietong.platform.people.models import Person

from .models import Account, Entry, Price, Rate

ENTRIES_A_PAGE = 30


@dataclass(frozen=True)
class Totals:
    """1/1000 credits of everyone together: issued - cancelled = balances."""

    issued: int
    cancelled: int
    balances: int


@dataclass(frozen=True)
class Band:
    """So many persons were issued at least `low` and less than `high`, in 1/1000 credits."""

    low: int
    high: int
    persons: int


@dataclass(frozen=True)
class Incomes:
    """What one round issued to those it issued anything to, in 1/1000 credits."""

    persons: int
    lowest: int
    tenth: int
    median: int
    ninetieth: int
    highest: int
    mean: int
    bands: tuple[Band, ...]


def balance_of(person: Person) -> int:
    """1/1000 credits in a person's account."""
    found = Account.objects.filter(person=person).values_list("balance", flat=True).first()
    return found or 0


def entries_of(person: Person, page: int | str = 1) -> "Page[Entry]":
    """What moved a person's balance, the newest first."""
    return Paginator(Entry.objects.filter(person=person), ENTRIES_A_PAGE).get_page(page)


def issued_by_source(person: Person, round_number: int) -> dict[object, int]:
    """1/1000 credits that one round issued to a person, by what they came from."""
    return dict(
        Entry.objects.filter(person=person, round_number=round_number, amount__gt=0).values_list(
            "source", "amount"
        )
    )


def totals() -> Totals:
    """All credits ever issued and cancelled, and all balances, at one moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::bigint,
                   coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::bigint,
                   (SELECT coalesce(sum(balance), 0)::bigint FROM credits_account)
            FROM credits_entry
            """
        )
        return Totals(*cursor.fetchone())


def price_list(round_number: int) -> dict[str, int]:
    """1/1000 credits a unit by product code; empty for a round without prices."""
    return dict(Price.objects.filter(round_number=round_number).values_list("product_id", "amount"))


def rate(round_number: int) -> Rate | None:
    """What an hour of work and an allowance issue in a round, once it is published."""
    return Rate.objects.filter(round_number=round_number).first()


def latest_rate() -> Rate | None:
    """The rate of the newest round that has one."""
    return Rate.objects.order_by("-round_number").first()


def latest_priced_round() -> int | None:
    """The newest round that has prices."""
    return Price.objects.order_by("-round_number").values_list("round_number", flat=True).first()


def incomes(round_number: int, bands: int = 12) -> Incomes | None:
    """How what a round issued is spread over persons; None while it has issued nothing.

    `bands` equal bands reach from nothing to just above the highest income.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH income AS (
                SELECT sum(amount)::bigint AS amount FROM credits_entry
                WHERE round_number = %(round)s AND kind IN ('work', 'allowance')
                GROUP BY person_id
            ),
            width AS (SELECT max(amount) / %(bands)s + 1 AS size FROM income),
            band AS (
                SELECT amount / size AS number, size, count(*) AS persons
                FROM income, width GROUP BY 1, 2
            )
            SELECT count(*), min(amount), percentile_disc(ARRAY[0.1, 0.5, 0.9])
                       WITHIN GROUP (ORDER BY amount),
                   max(amount), round(avg(amount))::bigint,
                   (SELECT size FROM width),
                   (SELECT json_object_agg(number, persons) FROM band)
            FROM income
            """,
            {"round": round_number, "bands": bands},
        )
        persons, lowest, quantiles, highest, mean, size, filled = cursor.fetchone()
    if not persons:
        return None
    tenth, median, ninetieth = quantiles
    return Incomes(
        persons=persons,
        lowest=lowest,
        tenth=tenth,
        median=median,
        ninetieth=ninetieth,
        highest=highest,
        mean=mean,
        bands=tuple(
            Band(number * size, (number + 1) * size, filled.get(str(number), 0))
            for number in range(bands)
        ),
    )
