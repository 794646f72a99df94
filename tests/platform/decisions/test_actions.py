import json
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.platform.conftest import Crowd

from xietong.platform.base import Reason, Rejected
from xietong.platform.credits import actions as credits
from xietong.platform.credits.models import Factor, Spread
from xietong.platform.credits.rules import Refusal as CreditsRefusal
from xietong.platform.decisions import actions, queries
from xietong.platform.decisions.actions import OptionDraft
from xietong.platform.decisions.models import Ballot, Motion
from xietong.platform.decisions.rules import Refusal
from xietong.platform.labour.models import Skill
from xietong.platform.people.models import Person
from xietong.platform.record import queries as record
from xietong.platform.record import rules as record_rules
from xietong.platform.record.models import Parameter, ParameterChange, Submission


def refused_with(reason: Reason) -> "pytest.RaisesExc[Rejected]":
    return pytest.RaisesExc(Rejected, check=lambda refused: refused.reason is reason)


def vote(motion: Motion, person: Person, *choices: str) -> None:
    actions.cast_ballot(person, motion=motion, choices=choices)


def test_that_a_parameter_comes_to_the_vote_with_its_present_value_first(
    motion: Motion, child: Person
) -> None:
    assert [(option.key, option.title_en, option.title_zh) for option in motion.options.all()] == [
        ("150", "150 hours", "150 小时"),
        ("120", "120 hours", "120 小时"),
        ("160", "160 hours", "160 小时"),
    ]
    assert (motion.title_en, motion.title_zh) == ("Hours a round", "每轮工时")
    assert motion.state == "open"


def test_that_the_electorate_is_everyone_on_the_roll_who_is_no_child(
    roll: list[Person], child: Person, hours: Parameter
) -> None:
    Person.objects.filter(pk=roll[2].pk).update(left_at=timezone.now())
    motion = actions.put_parameter_to_vote(roll[0], code="hours", values=[Decimal(100)])
    assert motion.electorate == 2


def test_that_only_the_planning_duty_puts_a_parameter_to_the_vote(
    roll: list[Person], hours: Parameter
) -> None:
    with refused_with(Refusal.NOT_YOUR_DUTY):
        actions.put_parameter_to_vote(roll[1], code="hours", values=[Decimal(100)])
    assert Motion.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "values", "reason"),
    [
        ("hours", ["150"], Refusal.OPTIONS_UNCLEAR),
        ("hours", [], Refusal.OPTIONS_UNCLEAR),
        ("hours", ["150.0000001"], Refusal.OPTIONS_UNCLEAR),
        ("hours", ["NaN"], record_rules.Refusal.OUT_OF_BOUNDS),
        ("hours", ["100", "201"], record_rules.Refusal.OUT_OF_BOUNDS),
        ("wages", ["1"], record_rules.Refusal.UNKNOWN_PARAMETER),
    ],
)
def test_that_an_unclear_parameter_vote_is_not_opened(
    roll: list[Person], hours: Parameter, code: str, values: list[str], reason: Reason
) -> None:
    with refused_with(reason):
        actions.put_parameter_to_vote(roll[0], code=code, values=[*map(Decimal, values)])
    assert Motion.objects.count() == 0


def test_that_a_parameter_is_voted_on_once_at_a_time(roll: list[Person], motion: Motion) -> None:
    with refused_with(Refusal.ALREADY_OPEN):
        actions.put_parameter_to_vote(roll[0], code="hours", values=[Decimal(100)])
    vote(motion, roll[0], "150")
    actions.decide(motion)
    actions.put_parameter_to_vote(roll[0], code="hours", values=[Decimal(100)])
    assert Motion.objects.count() == 2


@pytest.mark.parametrize("keys", [[], ["a"], ["a", "b", "a"]])
def test_that_a_motion_needs_two_options_that_differ(roll: list[Person], keys: list[str]) -> None:
    with refused_with(Refusal.OPTIONS_UNCLEAR):
        actions.open_motion(
            effect="set_parameter",
            subject={},
            title_en="Title",
            title_zh="题目",
            options=[OptionDraft(key, key, key) for key in keys],
        )
    assert Motion.objects.count() == 0


def test_that_a_motion_without_a_known_effect_is_an_error(roll: list[Person]) -> None:
    options = [OptionDraft(key, key, key) for key in "ab"]
    with pytest.raises(LookupError):
        actions.open_motion(
            effect="no_such", subject={}, title_en="Title", title_zh="题目", options=options
        )
    assert Motion.objects.count() == 0


def test_that_a_ballot_can_be_cast_anew_until_the_decision(
    motion: Motion, roll: list[Person]
) -> None:
    vote(motion, roll[0], "120", "150", "120")
    assert queries.ballot_of(roll[0], motion) == frozenset({"120", "150"})
    vote(motion, roll[0], "160")
    assert queries.ballot_of(roll[0], motion) == frozenset({"160"})
    assert Ballot.objects.count() == 1


