"""What a person fills in to log hours, their own or the team's."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from ..models import MOST_MINUTES_A_WEEK, WEEKS_A_ROUND
from ..queries import MINUTES_AN_HOUR, MemberWeek


class HoursField(forms.DecimalField):
    """Hours of a week as people write them, 37.5; cleaned to minutes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=0,
            max_value=MOST_MINUTES_A_WEEK // MINUTES_AN_HOUR,
            # A hundredth of an hour is less than a minute: every whole minute can be written.
            decimal_places=2,
            **options,
        )

    def clean(self, value: Any) -> int | None:
        hours = super().clean(value)
        return None if hours is None else round(hours * MINUTES_AN_HOUR)


def in_hours(minutes: int) -> str:
    """Minutes as an `HoursField` shows them, so that the same minutes come back."""
    return f"{(Decimal(minutes) / MINUTES_AN_HOUR).quantize(Decimal('0.01')).normalize():f}"


class WeekForm(forms.Form):
    """One's own hours of one week."""

    week = forms.TypedChoiceField(
        label=gettext_lazy("Week of the round"),
        coerce=int,
        choices=[(week, str(week)) for week in range(1, WEEKS_A_ROUND + 1)],
    )
    hours = HoursField(
        label=gettext_lazy("Hours worked"),
        help_text=gettext_lazy("37.5 is 37 hours and 30 minutes; 0 withdraws what was logged."),
    )


class TeamForm(forms.Form):
    """The hours of the members of a team in one week, but for those certified already."""

    def __init__(self, members: Sequence[MemberWeek], data: Any = None) -> None:
        super().__init__(data)
        self.certified = [member for member in members if member.certified]
        self.open = {
            f"hours-{member.person.id}": member for member in members if not member.certified
        }
        for name, member in self.open.items():
            self.fields[name] = HoursField(
                label=member.person.name,
                initial=in_hours(member.minutes) if member.minutes else None,
                required=False,
            )

    @property
    def changes(self) -> dict[UUID, int]:
        """By person's id, the minutes that differ from those logged. Only of a valid form."""
        written = {name: self.cleaned_data[name] or 0 for name in self.open}
        return {
            member.person.id: written[name]
            for name, member in self.open.items()
            if written[name] != member.minutes
        }
