"""Why a price is what it is, in words."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xietong.platform.products.models import Product
from xietong.platform.ui.formats import number, percent

from .models import Price


def why(price: Price) -> str:
    """Where a price stands to its labour value, and what moves it there."""
    standing = _standing(price)
    moves = _moves(price) if price.product.mode == Product.Mode.CREDITS else []
    if not moves:
        return standing
    return pgettext("price", "%(standing)s: %(moves)s") % {
        "standing": standing,
        "moves": pgettext("between reasons", "; ").join(moves),
    }


def _standing(price: Price) -> str:
    apart = abs(price.factor - 1)
    if not apart:
        return _("at its labour value")
    words = _("%(share)s above its labour value")
    if price.factor < 1:
        words = _("%(share)s below its labour value")
    return words % {"share": percent(float(apart), 2)}


def _moves(price: Price) -> list[str]:
    if price.band is None:
        return []
    moves = []
    if price.ordered and price.unmet:
        moves.append(
            _("%(share)s of the orders of the round before were not met")
            % {"share": percent(price.unmet / price.ordered)}
        )
    stock, normal, usual = (each or Decimal(0) for each in (price.stock, price.normal, price.usual))
    if stock > normal and usual:
        moves.append(
            _("%(stock)s lie in store, the norm is %(normal)s, a round uses %(usual)s")
            % {"stock": number(stock), "normal": number(normal), "usual": number(usual)}
        )
    elif stock > normal and price.ordered:
        moves.append(_("more lies in store than the norm, and nobody used any"))
    if not moves and price.factor != 1:
        moves.append(_("it comes back step by step"))
    return moves
