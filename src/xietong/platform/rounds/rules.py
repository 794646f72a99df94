"""When a round may move on, and who may move it."""

from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Reason
from xietong.platform.people import rules as people
from xietong.platform.people.models import Person

from .models import LONGEST_HORIZON


class Refusal(Reason):
    NOT_YOUR_DUTY = "not-your-duty"
    WRONG_PHASE = "wrong-phase"
    ANOTHER_IN_THE_WAY = "another-in-the-way"
    NOTHING_ORDERED = "nothing-ordered"
    NOT_ADOPTED = "not-adopted"
    HORIZON = "horizon"
    NO_PLAN_AT_WORK = "no-plan-at-work"
    SPREAD_OUT_OF_BOUNDS = "spread-out-of-bounds"
    NO_SUCH_STEP = "no-such-step"
    NOTHING_CHANGED = "nothing-changed"
    ONE_AT_A_TIME = "one-at-a-time"
    ENOUGH_FOR_TODAY = "enough-for-today"
    TOO_MANY_WAIT = "too-many-wait"
    NOT_IN_THE_READING = "not-in-the-reading"

    @classmethod
    def labels(cls) -> dict[str, object]:
        return {
            "not-your-duty": _("Only a person who holds the planning duty may do this."),
            "wrong-phase": _("The round is not in the phase in which this can be done."),
            "another-in-the-way": _("Another round must move on first."),
            "nothing-ordered": _("Nobody has ordered anything yet."),
            "not-adopted": _("No scenario has been adopted yet."),
            "horizon": _("Between 1 and 12 rounds can be planned at once."),
            "no-plan-at-work": _("There is no plan at work yet to compare with."),
            "spread-out-of-bounds": _("The spread lies between 0 and 0.999."),
            "no-such-step": _("This product has no next step towards need."),
            "nothing-changed": _("The dial stands as things are: nothing would change."),
            "one-at-a-time": _("What you asked before is still being worked out."),
            "enough-for-today": _("You have asked twenty questions in a day. Ask again tomorrow."),
            "too-many-wait": _("Many questions wait to be worked out. Ask again a little later."),
            "not-in-the-reading": _("This change is no part of what was asked."),
        }


def horizon_allowed(horizon: int) -> bool:
    """Whether so many rounds can be planned at once."""
    return 1 <= horizon <= LONGEST_HORIZON


MOST_A_DAY = 20
MOST_WAITING = 50


def may_ask(waiting: bool, asked_today: int, all_waiting: int) -> Refusal | None:
    """Why a person may not ask the dial another question now; None if they may."""
    if waiting:
        return Refusal.ONE_AT_A_TIME
    if asked_today >= MOST_A_DAY:
        return Refusal.ENOUGH_FOR_TODAY
    return Refusal.TOO_MANY_WAIT if all_waiting >= MOST_WAITING else None


def may_move_on(person: Person) -> bool:
    return people.may_plan(person)
