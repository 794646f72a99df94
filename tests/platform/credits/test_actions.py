from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xietong.platform.base import Rejected
from xietong.platform.credits import actions, queries
from xietong.platform.credits.models import Entry, Rate
from xietong.platform.credits.rules import Refusal
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import WorkRecord
from xietong.platform.labour.rules import Refusal as LabourRefusal
from xietong.platform.people import actions as people
from xietong.platform.people.models import Ground, Person

if TYPE_CHECKING:
    from tests.platform.conftest import Crowd
    from tests.platform.credits.conftest import Mill


def give(person: Person, amount: int) -> None:
    Entry.objects.create(
        person=person, kind="allowance", amount=amount, source=uuid4(), round_number=1
    )


def test_that_a_rate_is_published_with_the_sums_it_follows_from(mill: "Mill") -> None:
    mill.publish()
    rate = queries.rate(1)
    assert rate is not None
    assert (rate.per_hour, rate.allowance) == (750, 37_500)
    assert (rate.total_hours, rate.claimable_hours) == (Decimal(300), Decimal(300))
    assert (rate.workers, rate.on_allowance) == (3, 2)
    assert rate.allowance_share == Decimal("0.5")


def test_that_a_rate_is_published_once(mill: "Mill") -> None:
    first = mill.publish()
    with pytest.raises(Rejected) as why:
        actions.publish_rate(
            1,
            total_hours=Decimal(300),
            claimable_hours=Decimal(600),
            workers=3,
        )
    assert why.value.reason == Refusal.ALREADY_PUBLISHED
    assert Rate.objects.get().per_hour == first.per_hour


def test_that_a_price_is_the_labour_content_to_the_nearest_thousandth(mill: "Mill") -> None:
    actions.publish_prices(1, {"flour": Decimal("0.0126"), "bread": 1.2345})
    actions.publish_prices(2, {"flour": 0.0000001})
    assert queries.price_list(1) == {"flour": 13, "bread": 1235}
    assert queries.price_list(2) == {"flour": 1}
    assert queries.price_list(3) == {}
    assert queries.latest_priced_round() == 2


def test_that_prices_are_published_once(mill: "Mill") -> None:
    actions.publish_prices(1, {"flour": 1})
    with pytest.raises(Rejected) as why:
        actions.publish_prices(1, {"bread": 2, "flour": 2})
    assert why.value.reason == Refusal.ALREADY_PUBLISHED
    assert queries.price_list(1) == {"flour": 1000}


def test_that_an_unknown_product_has_no_price_and_stops_the_others(mill: "Mill") -> None:
    with pytest.raises(Rejected) as why:
        actions.publish_prices(1, {"bread": 2, "gold": 2})
    assert (why.value.reason, why.value.detail) == (Refusal.UNKNOWN_PRODUCT, "gold")
    assert queries.price_list(1) == {}


def test_that_certified_hours_issue_credits_to_who_worked(mill: "Mill") -> None:
    mill.publish()
    records = [mill.log(mill.ana, minutes=600), mill.log(mill.davi, minutes=61)]
    assert actions.certify_and_issue(mill.bruno, records=records) == 7_500 + 762
    assert queries.balance_of(mill.ana) == 7_500
    assert queries.balance_of(mill.davi) == 762
    assert queries.balance_of(mill.bruno) == 0
    assert set(Entry.objects.values_list("person", "kind", "source", "round_number")) == {
        (mill.ana.pk, "work", records[0], 1),
        (mill.davi.pk, "work", records[1], 1),
    }


def test_that_hours_certified_again_issue_nothing_more(mill: "Mill") -> None:
    mill.publish()
    record = mill.log(mill.ana)
    actions.certify_and_issue(mill.bruno, records=[record])
    assert actions.certify_and_issue(mill.davi, records=[record, record]) == 0
    assert queries.balance_of(mill.ana) == 7_500


def test_that_nobody_issues_credits_to_themselves(mill: "Mill") -> None:
    mill.publish()
    records = [mill.log(mill.ana), mill.log(mill.bruno)]
    with pytest.raises(Rejected) as why:
        actions.certify_and_issue(mill.ana, records=records)
    assert why.value.reason == LabourRefusal.OWN_HOURS
    assert not WorkRecord.objects.filter(certified_by__isnull=False).exists()
    assert not Entry.objects.exists()


def test_that_hours_are_not_certified_while_they_would_issue_nothing(mill: "Mill") -> None:
    record = mill.log(mill.ana)
    with pytest.raises(Rejected) as why:
        actions.certify_and_issue(mill.bruno, records=[record])
    assert why.value.reason == Refusal.NOT_PUBLISHED
    assert WorkRecord.objects.get().certified_by is None


