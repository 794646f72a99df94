"""Putting a parameter to the vote."""

import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xietong.platform.labour.models import Skill
from xietong.platform.record import queries as record
from xietong.platform.ui.formats import localname

# No code of a parameter contains a colon.
SPREAD = "skills:"
FACTOR = "skill:"


def _parameters() -> list[tuple[str, str]]:
    return [
        *((parameter.code, localname(parameter)) for parameter in record.parameters()),
        (SPREAD, _("How far skill factors may lie from 1")),
        *(
            (f"{FACTOR}{skill.code}", _("What an hour counts: %s") % localname(skill))
            for skill in Skill.objects.order_by("code")
        ),
    ]


class ParameterVoteForm(forms.Form):
    code = forms.ChoiceField(label=gettext_lazy("Parameter"), choices=_parameters)
    values = forms.CharField(
        label=gettext_lazy("Values to choose from"),
        help_text=gettext_lazy(
            "Numbers with spaces between them. The present value stands to choose by itself."
        ),
        widget=forms.TextInput(attrs={"inputmode": "text"}),
    )

    def clean_values(self) -> list[Decimal]:
        written = re.split(r"[\s,;，；、]+", self.cleaned_data["values"].strip())
        try:
            values = [Decimal(number) for number in written]
        except InvalidOperation:
            values = []
        if not values or not all(value.is_finite() for value in values):
            raise forms.ValidationError(_("Write numbers, such as 120 140.5"))
        return values
