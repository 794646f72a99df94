"""How evenly public service is spread, as a picture."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xietong.platform.ui.charts import Figure, Series, Show, lines

from .queries.rota import Spread


def spread(rounds: Sequence[Spread]) -> SafeString:
    """Fewest, median and most hours served by who could serve; nothing to draw is empty."""
    if not rounds:
        return SafeString("")
    return lines(
        Figure(
            title=_("Hours served by those who could, up to each round"),
            heads=_("Round"),
            labels=tuple(str(each.round_number) for each in rounds),
            series=(
                Series(_("fewest"), tuple(each.lowest for each in rounds)),
                Series(_("median"), tuple(each.median for each in rounds)),
                Series(_("most"), tuple(each.highest for each in rounds)),
            ),
            show=Show.HOURS,
            note=_("Confirmed turns of everyone who could serve in one of the rounds"),
        )
    )