def test_that_allowances_go_once_to_everyone_who_lives_by_a_need(mill: "Mill") -> None:
    mill.publish()
    assert actions.issue_allowances(1) == 75_000
    assert actions.issue_allowances(1) == 0
    assert set(Entry.objects.values_list("person", "kind", "amount")) == {
        (mill.celia.pk, "allowance", 37_500),
        (mill.emil.pk, "allowance", 37_500),
    }


def test_that_each_round_issues_its_own_allowance(mill: "Mill") -> None:
    for number in (1, 2):
        mill.publish(number)
        actions.issue_allowances(number)
    assert queries.balance_of(mill.celia) == 75_000


def test_that_who_left_the_roll_has_no_allowance_and_who_came_late_has_it(mill: "Mill") -> None:
    mill.publish()
    Person.objects.filter(pk=mill.emil.pk).update(left_at="2026-01-01T00:00Z")
    assert actions.issue_allowances(1) == 37_500
    people.enrol(username="fatima", name="Fatima", password=None, ground=Ground.STUDY)
    assert actions.issue_allowances(1) == 37_500


def test_that_there_is_no_allowance_without_a_rate(mill: "Mill") -> None:
    with pytest.raises(Rejected) as why:
        actions.issue_allowances(1)
    assert (why.value.reason, why.value.detail) == (Refusal.NOT_PUBLISHED, "1")


def test_that_the_last_credit_can_be_spent_and_not_one_more(mill: "Mill") -> None:
    give(mill.ana, 1_000)
    actions.cancel(mill.ana, amount=1_000, source=uuid4(), round_number=1)
    assert queries.balance_of(mill.ana) == 0
    with pytest.raises(Rejected) as why:
        actions.cancel(mill.ana, amount=1, source=uuid4(), round_number=1)
    assert why.value.reason == Refusal.NOT_ENOUGH_CREDITS
    assert queries.balance_of(mill.ana) == 0


def test_that_who_was_never_issued_credits_has_none_to_cancel(mill: "Mill") -> None:
    with pytest.raises(Rejected) as why:
        actions.cancel(mill.ana, amount=1, source=uuid4(), round_number=1)
    assert why.value.reason == Refusal.NOT_ENOUGH_CREDITS


def test_that_one_source_cancels_once_and_never_another_amount(mill: "Mill") -> None:
    give(mill.ana, 1_000)
    source = uuid4()
    for _ in range(2):
        actions.cancel(mill.ana, amount=400, source=source, round_number=1)
    assert queries.balance_of(mill.ana) == 600
    with pytest.raises(Rejected) as why:
        actions.cancel(mill.ana, amount=300, source=source, round_number=1)
    assert why.value.reason == Refusal.SOURCE_USED
    assert queries.balance_of(mill.ana) == 600


def newest(person: Person) -> Entry:
    return Entry.objects.filter(person=person)[0]


def test_that_what_was_cancelled_comes_back_when_it_is_reversed(mill: "Mill") -> None:
    give(mill.ana, 1_000)
    actions.cancel(mill.ana, amount=400, source=uuid4(), round_number=1)
    taken, source = newest(mill.ana), uuid4()
    actions.reverse(mill.ana, entry=taken.id, source=source)
    undone = newest(mill.ana)
    assert (undone.kind, undone.amount, undone.round_number) == ("reversal", 400, 1)
    assert (undone.reverses, undone.source) == (taken.id, source)
    assert queries.balance_of(mill.ana) == 1_000


def test_that_the_same_reversal_again_changes_nothing(mill: "Mill") -> None:
    give(mill.ana, 1_000)
    entry, source = newest(mill.ana).id, uuid4()
    for _ in range(2):
        actions.reverse(mill.ana, entry=entry, source=source)
    assert Entry.objects.count() == 2
    assert queries.balance_of(mill.ana) == 0


def test_that_what_cannot_be_reversed_is_refused_and_nothing_changes(mill: "Mill") -> None:
    give(mill.bruno, 50)
    give(mill.ana, 1_000)
    spent = newest(mill.ana).id
    first, second, source = uuid4(), uuid4(), uuid4()
    actions.cancel(mill.ana, amount=400, source=first, round_number=1)
    undone = newest(mill.ana).id
    actions.reverse(mill.ana, entry=undone, source=source)
    reversal = newest(mill.ana).id
    actions.cancel(mill.ana, amount=1, source=second, round_number=1)
    before = list(Entry.objects.values())
    for entry, because, reason in (
        (uuid4(), uuid4(), Refusal.NO_SUCH_ENTRY),
        (newest(mill.bruno).id, uuid4(), Refusal.NO_SUCH_ENTRY),
        (reversal, uuid4(), Refusal.REVERSAL_STANDS),
        (undone, uuid4(), Refusal.ALREADY_REVERSED),
        (newest(mill.ana).id, source, Refusal.SOURCE_USED),
        (spent, uuid4(), Refusal.SPENT_SINCE),
    ):
        with pytest.raises(Rejected) as why:
            actions.reverse(mill.ana, entry=entry, source=because)
        assert why.value.reason == reason
    assert list(Entry.objects.values()) == before
    assert (queries.balance_of(mill.ana), queries.balance_of(mill.bruno)) == (999, 50)


