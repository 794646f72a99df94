"""Why a vote is refused, and who may do what in it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Reason
from xietong.platform.people import rules as people
from xietong.platform.people.models import Person


class Refusal(Reason):
    NOT_ENTITLED = "not_entitled"
    UNKNOWN_OPTION = "unknown_option"
    VOTE_IS_OVER = "vote_is_over"
    NO_BALLOTS = "no_ballots"
    OPTIONS_UNCLEAR = "options_unclear"
    ALREADY_OPEN = "already_open"
    ENDS_ELSEWHERE = "ends_elsewhere"
    NOT_YOUR_DUTY = "not_your_duty"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.NOT_ENTITLED: _("Only those on the roll who are no longer children vote"),
            cls.UNKNOWN_OPTION: _("The ballot names something that is not voted on"),
            cls.VOTE_IS_OVER: _("The vote is over"),
            cls.NO_BALLOTS: _("Nobody has agreed to anything yet, so nothing can be decided"),
            cls.OPTIONS_UNCLEAR: _("A vote needs at least two options that differ"),
            cls.ALREADY_OPEN: _("A vote on this is open already"),
            cls.ENDS_ELSEWHERE: _("This vote ends with the phase of its round"),
            cls.NOT_YOUR_DUTY: _("Only a person who holds the planning duty may do this"),
        }


def may_vote(person: Person) -> bool:
    """Whether the person is entitled to a ballot."""
    return people.may_vote(person)


def may_call(person: Person) -> bool:
    """Whether the person may put a parameter to the vote, and end that vote."""
    return people.may_plan(person)
