from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from xietong.platform.credits import actions, queries
from xietong.platform.credits.models import Entry
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import Assignment, Dispute, Post, WorkRecord
from xietong.platform.people.models import Person

if TYPE_CHECKING:
    from tests.platform.conftest import Crowd
    from tests.platform.credits.conftest import Mill


def worked(mill: "Mill", *, week: int = 1, minutes: int = 600) -> UUID:
    """Ana's week, certified by Bruno and issued: 7.500 credits for ten hours."""
    record = mill.log(mill.ana, week=week, minutes=minutes)
    actions.certify_and_issue(mill.bruno, records=[record])
    return record


def correct(mill: "Mill", record: UUID, minutes: int) -> int:
    """Bruno writes what was worked in truth, Davi certifies it; returns what it moved."""
    correction = labour.correct_hours(mill.bruno, record=record, minutes=minutes)
    return actions.certify_and_issue(mill.davi, records=[correction])


def spend(person: Person, amount: int) -> None:
    actions.cancel(person, amount=amount, source=uuid4(), round_number=1)


def moved(person: Person) -> list[tuple[str, int]]:
    return [(entry.kind, entry.amount) for entry in Entry.objects.filter(person=person)][::-1]


@pytest.mark.parametrize(("minutes", "worth"), [(900, 11_250), (300, 3_750), (0, 0)])
def test_that_a_corrected_week_issues_what_it_is_worth(
    mill: "Mill", minutes: int, worth: int
) -> None:
    mill.publish()
    assert correct(mill, worked(mill), minutes) == worth - 7_500
    assert queries.balance_of(mill.ana) == worth
    assert sum(amount for _, amount in moved(mill.ana)) == worth
    (week,) = queries.weeks_of(mill.ana, 1)
    assert (week.issued, week.waits, week.work.minutes) == (worth, False, minutes)


def test_that_a_correction_can_itself_be_corrected(mill: "Mill") -> None:
    mill.publish()
    record = worked(mill)
    for minutes, worth in ((300, 3_750), (0, 0), (600, 7_500)):
        correct(mill, record, minutes)
        record = WorkRecord.objects.order_by("-id").first().id  # type: ignore[union-attr]
        assert queries.balance_of(mill.ana) == worth


def test_that_what_was_spent_is_taken_from_the_next_issue_of_work(mill: "Mill") -> None:
    mill.publish()
    record = worked(mill)
    spend(mill.ana, 7_000)
    assert correct(mill, record, 300) == 0
    assert queries.balance_of(mill.ana) == 500
    (week,) = queries.weeks_of(mill.ana, 1)
    assert (week.issued, week.waits) == (7_500, True)
    worked(mill, week=2, minutes=120)
    assert queries.balance_of(mill.ana) == 2_000
    worked(mill, week=3, minutes=600)
    assert queries.balance_of(mill.ana) == 2_000 + 7_500 - 3_750
    assert [week.waits for week in queries.weeks_of(mill.ana, 1)] == [False] * 3


def test_that_what_waits_is_itself_corrected_before_it_happens(mill: "Mill") -> None:
    mill.publish()
    record = worked(mill)
    spend(mill.ana, 7_500)
    correct(mill, record, 300)
    waiting = WorkRecord.objects.get(corrects=record)
    assert correct(mill, waiting.id, 660) == 750
    assert sorted(moved(mill.ana)) == [
        ("consumption", -7_500),
        ("reversal", -7_500),
        ("work", 7_500),
        ("work", 8_250),
    ]


def test_that_the_database_itself_issues_a_week_once(mill: "Mill") -> None:
    mill.publish()
    record = worked(mill)
    correction = labour.correct_hours(mill.bruno, record=record, minutes=300)
    labour.certify(mill.davi, records=[correction])
    with pytest.raises(IntegrityError, match="a week of work issues once"), transaction.atomic():
        Entry.objects.create(
            person=mill.ana, kind="work", amount=3_750, source=correction, round_number=1
        )
    assert queries.balance_of(mill.ana) == 7_500


def test_that_hours_that_were_corrected_issue_nothing_any_more(mill: "Mill") -> None:
    mill.publish()
    record = mill.log(mill.ana)
    labour.certify(mill.bruno, records=[record])
    correction = labour.correct_hours(mill.bruno, record=record, minutes=300)
    assert actions.certify_and_issue(mill.davi, records=[correction]) == 3_750
    assert actions.certify_and_issue(mill.davi, records=[record]) == 0
    with pytest.raises(IntegrityError, match="rate x hours x factor"), transaction.atomic():
        Entry.objects.create(
            person=mill.ana, kind="work", amount=7_500, source=record, round_number=1
        )


