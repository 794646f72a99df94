"""What a person fills in to be excused from public service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Exemption
from ..rules.rota import MOST_ROUNDS_EXEMPT


class ExemptionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Reason"), choices=Exemption.Kind.choices)
    reason = forms.CharField(
        label=_("In your own words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only who decides reads this. It is deleted when it is decided."),
    )
    first_round = forms.IntegerField(label=_("From round"), min_value=1, max_value=2**31 - 1)
    rounds = forms.IntegerField(
        label=_("For so many rounds"), min_value=1, max_value=MOST_ROUNDS_EXEMPT
    )
    appeals = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def asked(self) -> dict[str, Any]:
        """What `actions.ask_exemption` takes. Only of a valid form."""
        given = self.cleaned_data
        return {
            "kind": Exemption.Kind(given["kind"]),
            "reason": given["reason"],
            "first_round": given["first_round"],
            "last_round": given["first_round"] + given["rounds"] - 1,
            "appeals": given["appeals"],
        }
