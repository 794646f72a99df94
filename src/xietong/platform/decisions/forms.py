"""Putting a parameter to the vote."""

import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xietong.platform.record import queries as record
from xietong.platform.ui.formats import localname


def _parameters() -> list[tuple[str, str]]:
    return [(parameter.code, localname(parameter)) for parameter in record.parameters()]


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