def test_that_casting_a_ballot_takes_one_statement(
    motion: Motion, roll: list[Person], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):  # the insert, and two savepoints opened and released
        vote(motion, roll[0], "120")


def test_that_children_and_those_who_left_have_no_ballot(
    motion: Motion, roll: list[Person], child: Person
) -> None:
    Person.objects.filter(pk=roll[1].pk).update(left_at=timezone.now())
    for person in (child, roll[1]):
        with refused_with(Refusal.NOT_ENTITLED):
            vote(motion, person, "120")
    assert Ballot.objects.count() == 0


def test_that_a_ballot_for_something_else_is_refused_and_the_old_one_stands(
    motion: Motion, roll: list[Person]
) -> None:
    vote(motion, roll[0], "120")
    with refused_with(Refusal.UNKNOWN_OPTION):
        vote(motion, roll[0], "120", "200")
    assert queries.ballot_of(roll[0], motion) == frozenset({"120"})


def test_that_after_the_decision_no_ballot_can_be_cast_changed_or_withdrawn(
    motion: Motion, roll: list[Person]
) -> None:
    vote(motion, roll[0], "120")
    actions.decide(motion)
    for person in roll[:2]:
        with refused_with(Refusal.VOTE_IS_OVER):
            vote(motion, person, "160")
    with pytest.raises(IntegrityError, match="the vote is over"), transaction.atomic():
        Ballot.objects.all().delete()
    assert [ballot.choices for ballot in Ballot.objects.all()] == [["120"]]


