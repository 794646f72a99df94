"""What a person fills in to look through the needs of a scenario, and to plan ahead."""

from decimal import Decimal

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


class DialForm(forms.Form):
    """A position of the policy dial; products are ticked beside it."""

    spread = forms.DecimalField(
        label=_("How far skill factors may lie from 1"),
        min_value=0,
        max_value=Decimal("0.999"),
        decimal_places=3,
        required=False,
        help_text=_("0: every hour counts the same. 0.2: between 0.8 and 1.2."),
    )
    percent = forms.IntegerField(
        label=_("Share by need to reach, in per cent"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_(
            "The products whose step costs fewest hours for what it moves are taken first, until "
            "the share is reached. Leave it empty to choose products alone."
        ),
    )

    def settings(self) -> dict[str, int | None]:
        """As the action takes them."""
        spread = self.cleaned_data["spread"]
        return {
            "spread": None if spread is None else int(spread * 1000),
            "percent": self.cleaned_data["percent"],
        }
