"""Why credits are refused, and how much an hour of work issues."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xietong.planning.payout import Allowance, issue
from xietong.platform.base import Reason, Rejected

THOUSANDTHS = 1000
# Names the allowance of a round among all sources of credits; written once, never changed.
ALLOWANCES = UUID("0ba3a5a6-3c1c-4f0e-9d5a-5a1f6c0f7d11")


class Refusal(Reason):
    NOT_ENOUGH_CREDITS = "not_enough_credits"
    SOURCE_USED = "source_used"
    NOBODY_WORKS = "nobody_works"
    ALREADY_PUBLISHED = "already_published"
    NOT_PUBLISHED = "not_published"
    UNKNOWN_PRODUCT = "unknown_product"
    NO_SUCH_ENTRY = "no_such_entry"
    REVERSAL_STANDS = "reversal_stands"
    ALREADY_REVERSED = "already_reversed"
    SPENT_SINCE = "spent_since"
    ROUND_HAS_BEGUN = "round_has_begun"
    NOT_NARROWER = "not_narrower"
    OUTSIDE_SPREAD = "outside_spread"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.NOT_ENOUGH_CREDITS: _("There are not enough credits in the account"),
            cls.SOURCE_USED: _("What these credits would come from has moved credits before"),
            cls.NOBODY_WORKS: _("A rate needs hours of work and people who work them"),
            cls.ALREADY_PUBLISHED: _("This has been published for the round already"),
            cls.NOT_PUBLISHED: _("No rate has been published for the round yet"),
            cls.UNKNOWN_PRODUCT: _("There is no such product"),
            cls.NO_SUCH_ENTRY: _("There is no such entry in this person's account"),
            cls.REVERSAL_STANDS: _("This entry reverses another, and is not reversed itself"),
            cls.ALREADY_REVERSED: _("This entry has been reversed already, for another reason"),
            cls.SPENT_SINCE: _("These credits have been spent since and cannot be taken back"),
            cls.ROUND_HAS_BEGUN: _(
                "What hours of a round count is fixed once its rate is published"
            ),
            cls.NOT_NARROWER: _("Without a vote of the people’s congress the spread only narrows"),
            cls.OUTSIDE_SPREAD: _("The factor lies outside the spread in force"),
        }


def allowance_source(round_number: int, ground: str) -> UUID:
    """What an entry names as its source: a round's allowance for one need."""
    return uuid5(ALLOWANCES, f"{round_number}/{ground}")


@dataclass(frozen=True)
class Payout:
    """1/1000 credit: what an hour of work issues, and what a person of each need is issued."""

    per_hour: int
    allowances: tuple[int, ...]


def payout(
    *,
    total_hours: Decimal,
    claimable_hours: Decimal,
    workers: int,
    allowances: Sequence[tuple[int, int]],
    mean_factor: Decimal = Decimal(1),
) -> Payout:
    """What a round issues, so that all of it together never exceeds what can be claimed.

    Args:
        total_hours: hours of work in the plan.
        claimable_hours: labour content, in hours, of the goods that cost credits.
        workers: how many work these hours.
        allowances: by need, how many live by it, and its share of a worker's mean issue in
            thousandths.
        mean_factor: what an hour counts on the mean, by the factors of the skills.

    Raises Rejected NOBODY_WORKS unless hours, workers and factor are positive.

    Source: Marx 1875 (deductions before distribution by labour).
    """
    if total_hours <= 0 or workers <= 0 or mean_factor <= 0:
        raise Rejected(Refusal.NOBODY_WORKS)
    per_hour, amounts = issue(
        hours=total_hours,
        claimable=int(claimable_hours * THOUSANDTHS),
        workers=workers,
        allowances=[
            Allowance(str(place), persons, Decimal(share) / THOUSANDTHS)
            for place, (persons, share) in enumerate(allowances)
        ],
        mean_factor=mean_factor,
    )
    return Payout(per_hour=per_hour, allowances=tuple(amounts.values()))
