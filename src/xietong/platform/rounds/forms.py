"""What a person fills in to look through the needs of a scenario."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .tiers import Tier


class NeedsForm(forms.Form):
    """What to look for; all of it may be left out."""

    q = forms.CharField(
        required=False,
        max_length=100,
        widget=forms.TextInput(
            {
                "type": "search",
                "aria-label": _("Search the needs"),
                "placeholder": "rice, 稻米, daomi",
            }
        ),
    )
    tier = forms.ChoiceField(
        required=False,
        choices=[("", _("All tiers")), *Tier.choices],
        widget=forms.Select({"aria-label": _("Tier")}),
    )
    cut = forms.BooleanField(required=False, label=_("only what is cut"))
