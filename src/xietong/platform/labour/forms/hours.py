"""What a person fills in to log hours, their own or the team's."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import MOST_MINUTES_A_DAY, MOST_MINUTES_A_WEEK, WEEKS_A_ROUND, Skill, WorkRecord
from ..queries import MINUTES_AN_HOUR, MemberWeek
from ..wording import WEEKDAYS

DAYS = [f"day{number}" for number in range(1, len(WEEKDAYS) + 1)]


class HoursField(forms.DecimalField):
    """Hours as people write them, 37.5, at most these minutes; cleaned to minutes."""

    def __init__(self, most: int = MOST_MINUTES_A_WEEK, **options: Any) -> None:
        super().__init__(
            min_value=0,
            max_value=most // MINUTES_AN_HOUR,
            # A hundredth of an hour is less than a minute: every whole minute can be written.
            decimal_places=2,
            **options,
        )

    def clean(self, value: Any) -> int | None:
        hours = super().clean(value)
        return None if hours is None else round(hours * MINUTES_AN_HOUR)


class DayField(HoursField):
    """Hours of one day, at most what the law allows; left empty, none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(MOST_MINUTES_A_DAY, **options)

    def clean(self, value: Any) -> int | None:
        return super().clean(value or "0")


def in_hours(minutes: int) -> str:
    """Minutes as an `HoursField` shows them, so that the same minutes come back."""
    return f"{(Decimal(minutes) / MINUTES_AN_HOUR).quantize(Decimal('0.01')).normalize():f}"


class DaysForm(forms.Form):
    """The hours of the seven days of a week and, for who manages, those on the line."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, manages: bool = False, **options: Any) -> None:
        super().__init__(data, **options)
        for name, weekday in zip(DAYS, WEEKDAYS, strict=True):
            self.fields[name] = DayField(label=weekday)
        if manages:
            self.fields["line"] = HoursField(
                label=_("Of these on the line"),
                help_text=_("Hours in production itself, not in managing. Everyone can see them."),
                required=False,
            )

    @property
    def of_days(self) -> list[forms.BoundField]:
        """The fields of the seven days; they stand beside each other."""
        return [self[name] for name in DAYS]

    @property
    def of_the_rest(self) -> list[forms.BoundField]:
        """All other fields."""
        return [field for field in self if field.name not in DAYS]

    @property
    def days(self) -> list[int]:
        """Minutes of each day, from Monday. Only of a valid form."""
        return [self.cleaned_data[name] for name in DAYS]

    @property
    def line(self) -> int:
        """Minutes on the line. Only of a valid form."""
        return self.cleaned_data.get("line") or 0


class WeekForm(DaysForm):
    """One's own hours of one week."""

    week = forms.TypedChoiceField(
        label=_("Week of the round"),
        help_text=_(
            "Hours as 7.5, which is 7 hours and 30 minutes. A week without hours withdraws what "
            "was logged."
        ),
        coerce=int,
        choices=[(week, str(week)) for week in range(1, WEEKS_A_ROUND + 1)],
    )
    skill = forms.ModelChoiceField(
        Skill.objects.all(),
        label=_("By which skill"),
        empty_label=_("work that anyone can do"),
        required=False,
    )


def shown_days(record: WorkRecord) -> dict[str, str]:
    """What a `DaysForm` shows at first of hours as they stand."""
    shown = {name: in_hours(day) for name, day in zip(DAYS, record.days, strict=True)}
    return {**shown, "line": in_hours(record.line_minutes)}


class CorrectionForm(DaysForm):
    """The hours of a certified week as they were in truth."""


class DisputeForm(DaysForm):
    """What the workers' congress is asked, and why."""

    why = forms.CharField(
        label=_("Why"),
        help_text=_("All members of the enterprise read it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
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