def test_that_eight_who_certify_a_correction_at_once_move_the_account_once(
    mill: "Mill", eight_at_once: "Crowd"
) -> None:
    mill.publish()
    record = worked(mill)
    correction = labour.correct_hours(mill.bruno, record=record, minutes=300)
    answers = eight_at_once(
        lambda number: actions.certify_and_issue(mill.davi, records=[correction])
    )
    assert sorted(map(str, answers)) == ["-3750", *["0"] * 7]
    assert queries.balance_of(mill.ana) == 3_750


def test_that_a_waiting_correction_and_purchases_at_once_never_take_a_balance_below_zero(
    mill: "Mill", eight_at_once: "Crowd"
) -> None:
    mill.publish()
    record = worked(mill)
    correction = labour.correct_hours(mill.bruno, record=record, minutes=60)

    def act(number: int) -> object:
        if number == 0:
            return actions.certify_and_issue(mill.davi, records=[correction])
        spend(mill.ana, 1_000)
        return "spent"

    eight_at_once(act)
    worked(mill, week=2)
    assert queries.balance_of(mill.ana) >= 0
    corrected, spent = (
        Entry.objects.filter(kind="reversal").count(),
        Entry.objects.filter(kind="consumption").count(),
    )
    assert queries.balance_of(mill.ana) == (750 if corrected else 7_500) + 7_500 - 1_000 * spent


def test_that_a_vote_of_the_members_issues_and_corrects_at_once(mill: "Mill") -> None:
    mill.publish()
    record = mill.log(mill.ana)
    refused = labour.open_dispute(mill.ana, record=record, minutes=600, why="I was there.")
    key = uuid4()
    actions.vote_on_dispute(mill.bruno, dispute=refused.id, agrees=True, key=key)
    actions.vote_on_dispute(mill.davi, dispute=refused.id, agrees=True)
    actions.vote_on_dispute(mill.bruno, dispute=refused.id, agrees=True, key=key)
    assert queries.balance_of(mill.ana) == 7_500
    worked(mill, week=2)
    doubted = labour.open_dispute(
        mill.davi, record=WorkRecord.objects.get(week=2).id, minutes=60, why="An hour at most."
    )
    actions.vote_on_dispute(mill.bruno, dispute=doubted.id, agrees=True)
    assert queries.balance_of(mill.ana) == 7_500 + 750


def test_that_disputes_whose_time_is_up_are_decided_by_themselves(mill: "Mill") -> None:
    mill.publish()
    dispute = labour.open_dispute(mill.ana, record=mill.log(mill.ana), minutes=300, why="So.")
    actions.vote_on_dispute(mill.bruno, dispute=dispute.id, agrees=True)
    assert actions.decide_due_disputes() == 0
    Dispute.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert actions.decide_due_disputes() == 1
    assert queries.balance_of(mill.ana) == 3_750
    assert actions.decide_due_disputes() == 0


def test_that_disputed_hours_beyond_the_posts_by_now_lapse_and_hold_up_no_others(
    mill: "Mill",
) -> None:
    mill.publish()
    for person, minutes in ((mill.ana, 3000), (mill.davi, 300)):
        dispute = labour.open_dispute(person, record=mill.log(person), minutes=minutes, why="So.")
        actions.vote_on_dispute(mill.bruno, dispute=dispute.id, agrees=True)
    post = Post.objects.create(enterprise_id="mill", capacity=1200)
    Assignment.objects.create(person=mill.ana, post=post, minutes=1200)
    Dispute.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert actions.decide_due_disputes() == 2
    assert set(Dispute.objects.values_list("person__name", "state")) == {
        (mill.ana.name, "lapsed"),
        (mill.davi.name, "upheld"),
    }
    assert queries.balance_of(mill.ana) == 0
    assert queries.balance_of(mill.davi) == 3_750


def test_that_members_correct_dispute_and_vote_on_pages(mill: "Mill") -> None:
    mill.publish()
    record = worked(mill)

    def signed_in(person: Person) -> Client:
        client = Client()
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        return client

    address = f"/enterprise/hours/{record}/"
    days = {f"day{number}": "1" for number in range(1, 6)}
    bruno, davi = signed_in(mill.bruno), signed_in(mill.davi)
    assert bruno.get(address).status_code == 200
    assert signed_in(mill.emil).get(address).status_code == 404
    answer = bruno.post(address, {"do": "dispute", **days})
    assert answer.status_code == 422
    answer = bruno.post(address, {"do": "dispute", "why": "Too much.", **days})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/enterprise/disputes/")
    dispute = Dispute.objects.get()
    page = davi.get("/enterprise/disputes/").text
    assert "Too much." in page
    assert "I vote for it" in page
    davi.post(f"/enterprise/disputes/{dispute.pk}/vote/", {"agrees": "yes"})
    assert queries.balance_of(mill.ana) == 3_750
    correction = WorkRecord.objects.get(corrects=record)
    answer = davi.post(
        f"/enterprise/hours/{correction.id}/", {"do": "correct", **days, "day6": "5"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/enterprise/members/")
    assert "corrects 5 h" in bruno.get("/work/").text
