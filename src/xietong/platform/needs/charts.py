"""How a product went from round to round, as a picture."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xietong.platform.products.models import Product
from xietong.platform.ui.charts import Figure, Series, bars

from .queries import Course


def course(product: Product, rounds: Sequence[Course]) -> SafeString:
    """What all persons asked for, were promised and collected; nothing to draw is empty."""
    if not rounds:
        return SafeString("")
    return bars(
        Figure(
            title=_("Asked for, promised, collected"),
            heads=_("Round"),
            labels=tuple(str(each.round_number) for each in rounds),
            series=(
                Series(_("asked for"), tuple(each.asked for each in rounds)),
                Series(_("promised"), tuple(each.promised for each in rounds)),
                Series(_("collected"), tuple(each.collected for each in rounds)),
            ),
            unit=product.unit,
            note=_(
                "All persons together; rounds in which fewer than ten asked for it are not shown"
            ),
        )
    )
