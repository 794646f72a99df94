"""What a person fills in to report for their enterprise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy

from xietong.platform.base import uuid7
from xietong.platform.ui.formats import localname

from .models import Report
from .queries import ProductLine
from .rules import DECIMALS


@dataclass(frozen=True, slots=True)
class Row:
    """A product in the form: what the plan says of it, what lies in the stores, and its field."""

    line: ProductLine
    in_stores: Decimal | None
    field: BoundField


class ReportForm(forms.Form):
    """A quantity for each product, filled with what is left of the plan; and a key, sent once.

    Of what is used up (`in_stores` is given) no more is filled in than there is.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("For everyone to read: what went well, what was in the way."),
        max_length=Report._meta.get_field("note").max_length,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(
        self,
        lines: Sequence[ProductLine],
        *,
        in_stores: Mapping[str, Decimal] | None = None,
        data: Any = None,
    ) -> None:
        super().__init__(data, initial={"key": uuid7()})
        self.in_stores = in_stores
        self.lines = {f"quantity-{line.product.code}": line for line in lines}
        for name, line in self.lines.items():
            left = line.left if in_stores is None else min(line.left, in_stores[line.product.code])
            self.fields[name] = forms.DecimalField(
                label=localname(line.product),
                initial=f"{left.normalize():f}" if left else None,
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
    def asked_for(self) -> list[Row]:
        """The products that the plan asks for."""
        return [self._row(name) for name, line in self.lines.items() if line.planned]

    @property
    def others(self) -> list[Row]:
        """What else the enterprise could have made or used."""
        return [self._row(name) for name, line in self.lines.items() if not line.planned]

    def _row(self, name: str) -> Row:
        line = self.lines[name]
        stock = None if self.in_stores is None else self.in_stores[line.product.code]
        return Row(line, stock, self[name])
