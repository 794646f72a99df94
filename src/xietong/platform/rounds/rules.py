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

    @classmethod
    def labels(cls) -> dict[str, object]:
        return {
            "not-your-duty": _("Only a person who holds the planning duty may do this."),
            "wrong-phase": _("The round is not in the phase in which this can be done."),
            "another-in-the-way": _("Another round must move on first."),
            "nothing-ordered": _("Nobody has ordered anything yet."),
            "not-adopted": _("No scenario has been adopted yet."),
            "horizon": _("Between 1 and 12 rounds can be planned at once."),
        }


def horizon_allowed(horizon: int) -> bool:
    """Whether so many rounds can be planned at once."""
    return 1 <= horizon <= LONGEST_HORIZON


def may_move_on(person: Person) -> bool:
    return people.may_plan(person)
