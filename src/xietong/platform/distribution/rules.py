"""When a product moves towards need, holds or is rolled back; and why a step is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xietong.platform import base
from xietong.platform.people import rules as people
from xietong.platform.people.models import Person
from xietong.platform.products.models import Product
from xietong.platform.products.rules import mode_before, next_mode

from .models import Move, Reason
from .parameters import Limits

Mode = Product.Mode


class Refusal(base.Reason):
    NOT_YOUR_DUTY = "not_your_duty"
    NOT_PROPOSED = "not_proposed"
    NO_REGION = "no_region"
    ALREADY_OPEN = "already_open"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.NOT_YOUR_DUTY: _("Only a person who holds the planning duty may do this"),
            cls.NOT_PROPOSED: _("The published rules do not propose this now"),
            cls.NO_REGION: _(
                "A trial needs a region in which ten people live, and ten who live elsewhere"
            ),
            cls.ALREADY_OPEN: _("A vote on this is open already"),
        }


@dataclass(frozen=True, slots=True)
class Observed:
    """Sums of one product in one round."""

    persons: int
    askers: int
    takers: int
    asked: int
    promised: int
    taken: int
    missed: int

    @property
    def use(self) -> float:
        """Units a head."""
        return self.taken / self.persons if self.persons else 0.0

    @property
    def cover(self) -> float:
        """What the plan promised of what was asked; 1 where nobody asked."""
        return self.promised / self.asked if self.asked else 1.0

    @property
    def missing(self) -> float:
        """What was not there of what people came for."""
        came_for = self.taken + self.missed
        return self.missed / came_for if came_for else 0.0


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial of the next step: what was seen in it, and since how many rounds it is over."""

    observed: tuple[Observed, ...]
    over_since: int | None
    failed: bool


@dataclass(frozen=True, slots=True)
class Course:
    """Everything the rules look at, of one product.

    Args:
        mode: by which rule it is distributed now.
        observed: the rounds since that rule holds, in their order.
        tried: the latest trial of the next step, if any.
        waited: rounds since it was rolled back or people voted to keep it as it is.
        voting: whether a vote on it is open.
        expected: the upper end of what was estimated, a head, when people voted for this rule.
        hours: what the next step costs, a round.
        budget: what it may cost.
    """

    mode: str
    observed: tuple[Observed, ...]
    tried: Tried | None
    waited: int | None
    voting: bool
    expected: float | None
    hours: float
    budget: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """`of_trial`: it is the trial that is broken off; the rule for all others stays."""

    move: Move
    reason: Reason
    of_trial: bool = False


def verdict(course: Course, limits: Limits) -> Verdict:
    """What the rules say: roll back, hold, try in one region, or put to the vote of all."""
    if course.mode != Mode.CREDITS and (why := _trouble(course, limits)):
        return Verdict(Move.ROLL_BACK, why)
    tried = course.tried
    if tried and tried.over_since is None:
        why = shortage(tried.observed, limits)
        if why:
            return Verdict(Move.ROLL_BACK, why, of_trial=True)
        return Verdict(Move.HOLD, Reason.TRIAL_RUNS)
    if why := _obstacle(course, limits):
        return Verdict(Move.HOLD, why)
    if tried:
        failed = tried.failed or any(_short(each, limits) for each in tried.observed)
        if not failed and levelled(tried.observed, limits):
            return Verdict(Move.PROMOTE, Reason.TRIAL_HELD)
        if (tried.over_since or 0) < limits.waiting_rounds:
            return Verdict(Move.HOLD, Reason.WAITING if failed else Reason.STILL_CHANGING)
    if not levelled(course.observed, limits):
        return Verdict(Move.HOLD, Reason.STILL_CHANGING)
    return Verdict(Move.TRY, Reason.READY_TO_TRY)


def shortage(observed: Sequence[Observed], limits: Limits) -> Reason | None:
    """Why the last rounds were short, every one of them; None if they were not."""
    last = observed[-limits.short_rounds :]
    if len(last) < limits.short_rounds or not all(_short(each, limits) for each in last):
        return None
    return Reason.PLAN_SHORT if last[-1].cover < limits.least_cover else Reason.CUPBOARDS_EMPTY


def levelled(observed: Sequence[Observed], limits: Limits) -> bool:
    """Whether use a head has changed little, from each of the last rounds to the next."""
    uses = [each.use for each in observed[-limits.levelled_rounds - 1 :]]
    return len(uses) > 1 and all(
        before > 0 and abs(after / before - 1) <= limits.levelled_change
        for before, after in pairwise(uses)
    )


def step_of(said: Verdict, mode: str) -> str:
    """The rule that a verdict leads to, one step from the present one; the same where it holds."""
    if said.move == Move.HOLD or said.of_trial:
        return mode
    return (mode_before(mode) if said.move == Move.ROLL_BACK else next_mode(mode)) or mode


def quota_of(observed: Sequence[Observed], times: float) -> int:
    """So many times what those who took it took on the mean in the last rounds; at least one."""
    takers = sum(each.takers for each in observed)
    mean = sum(each.taken for each in observed) / takers if takers else 1.0
    # 1.5 times 2 is 3, whatever the last bit says.
    return max(1, ceil(round(times * mean, 6)))


def cost_of_step(
    observed: Observed, free_use: float | None, *, mode: str, value: int, price: int
) -> float:
    """Hours a round that the next step costs: what more is used, and what is no longer claimed.

    Args:
        observed: the newest round, of everyone.
        free_use: estimated units a head by the next rule; None counts as no more than now.
        mode: by which rule it is distributed now.
        value: 1/1000 hour of labour in a unit.
        price: 1/1000 credit a unit.
    """
    more = max(0.0, (free_use or 0.0) - observed.use) * observed.persons * value
    unclaimed = observed.taken * price if mode == Mode.CREDITS else 0
    return (more + unclaimed) / 1000


def may_propose(person: Person) -> bool:
    """Whether the person may begin a trial and put a step to the vote."""
    return people.may_plan(person)


def _trouble(course: Course, limits: Limits) -> Reason | None:
    if why := shortage(course.observed, limits):
        return why
    last = course.observed[-limits.short_rounds :]
    if (
        course.expected is not None
        and len(last) == limits.short_rounds
        and all(each.use > course.expected * (1 + limits.runaway) for each in last)
    ):
        return Reason.USE_RUNS_AWAY
    return None


def _obstacle(course: Course, limits: Limits) -> Reason | None:
    """What speaks against any step towards need; None if nothing does."""
    last = course.observed[-limits.rounds :]
    if course.mode == Mode.FREE:
        return Reason.FREE_ALREADY
    if course.voting:
        return Reason.VOTE_OPEN
    if course.waited is not None and course.waited < limits.waiting_rounds:
        return Reason.WAITING
    if len(last) < limits.rounds:
        return Reason.TOO_FEW_ROUNDS
    if not all(each.asked for each in last):
        return Reason.NOT_WANTED
    if any(each.cover < max(limits.cover, limits.least_cover) for each in last):
        return Reason.COVER_TOO_LOW
    if any(each.missing > min(limits.missed, limits.most_missed) for each in last):
        return Reason.SOME_MISSED
    if course.hours > course.budget:
        return Reason.TOO_DEAR
    return None


def _short(observed: Observed, limits: Limits) -> bool:
    return observed.cover < limits.least_cover or observed.missing > limits.most_missed
