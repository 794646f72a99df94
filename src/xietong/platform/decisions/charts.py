"""The result of a vote as a chart."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xietong.platform.ui.charts import Figure, Series, bars

from .queries import OptionResult


def approvals(results: Sequence[OptionResult]) -> SafeString:
    """How many agreed to each option of a decided motion."""
    return bars(
        Figure(
            title=_("Approvals"),
            heads=_("Option"),
            labels=tuple(result.option.title for result in results),
            series=(Series(_("Approvals"), tuple(result.approvals for result in results)),),
        )
    )