def test_that_the_most_approved_value_holds_by_itself_and_is_on_record(
    motion: Motion, roll: list[Person]
) -> None:
    vote(motion, roll[0], "120", "150")
    vote(motion, roll[1], "120")
    vote(motion, roll[2])
    decided = actions.decide(motion)
    assert (decided.state, decided.winner) == ("decided", "120")
    counts = {"150": 1, "120": 2, "160": 0}
    assert decided.tally == {"counts": counts, "ballots": 3, "tied": []}
    assert record.parameter("hours") == Decimal(120)
    change = ParameterChange.objects.first()
    assert change is not None
    assert change.reason == "vote / 表决"
    kinds = list(Submission.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["duty", "parameter", "vote", "parameter"]
    assert json.loads(Submission.objects.get(kind="vote").body) == {
        "motion": str(motion.pk),
        "title_en": "Hours a round",
        "title_zh": "每轮工时",
        "effect": "set_parameter",
        "subject": {"code": "hours", "values": {"120": "120", "150": "150", "160": "160"}},
        "winner": "120",
        "chosen_en": "120 hours",
        "chosen_zh": "120 小时",
        "electorate": 3,
        "counts": counts,
        "ballots": 3,
        "tied": [],
    }


def test_that_a_tie_goes_to_the_option_published_first(motion: Motion, roll: list[Person]) -> None:
    vote(motion, roll[0], "160")
    vote(motion, roll[1], "120")
    decided = actions.decide(motion)
    assert decided.winner == "120"
    assert decided.tally is not None
    assert decided.tally["tied"] == ["120", "160"]


@pytest.mark.parametrize("ballots", [0, 1])
def test_that_nothing_is_decided_while_nobody_agrees_to_anything(
    motion: Motion, roll: list[Person], ballots: int
) -> None:
    for person in roll[:ballots]:
        vote(motion, person)
    with refused_with(Refusal.NO_BALLOTS):
        actions.decide(motion)
    motion.refresh_from_db()
    assert (motion.state, Submission.objects.filter(kind="vote").count()) == ("open", 0)


def test_that_a_motion_is_decided_once(motion: Motion, roll: list[Person]) -> None:
    vote(motion, roll[0], "120")
    actions.decide(motion)
    with refused_with(Refusal.VOTE_IS_OVER):
        actions.decide(motion)
    assert Submission.objects.filter(kind="vote").count() == 1


def test_that_an_effect_that_is_refused_leaves_the_motion_open(
    motion: Motion, roll: list[Person]
) -> None:
    vote(motion, roll[0], "120")
    Parameter.objects.update(lowest=140)
    with refused_with(record_rules.Refusal.OUT_OF_BOUNDS):
        actions.decide(motion)
    motion.refresh_from_db()
    assert (motion.state, motion.winner, motion.tally) == ("open", "", None)
    assert (record.parameter("hours"), Submission.objects.filter(kind="vote").count()) == (
        Decimal(150),
        0,
    )


def test_that_only_the_planning_duty_ends_a_parameter_vote(
    motion: Motion, roll: list[Person]
) -> None:
    vote(motion, roll[0], "120")
    with refused_with(Refusal.NOT_YOUR_DUTY):
        actions.end_vote(roll[1], motion=motion)
    motion.refresh_from_db()
    assert (motion.state, record.parameter("hours")) == ("open", Decimal(150))
    assert actions.end_vote(roll[0], motion=motion).winner == "120"


def test_that_the_vote_on_a_plan_ends_with_its_round(motion: Motion, roll: list[Person]) -> None:
    vote(motion, roll[0], "120")
    Motion.objects.update(effect="adopt_scenario")
    motion.refresh_from_db()
    with refused_with(Refusal.ENDS_ELSEWHERE):
        actions.end_vote(roll[0], motion=motion)
    motion.refresh_from_db()
    assert motion.state == "open"


def test_that_a_decided_motion_cannot_be_changed_in_the_database(
    motion: Motion, roll: list[Person]
) -> None:
    vote(motion, roll[0], "120")
    actions.decide(motion)
    for change in (
        lambda: Motion.objects.update(winner="160"),
        lambda: Motion.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match=r"Cannot|the vote is over"), transaction.atomic():
            change()
    assert Motion.objects.get().winner == "120"


def test_that_a_person_has_one_ballot_when_eight_are_cast_at_once(
    eight_at_once: Crowd, motion: Motion, roll: list[Person]
) -> None:
    keys = ["120", "150", "160"]
    answers = eight_at_once(lambda number: vote(motion, roll[0], keys[number % 3]))
    assert answers == [None] * 8
    assert Ballot.objects.count() == 1


def test_that_a_motion_is_decided_once_when_eight_decide_at_once(
    eight_at_once: Crowd, motion: Motion, roll: list[Person]
) -> None:
    vote(motion, roll[0], "120")
    answers = eight_at_once(lambda _: actions.decide(motion).winner)
    assert sorted(map(str, answers)) == ["120", *["vote_is_over"] * 7]
    assert Submission.objects.filter(kind="vote").count() == 1


def test_that_every_ballot_is_either_counted_or_refused_when_votes_race_with_the_count(
    eight_at_once: Crowd, motion: Motion, roll: list[Person]
) -> None:
    vote(motion, roll[0], "120")

    def act(number: int) -> object:
        if number == 0:
            return actions.decide(motion).winner
        vote(motion, roll[1 + number % 2], "120")
        return None

    answers = eight_at_once(act)
    assert answers[0] == "120"
    assert set(answers[1:]) <= {None, Refusal.VOTE_IS_OVER}
    decided = Motion.objects.get()
    assert decided.tally is not None
    assert decided.tally["ballots"] == Ballot.objects.count()


def test_that_a_ballot_in_a_motion_that_is_not_there_is_refused(roll: list[Person]) -> None:
    with refused_with(Refusal.VOTE_IS_OVER):
        vote(Motion(pk=uuid4()), roll[0], "a")


def test_that_a_vote_widens_the_spread_and_sets_a_factor_inside_it(roll: list[Person]) -> None:
    skill = Skill.objects.create(code="welding", name_en="Welding", name_zh="焊接")
    spread = actions.put_spread_to_vote(roll[0], round_number=1, values=[50, 100])
    assert [option.key for option in spread.options.all()] == ["0", "0.05", "0.1"]
    with pytest.raises(Rejected) as why:
        actions.put_factor_to_vote(roll[0], skill=skill, round_number=1, values=[1050])
    assert why.value.reason == CreditsRefusal.OUTSIDE_SPREAD
    actions.cast_ballot(roll[0], motion=spread, choices=["0.1"])
    actions.end_vote(roll[0], motion=spread)
    assert list(Spread.objects.values_list("round_number", "thousandths", "decision")) == [
        (1, 100, spread.pk)
    ]
    factor = actions.put_factor_to_vote(roll[0], skill=skill, round_number=1, values=[1050])
    credits.publish_rate(1, total_hours=Decimal(10), claimable_hours=Decimal(10), workers=1)
    actions.cast_ballot(roll[0], motion=factor, choices=["1.05"])
    actions.end_vote(roll[0], motion=factor)
    # Round 1 has its rate by now: the factor holds from the next one on.
    assert list(Factor.objects.values_list("skill", "round_number", "thousandths")) == [
        ("welding", 2, 1050)
    ]


@pytest.mark.parametrize("values", [[1000], [-1]])
def test_that_a_spread_that_cannot_be_is_not_put_to_the_vote(
    roll: list[Person], values: list[int]
) -> None:
    with pytest.raises(Rejected):
        actions.put_spread_to_vote(roll[0], round_number=1, values=values)
    with pytest.raises(Rejected):
        actions.put_spread_to_vote(roll[1], round_number=1, values=[50])
    assert not Motion.objects.exists()
