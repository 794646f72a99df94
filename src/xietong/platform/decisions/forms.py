"""Putting a parameter to the vote."""

import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xietong.platform.labour.models import Skill
from xietong.platform.people.models import NEEDS, Ground
from xietong.platform.people.rules import RuleDraft
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


class AllowanceVoteForm(forms.Form):
    ground = forms.ChoiceField(
        label=pgettext_lazy("recognised", "Need"),
        choices=[choice for choice in Ground.choices if choice[0] in NEEDS],
    )
    share = forms.IntegerField(
        label=gettext_lazy("Per cent of a worker's mean credits"), min_value=20, max_value=100
    )
    beside_share = forms.IntegerField(
        label=gettext_lazy("Per cent beside work"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=gettext_lazy("Leave it empty if it cannot be held beside work."),
    )
    longest = forms.IntegerField(
        label=gettext_lazy("Rounds at the longest"), required=False, min_value=1, max_value=600
    )
    age_from = forms.IntegerField(
        label=gettext_lazy("From age"), required=False, min_value=0, max_value=120
    )
    age_to = forms.IntegerField(
        label=gettext_lazy("Until age"), required=False, min_value=1, max_value=120
    )

    def draft(self) -> RuleDraft:
        filled = self.cleaned_data
        beside = filled["beside_share"]
        return RuleDraft(
            share=filled["share"] * 10,
            beside_share=None if beside is None else beside * 10,
            longest=filled["longest"],
            age_from=filled["age_from"],
            age_to=filled["age_to"],
        )