def test_that_eight_who_reverse_one_entry_at_once_reverse_it_once(
    mill: "Mill", eight_at_once: "Crowd"
) -> None:
    give(mill.ana, 1_000)
    actions.cancel(mill.ana, amount=400, source=uuid4(), round_number=1)
    taken = newest(mill.ana).id
    answers = eight_at_once(lambda number: actions.reverse(mill.ana, entry=taken, source=uuid4()))
    assert sorted(map(str, answers)) == ["None", *[Refusal.ALREADY_REVERSED] * 7]
    assert queries.balance_of(mill.ana) == 1_000


def test_that_a_reversal_and_purchases_at_once_never_take_a_balance_below_zero(
    mill: "Mill", eight_at_once: "Crowd"
) -> None:
    give(mill.ana, 1_000)
    issued = newest(mill.ana).id

    def act(number: int) -> str:
        if number % 2:
            actions.reverse(mill.ana, entry=issued, source=uuid4())
            return "reversed"
        actions.cancel(mill.ana, amount=250, source=uuid4(), round_number=1)
        return "spent"

    answers = list(map(str, eight_at_once(act)))
    assert (answers.count("reversed"), answers.count("spent")) in ((1, 0), (0, 4))
    assert queries.balance_of(mill.ana) == 0


def test_that_eight_at_once_on_one_account_never_take_it_below_zero(
    mill: "Mill", eight_at_once: "Crowd"
) -> None:
    give(mill.ana, 1_000)

    def spend(number: int) -> str:
        actions.cancel(mill.ana, amount=300, source=uuid4(), round_number=1)
        return "spent"

    answers = eight_at_once(spend)
    assert sorted(map(str, answers)) == [Refusal.NOT_ENOUGH_CREDITS] * 5 + ["spent"] * 3
    assert queries.balance_of(mill.ana) == 100


def test_that_eight_at_once_with_one_source_cancel_once(
    mill: "Mill", eight_at_once: "Crowd"
) -> None:
    give(mill.ana, 1_000)
    source = uuid4()
    answers = eight_at_once(
        lambda number: actions.cancel(mill.ana, amount=300, source=source, round_number=1)
    )
    assert answers == [None] * 8
    assert queries.balance_of(mill.ana) == 700


def test_that_first_credits_that_come_at_once_all_count(
    mill: "Mill", eight_at_once: "Crowd"
) -> None:
    eight_at_once(lambda number: give(mill.ana, 100 + number))
    assert queries.balance_of(mill.ana) == sum(range(100, 108))


def test_that_one_record_certified_by_many_at_once_issues_once(
    mill: "Mill", eight_at_once: "Crowd"
) -> None:
    crowd = Person.objects.bulk_create(
        Person(username=f"p{number}", name=f"P {number}") for number in range(8)
    )
    enterprises.join_many([enterprises.Place(person, "mill") for person in crowd])
    mill.publish()
    records = [mill.log(mill.ana), mill.log(mill.davi)]
    answers = eight_at_once(
        lambda number: actions.certify_and_issue(
            crowd[number], records=records if number % 2 else records[::-1]
        )
    )
    assert sorted(map(str, answers)) == ["0"] * 7 + ["15000"]
    assert queries.balance_of(mill.ana) == 7_500


@pytest.mark.parametrize("members", [2, 40])
def test_that_hours_are_certified_in_six_statements_however_many_there_are(
    mill: "Mill", members: int
) -> None:
    crowd = Person.objects.bulk_create(
        Person(username=f"p{number}", name=f"P {number}") for number in range(members)
    )
    enterprises.join_many([enterprises.Place(person, "mill") for person in crowd])
    mill.publish()
    labour.log_team_hours(mill.ana, week=1, minutes={person.pk: 600 for person in crowd})
    records = list(WorkRecord.objects.values_list("id", flat=True))
    with CaptureQueriesContext(connection) as sent:
        assert actions.certify_and_issue(mill.ana, records=records) == 7_500 * members
    written = [each["sql"] for each in sent if "SAVEPOINT" not in each["sql"]]
    # place, hours, disputes, round, certifying; issue
    assert len(written) == 6, written
    assert {entry.amount for entry in Entry.objects.all()} == {7_500}
