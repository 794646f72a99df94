"""Asking the dial: once for each question, one at a time for each person, answered for good."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.platform import factories
from tests.platform.rounds.dial.conftest import kept

from xietong.platform.base import Rejected
from xietong.platform.decisions import rules as decisions
from xietong.platform.distribution import rules as distribution
from xietong.platform.people import actions as people
from xietong.platform.rounds import tasks
from xietong.platform.rounds.dial import actions
from xietong.platform.rounds.models import DialReading, Scenario
from xietong.platform.rounds.rules import MOST_A_DAY, MOST_WAITING, Refusal, may_ask

if TYPE_CHECKING:
    from tests.platform.conftest import Crowd
    from tests.platform.rounds.dial.conftest import Shore


def refused(call: Any, *args: Any, **asked: Any) -> object:
    with pytest.raises(Rejected) as why:
        call(*args, **asked)
    return why.value.reason


def test_that_a_question_asks_for_the_job_after_all_drafts(shore: "Shore") -> None:
    asked = actions.ask(shore.planner, products=["rice"], spread=150)
    assert (asked.spread, asked.steps, asked.waits) == (150, {"rice": "quota"}, True)
    assert (asked.scenario.round_id, asked.observed) == (2, 1)
    job = ProcrastinateJob.objects.get(task_name="rounds.read_dial")
    assert (job.args, job.priority) == ({"reading": str(asked.id)}, -10)


@pytest.mark.usefixtures("no_job_waits")
def test_that_the_job_answers_once() -> None:
    country = factories.found(1)
    country.order(units=80)
    country.draft(1)
    country.choose("goods", 1)
    asked = actions.ask(country.planner, products=["rice"])
    tasks.read_dial(str(asked.id))
    answered = kept(asked.id)
    assert (answered.waits, answered.trouble) == (False, "")
    tasks.read_dial(str(asked.id))
    assert kept(asked.id).answered_at == answered.answered_at


def test_that_the_same_question_is_worked_out_once_whoever_asks(shore: "Shore") -> None:
    first = actions.ask(shore.planner, products=["rice", "chair"])
    assert actions.ask(shore.pensioners[0], products=["chair", "rice"]) == first
    actions.answer(first.id)
    assert actions.ask(shore.planner, products=["chair", "rice"]) == first
    assert DialReading.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="rounds.read_dial").count() == 1


def test_that_one_key_asks_once(shore: "Shore") -> None:
    key = uuid4()
    first = actions.ask(shore.planner, spread=100, key=key)
    assert actions.ask(shore.planner, spread=100, key=key) == first
    assert "key" in str(refused(actions.ask, shore.planner, spread=200, key=key))


def test_that_a_person_asks_one_question_at_a_time(shore: "Shore") -> None:
    first = actions.ask(shore.planner, spread=100)
    assert refused(actions.ask, shore.planner, spread=200) == Refusal.ONE_AT_A_TIME
    actions.ask(shore.pensioners[0], spread=200)
    actions.answer(first.id)
    assert actions.ask(shore.planner, spread=300).waits


def test_that_a_person_asks_twenty_questions_a_day_at_most(shore: "Shore") -> None:
    scenario = Scenario.objects.get(round=2, key="goods")
    for number in range(MOST_A_DAY):
        DialReading.objects.create(
            scenario=scenario, observed=1, spread=number, steps={}, question=str(number),
            asked_by=shore.planner, answered_at="2026-01-01T00:00Z", trouble="none",
        )  # fmt: skip
    assert refused(actions.ask, shore.planner, spread=200) == Refusal.ENOUGH_FOR_TODAY
    assert actions.ask(shore.pensioners[0], spread=200).waits


def test_that_no_more_questions_are_taken_than_can_be_worked_out_soon() -> None:
    assert may_ask(False, 0, MOST_WAITING) == Refusal.TOO_MANY_WAIT
    assert may_ask(False, MOST_A_DAY - 1, MOST_WAITING - 1) is None


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ({}, Refusal.NOTHING_CHANGED),
        ({"spread": 0}, Refusal.NOTHING_CHANGED),
        ({"percent": 1}, Refusal.NOTHING_CHANGED),
        ({"spread": 1000}, Refusal.SPREAD_OUT_OF_BOUNDS),
        ({"spread": -1}, Refusal.SPREAD_OUT_OF_BOUNDS),
        ({"products": ["soap"]}, Refusal.NO_SUCH_STEP),
        ({"products": ["rice", "gold"]}, Refusal.NO_SUCH_STEP),
        ({"products": ["\0"]}, Refusal.NO_SUCH_STEP),
    ],
)
def test_that_what_cannot_be_asked_is_refused(
    shore: "Shore", setting: dict[str, Any], reason: Refusal
) -> None:
    assert refused(actions.ask, shore.planner, **setting) == reason
    assert not DialReading.objects.exists()


@pytest.mark.django_db
def test_that_there_is_nothing_to_compare_with_before_a_plan_is_at_work() -> None:
    country = factories.found(1)
    assert refused(actions.ask, country.planner, spread=100) == Refusal.NO_PLAN_AT_WORK


def test_that_who_asked_is_told_where_there_is_no_answer(shore: "Shore") -> None:
    """A plan that was never adopted has no payout to compare with."""
    other = Scenario.objects.get(round=2, key="leisure")
    DialReading.objects.create(
        scenario=Scenario.objects.create(
            **{
                field.attname: getattr(other, field.attname)
                for field in other._meta.concrete_fields
                if field.name not in ("id", "round")
            },
            round_id=3,
        ),
        observed=1,
        spread=100,
        steps={},
        question="x",
        asked_by=shore.planner,
    )
    asked = DialReading.objects.get()
    with pytest.raises(LookupError):
        actions.answer(asked.id)
    assert (kept(asked.id).trouble, kept(asked.id).waits) == (actions.FAILED, False)
    # The same can be asked again, and something else too.
    assert actions.ask(shore.planner, spread=100).waits


def row(shore: "Shore", **fields: object) -> DialReading:
    scenario = Scenario.objects.get(round=2, key="goods")
    given = {"observed": 1, "spread": 1, "steps": {}, "question": "q", "asked_by": shore.planner}
    return DialReading.objects.create(scenario=scenario, **given | fields)


@pytest.mark.parametrize(
    ("law", "fields"),
    [
        ("rounds_dialreading_once", {"asked_by": None}),
        ("rounds_dialreading_one_at_a_time", {"question": "other"}),
        ("rounds_dialreading_spread", {"question": "other", "spread": 1000}),
        ("rounds_dialreading_answered_whole", {"question": "other", "answer": {}}),
        ("rounds_dialreading_answered_whole", {"question": "other", "trouble": "why"}),
        (
            "rounds_dialreading_answered_whole",
            {"question": "other", "answered_at": "2026-01-01T00:00Z"},
        ),
    ],
)
def test_that_the_database_keeps_the_laws_of_the_dial(
    shore: "Shore", law: str, fields: dict[str, Any]
) -> None:
    row(shore)
    if fields.get("asked_by", 0) is None or law != "rounds_dialreading_one_at_a_time":
        fields = fields | {"asked_by": shore.pensioners[0]}
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        row(shore, **fields)


def test_that_a_question_stays_as_it_was_asked_and_an_answer_as_it_was_given(
    shore: "Shore",
) -> None:
    asked = row(shore)
    mine = DialReading.objects.filter(pk=asked.pk)
    for changed in ({"spread": 2}, {"steps": {"rice": "free"}}, {"asked_by": shore.pensioners[0]}):
        with pytest.raises(DatabaseError), transaction.atomic():
            mine.update(**changed)
    mine.update(answer={"said": 1}, answered_at="2026-01-01T00:00Z")
    for anew in ({"said": 2}, None):
        with pytest.raises(DatabaseError), transaction.atomic():
            mine.update(answer=anew)
    with pytest.raises(DatabaseError), transaction.atomic():
        mine.delete()
    assert kept(asked.pk).answer == {"said": 1}


def test_that_the_spread_that_was_asked_comes_to_the_vote_with_its_reading(
    shore: "Shore",
) -> None:
    reading = shore.answered(spread=150, products=["rice"])
    motion = actions.put_to_vote(shore.planner, reading=reading)
    assert (motion.effect, motion.subject["reading"]) == ("set_spread", str(reading.id))
    assert motion.subject["values"] == {"0": 0, "0.15": 150}
    again = refused(actions.put_to_vote, shore.planner, reading=reading)
    assert again == decisions.Refusal.ALREADY_OPEN


def test_that_only_what_was_asked_and_what_the_rules_propose_comes_to_the_vote(
    shore: "Shore",
) -> None:
    reading = shore.answered(products=["rice"])
    for product, reason in (
        ("", Refusal.NOT_IN_THE_READING),
        ("chair", Refusal.NOT_IN_THE_READING),
        ("rice", distribution.Refusal.NOT_PROPOSED),
    ):
        assert refused(actions.put_to_vote, shore.planner, reading=reading, product=product) == (
            reason
        )
    other = shore.answered(spread=100)
    why = refused(actions.put_to_vote, shore.pensioners[0], reading=other)
    assert why == decisions.Refusal.NOT_YOUR_DUTY


@pytest.mark.usefixtures("no_job_waits")
def test_that_eight_who_ask_the_same_at_once_get_one_reading(eight_at_once: "Crowd") -> None:
    country = factories.found(1)
    country.order(units=80)
    country.draft(1)
    country.choose("goods", 1)
    crowd = people.enrol_many(people.NewPerson(f"p{n}", f"P {n}") for n in range(8))

    def same(number: int) -> UUID:
        return actions.ask(crowd[number], products=["rice"]).id

    assert set(eight_at_once(same)) == {DialReading.objects.get().id}

    def another(number: int) -> UUID:
        return actions.ask(crowd[7], spread=number + 1).id

    answers = eight_at_once(another)
    asked = DialReading.objects.filter(asked_by=crowd[7])
    assert asked.filter(answered_at=None).count() == 1
    if asked.filter(steps={}).exists():
        assert answers.count(Refusal.ONE_AT_A_TIME) == 7
