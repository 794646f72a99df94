"""How products move towards need, as pictures."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xietong.platform.products.models import Product
from xietong.platform.ui.charts import Figure, Series, Show, lines

from .queries import ByNeed, InRound


def by_need(rounds: Sequence[ByNeed]) -> SafeString:
    """The share distributed by need, over the rounds; nothing to draw is empty."""
    if all(each.share is None for each in rounds):
        return SafeString("")
    return lines(
        Figure(
            title=_("Distributed by need, over the rounds"),
            heads=_("Round"),
            labels=tuple(str(each.round_number) for each in rounds),
            series=(Series(_("by need"), tuple(each.share for each in rounds)),),
            show=Show.PERCENT,
            note=_("Of what people took, by the labour in it: free or by quota."),
        )
    )


def use(product: Product, rounds: Sequence[InRound], expected: float | None) -> SafeString:
    """Use a head over the rounds, the region of a trial apart, and what is expected."""
    if all(each.rest is None for each in rounds):
        return SafeString("")
    tried = any(each.region is not None for each in rounds)
    series = [Series(_("elsewhere") if tried else _("all"), tuple(each.rest for each in rounds))]
    if tried:
        series.append(Series(_("in the region of the trial"), tuple(r.region for r in rounds)))
    if expected is not None:
        series.append(Series(_("expected by the next rule"), (expected,) * len(rounds)))
    return lines(
        Figure(
            title=_("Use a head"),
            heads=_("Round"),
            labels=tuple(str(each.round_number) for each in rounds),
            series=tuple(series),
            unit=product.unit,
            note=_("Units that each person took on the mean"),
        )
    )


def cover(rounds: Sequence[InRound]) -> SafeString:
    """What the plan promised of what was asked, and what of it was missing in the stores."""
    if all(each.cover is None for each in rounds):
        return SafeString("")
    return lines(
        Figure(
            title=_("Cover"),
            heads=_("Round"),
            labels=tuple(str(each.round_number) for each in rounds),
            series=(
                Series(_("promised of what was asked"), tuple(each.cover for each in rounds)),
                Series(_("missing when people came"), tuple(each.missing for each in rounds)),
            ),
            show=Show.PERCENT,
        )
    )
