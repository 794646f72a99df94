"""What is refused about skills, posts and shifts, and how much work the plan leaves open."""

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Reason, Rejected

from ..matching import CHOICE
from ..models import FULL_WEEK, LONGEST_TURN, MOST_MINUTES_A_WEEK

SKILLED = Mapping[str | None, Decimal]


class PostRefusal(Reason):
    NOT_A_TEAM_MATE = "not_a_team_mate"
    NO_OPEN_ROUND = "no_open_round"
    NO_SUCH_SKILL = "no_such_skill"
    SKILL_CONFIRMED = "skill_confirmed"
    OWN_SKILL = "own_skill"
    NOT_WHOLE = "not_whole"
    NO_SUCH_POST = "no_such_post"
    CHOICES = "choices"
    MINUTES = "minutes"
    HOLDERS = "holders"
    NO_PLACES = "no_places"
    NO_OPEN_OFFER = "no_open_offer"
    NO_LONGER_FREE = "no_longer_free"
    TOO_MUCH = "too_much"
    NO_ASSIGNMENT = "no_assignment"
    NO_SUCH_SHIFT = "no_such_shift"
    NO_SUCH_TIMES = "no_such_times"
    SHIFT_TAKEN = "shift_taken"
    SHIFT_FULL = "shift_full"
    NO_REST = "no_rest"
    BEYOND_ASSIGNMENT = "beyond_assignment"
    NO_SUCH_SWAP = "no_such_swap"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.NOT_A_TEAM_MATE: _("Only members of the same enterprise can do this"),
            cls.NO_OPEN_ROUND: _("No round is running, so no work is open"),
            cls.NO_SUCH_SKILL: _("There is no such skill"),
            cls.SKILL_CONFIRMED: _("This skill has been confirmed and stays as it is"),
            cls.OWN_SKILL: _(
                "A skill is confirmed by a team-mate, or by somebody whose own is confirmed"
            ),
            cls.NOT_WHOLE: _("The shares of the skills make up 100% together"),
            cls.NO_SUCH_POST: _("There is no such post"),
            cls.CHOICES: _("Choose up to five different posts"),
            cls.MINUTES: _("A week’s work is from 4 to 60 hours"),
            cls.HOLDERS: _("From two to six persons share a place or take it in turn"),
            cls.NO_PLACES: _("So many whole places are not free"),
            cls.NO_OPEN_OFFER: _("This offer has been answered, or has lapsed"),
            cls.NO_LONGER_FREE: _("This work has been taken or given up meanwhile"),
            cls.TOO_MUCH: _("Nobody has more than 60 hours of work a week"),
            cls.NO_ASSIGNMENT: _("This work has ended"),
            cls.NO_SUCH_SHIFT: _("There is no such shift"),
            cls.NO_SUCH_TIMES: _("A shift lasts up to 12 hours and needs at least one person"),
            cls.SHIFT_TAKEN: _("Somebody has this shift"),
            cls.SHIFT_FULL: _("This shift has no place left"),
            cls.NO_REST: _("Between two shifts lie at least 11 hours of rest"),
            cls.BEYOND_ASSIGNMENT: _("The shifts would be more than the hours of the posts"),
            cls.NO_SUCH_SWAP: _("This exchange has been withdrawn or is no longer possible"),
        }


# What the database refuses, by the name of its constraint.
REFUSED = {
    "labour_assignment_places": PostRefusal.NO_LONGER_FREE,
    "labour_assignment_once": PostRefusal.NO_LONGER_FREE,
    "labour_assignment_shared_by_rule": PostRefusal.NO_LONGER_FREE,
    "labour_assignment_week": PostRefusal.TOO_MUCH,
    "labour_assignment_of_member": PostRefusal.NOT_A_TEAM_MATE,
    "labour_shiftplace_of_member": PostRefusal.NOT_A_TEAM_MATE,
    "labour_shiftplace_places": PostRefusal.SHIFT_FULL,
    "labour_shiftplace_rest": PostRefusal.NO_REST,
    "labour_shiftplace_within": PostRefusal.BEYOND_ASSIGNMENT,
}


def minutes_a_week(hours: Decimal, days: int) -> int:
    """The minutes a week of a task's hours over a round of so many days, rounded down."""
    return int(hours * 60 * 7 / days)


def by_skill(minutes: int, shares: SKILLED) -> dict[str | None, int]:
    """Minutes divided by skill, whole and complete (largest remainders, Hamilton 1792)."""
    parts = {skill: int(minutes * share) for skill, share in shares.items()}
    rest = sorted(shares, key=lambda skill: (parts[skill] - minutes * shares[skill], skill or ""))
    for skill in rest[: minutes - sum(parts.values())]:
        parts[skill] += 1
    return parts


def capacity(needed: int, unassigned: int, arranged: int) -> int:
    """The minutes a week that can be assigned: what is needed less what is done already.

    `unassigned` members count with a full week each, by their part; `arranged` is shared or taken
    in turn.
    """
    return max(needed - unassigned - arranged, 0)


def refuse_impossible_wishes(choices: int, different: int, minutes: int, least: int) -> None:
    """Raises Rejected CHOICES or MINUTES."""
    if choices > len(CHOICE) or different < choices:
        raise Rejected(PostRefusal.CHOICES)
    if not least <= minutes <= MOST_MINUTES_A_WEEK:
        raise Rejected(PostRefusal.MINUTES)


def refuse_impossible_arrangement(holders: int, places: int) -> int:
    """The minutes of so many whole places. Raises Rejected HOLDERS, NO_PLACES."""
    if not 2 <= holders <= LONGEST_TURN:
        raise Rejected(PostRefusal.HOLDERS)
    if places < 1:
        raise Rejected(PostRefusal.NO_PLACES)
    return places * FULL_WEEK


def current() -> Q:
    """Assignments that have not ended; one on notice ends on its day."""
    return Q(until=None) | Q(until__gt=Now())
