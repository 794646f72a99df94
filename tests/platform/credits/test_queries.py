from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from xietong.platform.base import Rejected
from xietong.platform.credits import actions, queries
from xietong.platform.credits.models import Entry
from xietong.platform.people.models import Person

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.platform.credits.conftest import Mill


def issue(person: Person, amount: int, *, round_number: int = 1) -> Entry:
    return Entry.objects.create(
        person=person, kind="work", amount=amount, source=uuid4(), round_number=round_number
    )


def test_that_an_account_without_entries_holds_nothing(mill: "Mill") -> None:
    assert queries.balance_of(mill.ana) == 0
    assert list(queries.entries_of(mill.ana)) == []
    assert queries.totals() == queries.Totals(0, 0, 0)


def test_that_entries_are_one_s_own_in_plain_terms_and_the_newest_first(mill: "Mill") -> None:
    mill.publish()
    issue(mill.bruno, 7)
    actions.certify_and_issue(mill.bruno, records=[mill.log(mill.ana, week=3, minutes=90)])
    actions.cancel(mill.ana, amount=25, source=uuid4(), round_number=2)
    assert [
        (line.kind, line.amount, line.round_number, line.week, line.minutes)
        for line in queries.entries_of(mill.ana)
    ] == [("consumption", -25, 2, None, None), ("work", 1_125, 1, 3, 90)]


@pytest.mark.parametrize("entries", [1, 3])
def test_that_entries_are_read_in_three_queries(
    mill: "Mill", entries: int, django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    for amount in range(entries):
        issue(mill.ana, 1 + amount)
    with django_assert_num_queries(3):
        assert len(list(queries.entries_of(mill.ana))) == entries


def test_that_each_week_tells_what_it_issued(mill: "Mill") -> None:
    mill.publish()
    actions.certify_and_issue(mill.bruno, records=[mill.log(mill.ana, week=1, minutes=60)])
    actions.certify_and_issue(mill.bruno, records=[mill.log(mill.ana, week=2, minutes=1)])
    mill.log(mill.ana, week=3)
    assert [(week.work.week, week.issued) for week in queries.weeks_of(mill.ana, 1)] == [
        (1, 750),
        (2, 12),
        (3, None),
    ]


def test_that_a_round_is_expected_to_issue_the_mean_or_the_allowance(mill: "Mill") -> None:
    assert queries.expected_issue(mill.ana) is None
    mill.publish()
    assert queries.expected_issue(mill.ana) == 75_000
    assert queries.expected_issue(mill.celia) == 37_500


def test_that_incomes_are_a_spread_without_names(mill: "Mill") -> None:
    for person, amount in ((mill.ana, 60), (mill.bruno, 100), (mill.davi, 10)):
        issue(person, amount)
    issue(mill.ana, 40)
    issue(mill.ana, 999, round_number=2)
    assert queries.incomes(1, bands=4) == queries.Incomes(
        persons=3,
        lowest=10,
        tenth=10,
        median=100,
        ninetieth=100,
        highest=100,
        mean=70,
        bands=(
            queries.Band(0, 26, 1),
            queries.Band(26, 52, 0),
            queries.Band(52, 78, 0),
            queries.Band(78, 104, 2),
        ),
    )


def test_that_a_round_that_issued_nothing_has_no_incomes(mill: "Mill") -> None:
    assert queries.incomes(1) is None


def test_that_the_latest_rate_is_that_of_the_newest_round(mill: "Mill") -> None:
    assert (queries.rate(1), queries.latest_rate()) == (None, None)
    mill.publish(1)
    newest = mill.publish(2)
    assert queries.latest_rate() == newest


class Identity(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 2), st.integers(-60, 100).filter(bool)), max_size=12))
    def test_that_issued_less_cancelled_is_what_the_accounts_hold(
        self, moves: list[tuple[int, int]]
    ) -> None:
        people = [Person.objects.create(username=name, name=name) for name in "abc"]
        for who, amount in moves:
            if amount > 0:
                issue(people[who], amount)
                continue
            try:
                actions.cancel(people[who], amount=-amount, source=uuid4(), round_number=1)
            except Rejected:
                assert queries.balance_of(people[who]) < -amount
        totals = queries.totals()
        assert totals.issued - totals.cancelled == totals.balances
        assert totals.balances == sum(map(queries.balance_of, people))
        assert totals.issued == sum(amount for _, amount in moves if amount > 0)
