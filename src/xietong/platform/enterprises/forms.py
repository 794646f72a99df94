"""What a person fills in to report for their enterprise."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xietong.platform.base import uuid7
from xietong.platform.ui.formats import localname
from xietong.platform.ui.formats import quantity as written

from .models import Report
from .queries import ProductLine
from .rules import DECIMALS


class ReportForm(forms.Form):
    """A quantity for each product, filled with what is left of the plan; and a key, sent once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("For everyone to read: what went well, what was in the way."),
        max_length=Report._meta.get_field("note").max_length,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, lines: Sequence[ProductLine], data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid7()})
        self.lines = {f"quantity-{line.product.code}": line for line in lines}
        for name, line in self.lines.items():
            self.fields[name] = forms.DecimalField(
                label=f"{localname(line.product)} ({line.product.unit})",
                help_text=_("planned %(planned)s, reported so far %(reported)s")
                % {"planned": written(line.planned), "reported": written(line.reported)},
                initial=f"{line.left.normalize():f}" if line.left else None,
                min_value=0,
                max_digits=20,
                decimal_places=DECIMALS,
                required=False,
            )

    @property
    def quantities(self) -> dict[str, Decimal]:
        """By product code, what was filled in. Only of a valid form."""
        return {
            line.product.code: self.cleaned_data[name]
            for name, line in self.lines.items()
            if self.cleaned_data[name] is not None
        }

    @property
    def asked_for(self) -> list[BoundField]:
        """The fields of the products that the plan asks for."""
        return [self[name] for name, line in self.lines.items() if line.planned]

    @property
    def others(self) -> list[BoundField]:
        """The fields of what else the enterprise could have made or used."""
        return [self[name] for name, line in self.lines.items() if not line.planned]
