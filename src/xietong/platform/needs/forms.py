"""What a person fills in to look for products, to order and to collect."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xietong.platform.base import uuid7
from xietong.platform.products.models import Group, Product
from xietong.platform.ui.formats import localname

from .queries import BasketLine, Collectable
from .rules import MOST_UNITS_A_LINE, affordable

# Before the code of a product: the name of the field that takes its units.
UNITS = "quantity-"


class SearchForm(forms.Form):
    """What to look for in the catalogue; all of it may be left out."""

    q = forms.CharField(required=False, max_length=100)
    group = forms.ChoiceField(required=False)
    mode = forms.ChoiceField(required=False)
    order = forms.ChoiceField(
        required=False,
        choices=[
            ("name", gettext_lazy("sorted by name")),
            ("group", gettext_lazy("sorted by shelf")),
        ],
    )

    def __init__(self, groups: Sequence[Group], data: Any) -> None:
        super().__init__(data, auto_id="search_%s")
        shelves = [(group.code, localname(group)) for group in groups]
        self.fields["group"].choices = [("", _("all shelves")), *shelves]  # type: ignore[attr-defined]
        self.fields["mode"].choices = [("", _("any way")), *Product.Mode.choices]  # type: ignore[attr-defined]
        for name, label in (
            ("q", _("Search the catalogue")),
            ("group", _("Shelf")),
            ("mode", _("How it reaches people")),
            ("order", _("Order of the list")),
        ):
            self.fields[name].widget.attrs["aria-label"] = label
        self.fields["q"].widget.attrs |= {"type": "search", "placeholder": "rice, 稻米, daomi"}


class LineForm(forms.Form):
    """One product and how much of it."""

    product = forms.CharField(max_length=80)
    quantity = forms.IntegerField(min_value=0, max_value=MOST_UNITS_A_LINE)


class BasketForm(forms.Form):
    """The units of each line of an open order; 0 takes a line off."""

    def __init__(self, lines: Sequence[BasketLine], data: Any = None) -> None:
        super().__init__(data)
        self.lines = {f"{UNITS}{each.line.product_id}": each for each in lines}
        for name, each in self.lines.items():
            most = MOST_UNITS_A_LINE if each.terms.limit is None else each.terms.limit
            self.fields[name] = _units(each.line.product, each.line.quantity, most)

    @property
    def quantities(self) -> dict[str, int]:
        """Units by product code. Only of a valid form."""
        return {each.line.product_id: self.cleaned_data[name] for name, each in self.lines.items()}

    @property
    def rows(self) -> list[tuple[BasketLine, forms.BoundField]]:
        return [(each, self[name]) for name, each in self.lines.items()]


class StandingForm(forms.Form):
    """What is to happen each round without being said anew."""

    repeats = forms.BooleanField(
        required=False, label=gettext_lazy("If I order nothing, order what I did the last time")
    )
    delivered = forms.BooleanField(
        required=False,
        label=gettext_lazy("At the end of a round, bring me what I was promised"),
        help_text=gettext_lazy(
            "What is there and your credits reach for, basic needs first. It costs what it costs "
            "when you collect it."
        ),
    )


class CollectForm(forms.Form):
    """What to take of what was promised, filled in as far as stock and credits go; and a key."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, goods: Sequence[Collectable], balance: int, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid7()})
        self.goods = {f"{UNITS}{each.product.code}": each for each in goods}
        proposed = affordable(
            {each.product.code: (min(each.left, each.in_store), each.price) for each in goods},
            balance,
        )
        for name, each in self.goods.items():
            if each.left:
                self.fields[name] = _units(
                    each.product, proposed[each.product.code], each.left, required=False
                )
        # A visit sent again asks for what the first sending has left nothing of.
        for name in self.data:
            if name.startswith(UNITS) and name not in self.fields:
                self.fields[name] = forms.IntegerField(
                    min_value=0, max_value=MOST_UNITS_A_LINE, required=False
                )

    @property
    def quantities(self) -> dict[str, int]:
        """Units above 0 by product code. Only of a valid form."""
        return {
            name.removeprefix(UNITS): units
            for name, units in self.cleaned_data.items()
            if name.startswith(UNITS) and units
        }

    @property
    def rows(self) -> list[tuple[Collectable, forms.BoundField | None]]:
        return [(each, self[name] if each.left else None) for name, each in self.goods.items()]


def _units(product: Product, units: int, most: int, *, required: bool = True) -> forms.IntegerField:
    field = forms.IntegerField(
        label=localname(product),
        initial=units,
        min_value=0,
        max_value=MOST_UNITS_A_LINE,
        required=required,
    )
    # A hint for who fills it in; whoever sends a visit again must get its answer, not an error.
    field.widget.attrs["max"] = most
    # The cell of the table has no label of its own.
    field.widget.attrs["aria-label"] = _("Units of %(product)s") % {"product": localname(product)}
    return field
