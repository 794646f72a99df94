"""The pictures of a round's payout."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xietong.platform.ui.charts import Figure, Series, bars

from .queries import Sums


def where_hours_go(sums: Sums) -> SafeString:
    """What the hours of a round go to: each deduction, those unable to work, those who work."""
    parts = [(each.get_kind_display(), each.hours) for each in sums.deductions]
    parts += [
        (_("Those who live by a recognised need"), sums.allowances),
        (_("Those who work"), sums.for_work),
    ]
    return bars(
        Figure(
            title=_("What the hours of the round go to"),
            heads=_("What for"),
            labels=tuple(str(name) for name, _hours in parts),
            series=(Series(_("hours"), tuple(float(hours) for _name, hours in parts)),),
            unit=_("hours"),
            note=_("Below zero: hours of earlier rounds, or credits issued beyond the goods."),
        )
    )
