"""What a member fills in to add a shift to the team's week."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from xietong.platform.ui.formats import localname

from ..models import Shift, Skill
from ..models.shifts import DAY


class ShiftForm(forms.Form):
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Weekday"), coerce=int, choices=Shift.Weekday.choices
    )
    begins = forms.TimeField(
        label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"})
    )
    ends = forms.TimeField(
        label=gettext_lazy("To"),
        help_text=gettext_lazy("Earlier than its beginning: on the next day. Up to 12 hours."),
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    places = forms.IntegerField(
        label=gettext_lazy("Persons needed"), min_value=1, max_value=10_000, initial=1
    )

    def __init__(self, skills: Sequence[Skill], data: Any = None) -> None:
        super().__init__(data)
        self.fields["skill"] = forms.ChoiceField(
            label=gettext_lazy("Skill"),
            choices=[
                ("", gettext_lazy("any")),
                *((skill.code, localname(skill)) for skill in skills),
            ],
            required=False,
        )

    @property
    def times(self) -> tuple[int, int]:
        """When it starts, in minutes after midnight, and how many minutes it lasts."""
        begins, ends = (
            self.cleaned_data[name].hour * 60 + self.cleaned_data[name].minute
            for name in ("begins", "ends")
        )
        return begins, (ends - begins) % DAY
