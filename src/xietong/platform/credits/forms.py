"""What a person fills in to look through prices."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PricesForm(forms.Form):
    """What to look for, and in which order; all of it may be left out."""

    q = forms.CharField(
        required=False,
        max_length=100,
        widget=forms.TextInput(
            {
                "type": "search",
                "aria-label": _("Search the prices"),
                "placeholder": "rice, 稻米, daomi",
            }
        ),
    )
    order = forms.ChoiceField(
        required=False,
        choices=[
            ("name", _("sorted by name")),
            ("risen", _("what rose most first")),
            ("fallen", _("what fell most first")),
        ],
        widget=forms.Select({"aria-label": _("Order of the list")}),
    )
