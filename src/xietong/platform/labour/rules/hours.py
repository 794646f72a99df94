"""What is refused about hours, and how disputes about them are decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Reason, Rejected

from ..models import DAYS_A_WEEK, MOST_MINUTES_A_DAY, MOST_MINUTES_A_WEEK, WEEKS_A_ROUND

WORKING_DAYS = 5


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
    NO_SUCH_DAYS = "no_such_days"
    NO_SUCH_LINE = "no_such_line"
    NO_SUCH_SKILL = "no_such_skill"
    NOT_CERTIFIED = "not_certified"
    OWN_CORRECTION = "own_correction"
    DISPUTED = "disputed"
    NOT_YOURS_TO_DISPUTE = "not_yours_to_dispute"
    NO_CONGRESS = "no_congress"
    NO_REASON = "no_reason"
    NOTHING_DISPUTED = "nothing_disputed"
    NO_SUCH_DISPUTE = "no_such_dispute"
    NO_BALLOT = "no_ballot"
    DISPUTE_IS_OVER = "dispute_is_over"

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
            cls.NO_SUCH_DAYS: _("A week has seven days, and a day’s work is from 0 to 10 hours"),
            cls.NO_SUCH_LINE: _("Hours on the line are a part of all hours worked in the week"),
            cls.NO_SUCH_SKILL: _("There is no such skill"),
            cls.NOT_CERTIFIED: _("Only certified hours that still stand are corrected"),
            cls.OWN_CORRECTION: _("A correction is certified by another than who wrote it down"),
            cls.DISPUTED: _("A dispute about these hours is open, and they stay until it is over"),
            cls.NOT_YOURS_TO_DISPUTE: _(
                "Hours not yet certified are disputed by who worked or logged them"
            ),
            cls.NO_CONGRESS: _("Nobody else works here or in another enterprise who could decide"),
            cls.NO_REASON: _("A dispute says in up to 1000 characters why it is opened"),
            cls.NOTHING_DISPUTED: _("The hours proposed are those that stand already"),
            cls.NO_SUCH_DISPUTE: _("There is no such dispute"),
            cls.NO_BALLOT: _(
                "The other members of the enterprise vote, or the jury that was drawn, and not the "
                "parties"
            ),
            cls.DISPUTE_IS_OVER: _("This dispute is over, or another about these hours was"),
        }


def spread(minutes: int) -> list[int]:
    """A week's minutes by day, from Monday.

    Evenly over Monday to Friday, the first days having a minute more where it does not come out
    even; what passes their limit falls on Saturday, then on Sunday.
    """
    weekdays = min(minutes, WORKING_DAYS * MOST_MINUTES_A_DAY)
    each, over = divmod(weekdays, WORKING_DAYS)
    saturday = min(minutes - weekdays, MOST_MINUTES_A_DAY)
    return [
        *(each + (day < over) for day in range(WORKING_DAYS)),
        saturday,
        minutes - weekdays - saturday,
    ]


def days_of(worked: int | Sequence[int]) -> list[int]:
    """Minutes of each day from a week's minutes or from the days themselves.

    Raises Rejected NO_SUCH_MINUTES or NO_SUCH_DAYS.
    """
    if isinstance(worked, int):
        refuse_impossible_minutes(worked)
        return spread(worked)
    days = list(worked)
    if len(days) != DAYS_A_WEEK or not all(0 <= day <= MOST_MINUTES_A_DAY for day in days):
        raise Rejected(Refusal.NO_SUCH_DAYS, ", ".join(map(str, days)))
    refuse_impossible_minutes(sum(days))
    return days


def refuse_impossible_week(week: int) -> None:
    """Raises Rejected NO_SUCH_WEEK."""
    if not 1 <= week <= WEEKS_A_ROUND:
        raise Rejected(Refusal.NO_SUCH_WEEK, str(week))


def refuse_impossible_minutes(minutes: int) -> None:
    """Raises Rejected NO_SUCH_MINUTES; 0 minutes withdraw what was logged."""
    if not 0 <= minutes <= MOST_MINUTES_A_WEEK:
        raise Rejected(Refusal.NO_SUCH_MINUTES, str(minutes))


def refuse_impossible_line(line: int, minutes: int) -> None:
    """Raises Rejected NO_SUCH_LINE unless `line` is a part of `minutes`."""
    if not 0 <= line <= minutes:
        raise Rejected(Refusal.NO_SUCH_LINE, f"{line} / {minutes}")


def quorum_of(members: int, share: Fraction) -> int:
    """How many of so many members have to vote for anything to be decided; at least one."""
    return max(1, ceil(members * share))


@dataclass(frozen=True, slots=True)
class Count:
    """Ballots on a dispute, and how many members could cast one."""

    yes: int
    no: int
    electorate: int

    def decides(self, *, quorum: int, due: bool) -> bool:
        """Whether it is decided: more yes than no upholds it, anything else rejects it.

        Never below the quorum. Before its time is up only when the ballots still missing could
        change nothing.
        """
        cast = self.yes + self.no
        missing = max(0, self.electorate - cast)
        sure = self.yes > self.no + missing or self.no >= self.yes + missing
        return cast >= quorum and (due or sure)
