"""What a person fills in to look through the needs of a scenario, and to plan ahead."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import LONGEST_HORIZON
from .tiers import Tier


class HorizonForm(forms.Form):
    """How many rounds are planned at once."""

    horizon = forms.IntegerField(
        min_value=1,
        max_value=LONGEST_HORIZON,
        label=_("Rounds planned at once"),
        help_text=_(
            "Only the first is carried out; the others show where it leads, if people go on "
            "ordering the same. From 1 to 12."
        ),
    )


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
