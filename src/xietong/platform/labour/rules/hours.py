"""What is refused about hours."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Reason, Rejected

from ..models import MOST_MINUTES_A_WEEK, WEEKS_A_ROUND


class Refusal(Reason):
    NOT_A_TEAM_MATE = "not_a_team_mate"
    NO_OPEN_ROUND = "no_open_round"
    NO_SUCH_WEEK = "no_such_week"
    NO_SUCH_MINUTES = "no_such_minutes"
    CERTIFIED = "certified"
    WORKED_ELSEWHERE = "worked_elsewhere"
    OWN_HOURS = "own_hours"
    NO_SUCH_HOURS = "no_such_hours"
    BEYOND_ASSIGNMENT = "beyond_assignment"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.NOT_A_TEAM_MATE: _("Only members of the same enterprise can do this"),
            cls.NO_OPEN_ROUND: _("The round of these hours is not running"),
            cls.NO_SUCH_WEEK: _("A round has weeks 1 to 5"),
            cls.NO_SUCH_MINUTES: _("A week’s work is from 0 to 60 hours"),
            cls.CERTIFIED: _("These hours have been certified and stay as they are"),
            cls.WORKED_ELSEWHERE: _("The hours of this week were logged in another enterprise"),
            cls.OWN_HOURS: _("Nobody certifies their own hours"),
            cls.NO_SUCH_HOURS: _("These hours have been changed or withdrawn since you saw them"),
            cls.BEYOND_ASSIGNMENT: _(
                "A week’s work is at most a quarter more than the hours of one’s posts; "
                "without a post, 40 hours count"
            ),
        }


def refuse_impossible_hours(week: int, minutes: int) -> None:
    """Raises Rejected NO_SUCH_WEEK or NO_SUCH_MINUTES; 0 minutes withdraw what was logged."""
    if not 1 <= week <= WEEKS_A_ROUND:
        raise Rejected(Refusal.NO_SUCH_WEEK, str(week))
    if not 0 <= minutes <= MOST_MINUTES_A_WEEK:
        raise Rejected(Refusal.NO_SUCH_MINUTES, str(minutes))
