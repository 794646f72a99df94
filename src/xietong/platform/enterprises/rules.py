"""What enterprises are refused, and what counts as a quantity."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Reason, Rejected

DECIMALS = 3
THOUSANDTH = Decimal(1).scaleb(-DECIMALS)
MOST = Decimal(10) ** 17


class Refusal(Reason):
    NOT_A_MEMBER = "not_a_member"
    ALREADY_A_MEMBER = "already_a_member"
    NO_OPEN_ROUND = "no_open_round"
    ROUND_OPEN = "round_open"
    ROUND_SENT = "round_sent"
    UNKNOWN_TECHNIQUE = "unknown_technique"
    UNKNOWN_ENTERPRISE = "unknown_enterprise"
    NOT_MADE_HERE = "not_made_here"
    NOT_USED_HERE = "not_used_here"
    NOT_A_QUANTITY = "not_a_quantity"
    NOTHING_REPORTED = "nothing_reported"
    NOT_ENOUGH_STOCK = "not_enough_stock"
    ALREADY_COUNTED = "already_counted"
    ALREADY_WRITTEN_OFF = "already_written_off"
    KEY_USED = "key_used"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.NOT_A_MEMBER: _("Only members of the enterprise can do this"),
            cls.ALREADY_A_MEMBER: _("Nobody has a place in two enterprises at a time"),
            cls.NO_OPEN_ROUND: _("No round is running, so there is nothing to report on"),
            cls.ROUND_OPEN: _("Another round is still running"),
            cls.ROUND_SENT: _("The tasks of this round have been sent out already"),
            cls.UNKNOWN_TECHNIQUE: _("There is no such technique"),
            cls.UNKNOWN_ENTERPRISE: _("There is no such enterprise"),
            cls.NOT_MADE_HERE: _("The enterprise has no technique that makes this"),
            cls.NOT_USED_HERE: _("The enterprise has no technique that uses this"),
            cls.NOT_A_QUANTITY: _("A quantity is a number from 0 up with at most three decimals"),
            cls.NOTHING_REPORTED: _("A report needs at least one quantity above 0"),
            cls.NOT_ENOUGH_STOCK: _("There is not enough in the stores"),
            cls.ALREADY_COUNTED: _("The opening stock of this has been counted already"),
            cls.ALREADY_WRITTEN_OFF: _("The losses of this round have been written off already"),
            cls.KEY_USED: _("This key belongs to something else"),
        }


def reported(quantities: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The quantities above 0, by product code in order.

    Raises Rejected NOT_A_QUANTITY for one that is negative, finer than a thousandth or no finite
    number, and NOTHING_REPORTED if none is above 0.
    """
    for product, quantity in quantities.items():
        # A number that is not finite has no order: ask for that first.
        if not quantity.is_finite() or not 0 <= quantity < MOST or quantity % THOUSANDTH:
            raise Rejected(Refusal.NOT_A_QUANTITY, f"{product}: {quantity}")
    positive = {product: quantities[product] for product in sorted(quantities)}
    positive = {product: quantity for product, quantity in positive.items() if quantity}
    if not positive:
        raise Rejected(Refusal.NOTHING_REPORTED)
    return positive
