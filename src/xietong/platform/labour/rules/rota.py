"""What is refused about the duty rota."""

from collections.abc import Sequence

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Reason, Rejected, constraint_of

from ..models import MINUTES_A_WEEK


class Refusal(Reason):
    NOT_A_SERVICE = "not_a_service"
    NO_SERVICE = "no_service"
    NO_SUCH_SERVICE = "no_such_service"
    NO_SUCH_SKILL = "no_such_skill"
    NO_TURNS = "no_turns"
    NOT_ON_DUTY = "not_on_duty"
    ANNOUNCED = "announced"
    NOT_ANNOUNCED = "not_announced"
    NO_SEED_YET = "no_seed_yet"
    BROKE_OFF = "broke_off"
    NOT_YOUR_TURN = "not_your_turn"
    NOT_OFFERED = "not_offered"
    NO_PLACE = "no_place"
    CANNOT_SERVE = "cannot_serve"
    NO_REST = "no_rest"
    ON_IT = "on_it"
    NOT_OPEN_TO_YOU = "not_open_to_you"
    ROUND_OVER = "round_over"
    NOT_THERE = "not_there"
    NO_SUCH_EXCHANGE = "no_such_exchange"
    PROPOSED = "proposed"
    NOT_AN_EXEMPTION = "not_an_exemption"
    NOT_TO_DECIDE = "not_to_decide"
    NO_APPEAL = "no_appeal"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.NOT_A_SERVICE: _(
                "A service has turns of 1 minute to 12 hours for 2 to 100 people, starting within "
                "a week, and a rest of at most a week"
            ),
            cls.NO_SERVICE: _("No public service is defined yet"),
            cls.NO_SUCH_SERVICE: _("There is no such public service"),
            cls.NO_SUCH_SKILL: _("There is no such skill"),
            cls.NO_TURNS: _("No turns are left: choose a part of the day in which some begin"),
            cls.NOT_ON_DUTY: _("Only a person who holds the planning duty may do this"),
            cls.ANNOUNCED: _("The rota of this round is announced already"),
            cls.NOT_ANNOUNCED: _("The rota of this round is not announced"),
            cls.NO_SEED_YET: _("The entry of the public record that is the seed is not there yet"),
            cls.BROKE_OFF: _(
                "The draw broke off by a fault of the platform; nothing was written, and it can be "
                "asked for again"
            ),
            cls.NOT_YOUR_TURN: _("You do not hold this turn, or it is served already"),
            cls.NOT_OFFERED: _("This turn is not on offer, or somebody was faster"),
            cls.NO_PLACE: _("This turn has no open place"),
            cls.CANNOT_SERVE: _(
                "Who is excused, a child, retired, ill or caring for others does not serve"
            ),
            cls.NO_REST: _("It lies too near to another turn, there would be no rest"),
            cls.ON_IT: _("The person is on this turn already"),
            cls.NOT_OPEN_TO_YOU: _("This turn is served by people of another region or enterprise"),
            cls.ROUND_OVER: _("The round of this turn is not running"),
            cls.NOT_THERE: _("Only another who served on the same turn can confirm it"),
            cls.NO_SUCH_EXCHANGE: _("This exchange was not proposed to you, or has been answered"),
            cls.PROPOSED: _("You have proposed this exchange already"),
            cls.NOT_AN_EXEMPTION: _("An exemption has a reason, and lasts from 1 to 12 rounds"),
            cls.NOT_TO_DECIDE: _(
                "Another who holds the duty of enrolment decides this, once, and not who refused it"
            ),
            cls.NO_APPEAL: _("Only a refusal of your own can be appealed, once"),
        }


MOST_ROUNDS_EXEMPT = 12
BROKEN = {
    "labour_place_number": Refusal.NO_PLACE,
    "labour_place_held_once": Refusal.NO_PLACE,
    "labour_place_can_serve": Refusal.CANNOT_SERVE,
    "labour_place_rest": Refusal.NO_REST,
    "labour_place_not_twice": Refusal.ON_IT,
    "labour_place_while_open": Refusal.ROUND_OVER,
    "labour_place_by_who_was_there": Refusal.NOT_THERE,
    "labour_place_confirmed_by_another": Refusal.NOT_THERE,
}


def refusal_of(error: IntegrityError) -> Rejected:
    """The refusal that a law of the tables stands for; raises the error if it is none of them."""
    if (law := constraint_of(error)) not in BROKEN:
        raise error
    return Rejected(BROKEN[law])


def refuse_impossible_starts(starts: Sequence[int]) -> None:
    """Raises Rejected NOT_A_SERVICE unless these are different minutes of one week."""
    within = all(0 <= start < MINUTES_A_WEEK for start in starts)
    if not starts or not within or len(set(starts)) < len(starts):
        raise Rejected(Refusal.NOT_A_SERVICE)


def refuse_impossible_exemption(reason: str, first_round: int, last_round: int) -> None:
    """Raises Rejected NOT_AN_EXEMPTION."""
    rounds = last_round - first_round + 1
    if not reason.strip() or first_round < 1 or not 1 <= rounds <= MOST_ROUNDS_EXEMPT:
        raise Rejected(Refusal.NOT_AN_EXEMPTION)
