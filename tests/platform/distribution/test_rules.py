"""The laws of the rules, for whatever a country may look like."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from xietong.platform.distribution.models import Move, Reason
from xietong.platform.distribution.parameters import Limits
from xietong.platform.distribution.rules import (
    Course,
    Observed,
    Tried,
    cost_of_step,
    quota_of,
    step_of,
    verdict,
)

RANK = {Move.ROLL_BACK: 0, Move.HOLD: 1, Move.TRY: 2, Move.PROMOTE: 3}
LIMITS = Limits()


@st.composite
def observed(draw: st.DrawFn) -> Observed:
    asked = draw(st.integers(0, 200))
    promised = draw(st.integers(asked * 4 // 5, asked))
    taken = draw(st.integers(promised * 4 // 5, promised))
    return Observed(
        persons=100,
        askers=min(asked, 60),
        takers=min(taken, 50),
        asked=asked,
        promised=promised,
        taken=taken,
        missed=draw(st.integers(0, promised - taken)),
    )


rounds = st.lists(observed(), max_size=5).map(tuple)
# Often there is nothing amiss, so that each way is gone.
good = Observed(100, 60, 50, asked=100, promised=100, taken=100, missed=0)
calm = st.integers(3, 5).map(lambda n: (good,) * n)
tried = st.builds(
    Tried,
    observed=rounds | calm,
    over_since=st.none() | st.integers(0, 10),
    failed=st.booleans(),
)
courses = st.builds(
    Course,
    mode=st.sampled_from(["credits", "quota", "free"]),
    observed=rounds | calm,
    tried=st.none() | tried,
    waited=st.none() | st.integers(-2, 10),
    voting=st.booleans(),
    expected=st.none() | st.floats(0.1, 3),
    hours=st.floats(0, 100),
    budget=st.floats(0, 100),
)
limits = st.builds(
    Limits,
    rounds=st.integers(1, 4),
    cover=st.floats(0.8, 1),
    missed=st.floats(0, 0.2),
    least_cover=st.floats(0.1, 1),
    most_missed=st.floats(0, 0.9),
    short_rounds=st.integers(1, 3),
    waiting_rounds=st.integers(1, 8),
    levelled_change=st.floats(0.01, 0.5),
    levelled_rounds=st.integers(1, 4),
)


@given(courses, limits)
def test_that_no_verdict_skips_a_step(course: Course, given_limits: Limits) -> None:
    order = ["credits", "quota", "free"]
    said = verdict(course, given_limits)
    step = order.index(step_of(said, course.mode)) - order.index(course.mode)
    expected = {Move.HOLD: 0, Move.TRY: 1, Move.PROMOTE: 1, Move.ROLL_BACK: -1}[said.move]
    assert step == (0 if said.of_trial else expected)


@given(courses, limits)
def test_that_only_a_trial_that_is_over_and_held_leads_to_a_vote(
    course: Course, given_limits: Limits
) -> None:
    if verdict(course, given_limits).move == Move.PROMOTE:
        assert course.tried is not None
        assert course.tried.over_since is not None
        assert not course.tried.failed


@given(courses, limits)
def test_that_what_was_short_in_the_last_round_is_neither_tried_nor_promoted(
    course: Course, given_limits: Limits
) -> None:
    if not course.observed:
        return
    last = course.observed[-1]
    if last.cover < given_limits.least_cover or last.missing > given_limits.most_missed:
        assert verdict(course, given_limits).move in (Move.HOLD, Move.ROLL_BACK)


@given(courses, limits, st.integers(-2, 8))
def test_that_nothing_is_tried_before_the_waiting_time_is_over(
    course: Course, given_limits: Limits, waited: int
) -> None:
    said = verdict(replace(course, waited=waited), given_limits)
    if waited < given_limits.waiting_rounds:
        assert said.move in (Move.HOLD, Move.ROLL_BACK)


@given(courses, limits, st.floats(0, 100))
def test_that_a_larger_share_of_hours_never_hinders_a_step(
    course: Course, given_limits: Limits, more: float
) -> None:
    richer = replace(course, budget=course.budget + more)
    assert RANK[verdict(richer, given_limits).move] >= RANK[verdict(course, given_limits).move]


@given(courses, limits)
def test_that_fuller_cupboards_never_hinder_a_step(course: Course, given_limits: Limits) -> None:
    def fuller(rounds: tuple[Observed, ...]) -> tuple[Observed, ...]:
        return tuple(replace(each, promised=each.asked, missed=0) for each in rounds)

    full = replace(
        course,
        observed=fuller(course.observed),
        tried=course.tried and replace(course.tried, observed=fuller(course.tried.observed)),
    )
    assert RANK[verdict(full, given_limits).move] >= RANK[verdict(course, given_limits).move]


def course(**other: object) -> Course:
    start = Course(
        mode="quota",
        observed=(good,) * 3,
        tried=None,
        waited=None,
        voting=False,
        expected=None,
        hours=1.0,
        budget=2.0,
    )
    return replace(start, **other)  # type: ignore[arg-type]


def test_that_each_obstacle_is_named() -> None:
    short = replace(good, promised=95, taken=95)
    missed = replace(good, taken=95, missed=5)
    held = Tried((good,) * 3, over_since=0, failed=False)
    for changed, move, reason in (
        ({}, Move.TRY, Reason.READY_TO_TRY),
        ({"tried": held}, Move.PROMOTE, Reason.TRIAL_HELD),
        ({"tried": replace(held, over_since=None)}, Move.HOLD, Reason.TRIAL_RUNS),
        ({"tried": replace(held, failed=True)}, Move.HOLD, Reason.WAITING),
        ({"tried": replace(held, failed=True, over_since=6)}, Move.TRY, Reason.READY_TO_TRY),
        ({"mode": "free"}, Move.HOLD, Reason.FREE_ALREADY),
        ({"voting": True}, Move.HOLD, Reason.VOTE_OPEN),
        ({"waited": 5}, Move.HOLD, Reason.WAITING),
        ({"observed": (good,) * 2}, Move.HOLD, Reason.TOO_FEW_ROUNDS),
        ({"observed": (good, good, short)}, Move.HOLD, Reason.COVER_TOO_LOW),
        ({"observed": (good, good, missed)}, Move.HOLD, Reason.SOME_MISSED),
        ({"hours": 3.0}, Move.HOLD, Reason.TOO_DEAR),
        (
            {"observed": (replace(good, taken=50), good, good)},
            Move.HOLD,
            Reason.STILL_CHANGING,
        ),
        ({"expected": 0.7}, Move.ROLL_BACK, Reason.USE_RUNS_AWAY),
        (
            {"observed": (good, *[replace(good, promised=80, taken=80)] * 2)},
            Move.ROLL_BACK,
            Reason.PLAN_SHORT,
        ),
        (
            {"observed": (good, *[replace(good, taken=80, missed=20)] * 2)},
            Move.ROLL_BACK,
            Reason.CUPBOARDS_EMPTY,
        ),
    ):
        said = verdict(course(**changed), LIMITS)
        assert (said.move, said.reason) == (move, reason)


def test_that_what_costs_credits_is_never_rolled_back() -> None:
    empty = replace(good, promised=10, taken=1, missed=9)
    assert verdict(course(mode="credits", observed=(empty,) * 3), LIMITS).move == Move.HOLD


def test_that_a_quota_is_so_many_times_what_takers_take_and_at_least_one() -> None:
    assert quota_of([good, good], 1.5) == 3
    assert quota_of([replace(good, taken=5)], 1.0) == 1
    assert quota_of([], 3.0) == 3


def test_that_a_step_costs_what_more_is_used_and_what_is_no_longer_claimed() -> None:
    # 100 persons use 1 and would use 1.5 of half an hour each.
    assert cost_of_step(good, 1.5, mode="quota", value=500, price=600) == 25.0
    assert cost_of_step(good, 1.5, mode="credits", value=500, price=600) == 25.0 + 60.0
    assert cost_of_step(good, 0.5, mode="quota", value=500, price=600) == 0.0
    assert cost_of_step(good, None, mode="credits", value=500, price=600) == 60.0
