from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from xietong.platform.base import Rejected
from xietong.platform.credits import actions, queries
from xietong.platform.credits.models import Entry
from xietong.platform.people import actions as people
from xietong.platform.people.models import Ground, Person

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.platform.credits.conftest import Mill


def issue(person: Person, amount: int, *, round_number: int = 1) -> Entry:
    return Entry.objects.create(
        person=person, kind="allowance", amount=amount, source=uuid4(), round_number=round_number
    )


def crowd(number: int) -> list[Person]:
    return people.enrol_many(
        people.NewPerson(f"p{n}", f"P {n}", Ground.PENSION) for n in range(number)
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


def test_that_a_reversal_tells_in_plain_terms_what_it_reverses(mill: "Mill") -> None:
    mill.publish()
    actions.certify_and_issue(mill.bruno, records=[mill.log(mill.ana, week=3, minutes=90)])
    (work,) = queries.entries_of(mill.ana)
    actions.reverse(mill.ana, entry=work.id, source=uuid4())
    reversal, _ = queries.entries_of(mill.ana)
    assert (reversal.kind, reversal.amount, reversal.round_number) == ("reversal", -1_125, 1)
    assert reversal.reverses == work
    assert work.reverses is None


@pytest.mark.parametrize("reversals", [1, 3])
def test_that_entries_with_reversals_are_read_in_four_queries(
    mill: "Mill", reversals: int, django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    for amount in range(reversals):
        entry = issue(mill.ana, 1 + amount)
        actions.reverse(mill.ana, entry=entry.id, source=uuid4())
    with django_assert_num_queries(4):
        assert len(list(queries.entries_of(mill.ana))) == 2 * reversals


def test_that_a_week_whose_credits_were_reversed_issued_nothing(mill: "Mill") -> None:
    mill.publish()
    actions.certify_and_issue(mill.bruno, records=[mill.log(mill.ana, minutes=60)])
    (work,) = queries.entries_of(mill.ana)
    actions.reverse(mill.ana, entry=work.id, source=uuid4())
    assert [week.issued for week in queries.weeks_of(mill.ana, 1)] == [0]


def test_that_what_was_reversed_is_no_income(mill: "Mill") -> None:
    persons = crowd(10)
    for person in persons:
        issue(person, 60)
    undone, only = issue(persons[0], 40), issue(mill.bruno, 999)
    for person, entry in ((persons[0], undone), (mill.bruno, only)):
        actions.reverse(person, entry=entry.id, source=uuid4())
    assert queries.incomes(1) == queries.Incomes(10, 60, (queries.Part(10, 60),))


def test_that_a_reversal_counts_on_the_side_of_what_it_reverses(mill: "Mill") -> None:
    issue(mill.ana, 100)
    undone = issue(mill.ana, 7)
    actions.cancel(mill.ana, amount=30, source=uuid4(), round_number=1)
    returned = Entry.objects.get(kind="consumption")
    actions.cancel(mill.ana, amount=5, source=uuid4(), round_number=1)
    for entry in (undone, returned):
        actions.reverse(mill.ana, entry=entry.id, source=uuid4())
    assert queries.totals() == queries.Totals(issued=100, cancelled=5, balances=95)


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


def test_that_incomes_are_told_in_equal_parts_of_ten_persons_at_least(mill: "Mill") -> None:
    for amount, person in enumerate(crowd(35), start=1):
        issue(person, amount)
    issue(mill.ana, 999, round_number=2)
    assert queries.incomes(1) == queries.Incomes(
        persons=35,
        mean=18,
        # 1 to 12, 13 to 24, 25 to 35; halves are rounded up.
        parts=(queries.Part(12, 7), queries.Part(12, 19), queries.Part(11, 30)),
    )


def test_that_incomes_are_told_in_ten_parts_at_most(mill: "Mill") -> None:
    for person in crowd(110):
        issue(person, 5)
    incomes = queries.incomes(1)
    assert incomes is not None
    assert incomes.parts == (queries.Part(11, 5),) * 10


def test_that_nothing_is_told_of_the_incomes_of_nine(mill: "Mill") -> None:
    assert queries.incomes(1) is None
    for person in crowd(9):
        issue(person, 5)
    assert queries.incomes(1) is None


def test_that_the_latest_rate_is_that_of_the_newest_round(mill: "Mill") -> None:
    assert (queries.rate(1), queries.latest_rate()) == (None, None)
    mill.publish(1)
    newest = mill.publish(2)
    assert queries.latest_rate() == newest


class Identity(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 2),
                st.one_of(st.integers(-60, 100).filter(bool), st.just("reverse")),
            ),
            max_size=14,
        )
    )
    def test_that_issued_less_cancelled_is_what_the_accounts_hold(
        self, moves: list[tuple[int, int | str]]
    ) -> None:
        people = [Person.objects.create(username=name, name=name) for name in "abc"]
        # What still stands of each person, the newest last.
        standing: list[list[Entry]] = [[], [], []]
        for who, move in moves:
            person, own = people[who], standing[who]
            try:
                if move == "reverse":
                    if own:
                        actions.reverse(person, entry=own[-1].id, source=uuid4())
                        own.pop()
                    continue
                assert isinstance(move, int)
                if move > 0:
                    own.append(issue(person, move))
                    continue
                source = uuid4()
                actions.cancel(person, amount=-move, source=source, round_number=1)
                own.append(Entry.objects.get(person=person, source=source))
            except Rejected:
                needed = own[-1].amount if move == "reverse" else -int(move)
                assert queries.balance_of(person) < needed
        totals = queries.totals()
        amounts = [entry.amount for own in standing for entry in own]
        assert totals.issued - totals.cancelled == totals.balances
        assert totals.balances == sum(map(queries.balance_of, people))
        assert totals.issued == sum(amount for amount in amounts if amount > 0)
        assert totals.cancelled == -sum(amount for amount in amounts if amount < 0)
