"""A week's hours in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from xietong.platform.ui.formats import hours

WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


def by_day(days: Sequence[int]) -> str:
    """Minutes of each day in words, equal days together: "Monday to Friday 8 h, Saturday 4 h"."""
    runs: list[tuple[int, int]] = []
    for day, minutes in enumerate(days):
        if day and days[day - 1] == minutes:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return pgettext("list", ", ").join(
        _("%(days)s %(hours)s") % {"days": _span(first, last), "hours": hours(days[first])}
        for first, last in runs
        if days[first]
    )


def _span(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS[first])
    return _("%(first)s to %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
