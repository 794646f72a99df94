"""What a person fills in to look through the products, and to say where they live."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xietong.platform.products import queries as products
from xietong.platform.products.models import Product
from xietong.platform.ui.formats import localname

from .models import Move


class ListForm(forms.Form):
    """What to look for; all of it may be left out."""

    mode = forms.ChoiceField(
        required=False,
        choices=[("", _("any way")), *Product.Mode.choices],
        widget=forms.Select({"aria-label": _("How it reaches people")}),
    )
    move = forms.ChoiceField(
        required=False,
        choices=[("", _("any proposal")), *Move.choices],
        widget=forms.Select({"aria-label": _("What the rules propose")}),
    )
    order = forms.ChoiceField(
        required=False,
        choices=[
            ("proposal", _("what can be done first")),
            ("name", _("sorted by name")),
            ("hours", _("dearest step first")),
            ("use", _("most used first")),
        ],
        widget=forms.Select({"aria-label": _("Order of the list")}),
    )


class ResidenceForm(forms.Form):
    region = forms.ChoiceField(label=_("I live in"))

    def __init__(self, data: Any = None, *, present: str = "") -> None:
        super().__init__(data, initial={"region": present})
        regions = [(region.code, localname(region)) for region in products.regions()]
        self.fields["region"].choices = regions  # type: ignore[attr-defined]
