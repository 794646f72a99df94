"""Why an order or a collection is refused."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Reason, Rejected
from xietong.platform.products.models import Product
from xietong.platform.products.rules import Terms

MOST_UNITS_A_LINE = 100_000


class Refusal(Reason):
    NO_OPEN_BOOK = "no_open_book"
    ANOTHER_BOOK_OPEN = "another_book_open"
    ANOTHER_BOOK_COLLECTING = "another_book_collecting"
    WRONG_STATE = "wrong_state"
    UNKNOWN_PRODUCT = "unknown_product"
    NOT_ORDERABLE = "not_orderable"
    NOT_A_QUANTITY = "not_a_quantity"
    BEYOND_QUOTA = "beyond_quota"
    BEYOND_FAIR_SHARE = "beyond_fair_share"
    SHARE_OUT_OF_BOUNDS = "share_out_of_bounds"
    NOT_IN_PLAN = "not_in_plan"
    NOT_ALLOTTED = "not_allotted"
    NOTHING_TO_COLLECT = "nothing_to_collect"
    MORE_THAN_PROMISED = "more_than_promised"
    NO_PRICE = "no_price"
    KEY_USED = "key_used"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.NO_OPEN_BOOK: _("No round is taking orders now"),
            cls.ANOTHER_BOOK_OPEN: _("Another round is taking orders"),
            cls.ANOTHER_BOOK_COLLECTING: _("The goods of another round are being collected"),
            cls.WRONG_STATE: _("The orders of the round do not stand where this can be done"),
            cls.UNKNOWN_PRODUCT: _("There is no such product"),
            cls.NOT_ORDERABLE: _("This is not ordered by persons for themselves"),
            cls.NOT_A_QUANTITY: _("An order is a whole number of units, from 0 to 100,000"),
            cls.BEYOND_QUOTA: _("This is more than each person's quota"),
            cls.BEYOND_FAIR_SHARE: _(
                "This is free, and more of it than a person's fair share in one round"
            ),
            cls.SHARE_OUT_OF_BOUNDS: _(
                "A recognised need gives from 100 to 300 percent of the usual share, from a round "
                "whose orders are not taken yet"
            ),
            cls.NOT_IN_PLAN: _("The plan says nothing about what was asked for"),
            cls.NOT_ALLOTTED: _("The plan's goods have not been shared out yet"),
            cls.NOTHING_TO_COLLECT: _("No goods can be collected now"),
            cls.MORE_THAN_PROMISED: _("This is more than what the plan promised and is left"),
            cls.NO_PRICE: _("This has no price in this round"),
            cls.KEY_USED: _("This visit was recorded before, and it asked for other goods"),
        }


def check_order(
    quantities: Mapping[str, int],
    products: Mapping[str, Product],
    terms: Mapping[str, Terms],
) -> None:
    """Refuse an order that no person may place, naming the products concerned.

    Args:
        quantities: units wanted by product code; 0 takes a product off the order.
        products: those of the products that exist, by code.
        terms: by which rule each reaches this person in the round.

    Raises Rejected UNKNOWN_PRODUCT, NOT_A_QUANTITY, NOT_ORDERABLE, BEYOND_QUOTA or
    BEYOND_FAIR_SHARE.
    """
    wrong: dict[Refusal, list[str]] = {}
    for code, quantity in sorted(quantities.items()):
        product = products.get(code)
        if product is None:
            wrong.setdefault(Refusal.UNKNOWN_PRODUCT, []).append(code)
        elif not 0 <= quantity <= MOST_UNITS_A_LINE:
            wrong.setdefault(Refusal.NOT_A_QUANTITY, []).append(f"{product}: {quantity}")
        elif quantity and not product.orderable:
            wrong.setdefault(Refusal.NOT_ORDERABLE, []).append(str(product))
        elif (limit := terms[code].limit) is not None and quantity > limit:
            by_quota = terms[code].mode == Product.Mode.QUOTA
            reason = Refusal.BEYOND_QUOTA if by_quota else Refusal.BEYOND_FAIR_SHARE
            wrong.setdefault(reason, []).append(f"{product}: {limit}")
    for reason, things in wrong.items():
        raise Rejected(reason, ", ".join(things))


def affordable(goods: Mapping[str, tuple[int, int]], balance: int) -> dict[str, int]:
    """How much of each good an account can pay for, those that come first first.

    Args:
        goods: by product code, units to be had and 1/1000 credits a unit.
        balance: 1/1000 credits.
    """
    units: dict[str, int] = {}
    for code, (there, price) in goods.items():
        units[code] = min(there, balance // price) if price else there
        balance -= units[code] * price
    return units
