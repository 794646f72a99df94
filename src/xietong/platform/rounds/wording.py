"""Why a plan cuts a need, in words: what the planner explains by codes, told by names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from xietong.planning import Explanation
from xietong.platform.enterprises.models import Means
from xietong.platform.products.models import Product
from xietong.platform.ui.formats import number, percent

LISTED = 5  # scarce things named
SMALLEST = 0.001  # share of a valuation from which on a thing is named
EQUAL = 0.99  # a valuation and a worth this near are called equal

Name = tuple[str, str]
"""In English and in Chinese."""


@dataclass(frozen=True)
class Names:
    """The names of products and means by code."""

    products: Mapping[str, Name]
    means: Mapping[str, Name]

    def of(self, kind: str, code: str) -> Name:
        """What a scarce thing is called; `kind` as in `Explanation.scarce`."""
        if kind == "skill":
            return "work itself", "劳动本身"
        if kind == "stock":
            en, zh = self.products[code]
            return f"stock of “{en}”", f"“{zh}”的库存"
        en, zh = self.means.get(code, (code, code))
        return f"“{en}”", f"“{zh}”"


def names() -> Names:
    """All names that an explanation may need."""
    return Names(
        *(
            {code: (en, zh) for code, en, zh in things.values_list("code", "name_en", "name_zh")}
            for things in (Product.objects.all(), Means.objects.all())
        )
    )


def why_cut(explanation: Explanation, called: Names) -> Name:
    """Why a need of a plan for one period is not met in full, in English and in Chinese."""
    (delivery,) = explanation.deliveries
    cost, worth = delivery.valuation, delivery.worth
    en = [f"One more would take {_few(cost)} hours from the rest of the plan"]
    zh = [f"再多一单位，要从计划的其他地方占用{_few(cost)}小时"]
    if worth > EQUAL * cost:
        en[0] += " and is itself worth no more than that, so it stops here."
        zh[0] += "，而它也只值这么多，所以到此为止。"
    else:
        en[0] += f" but is itself worth only {_few(worth)}."
        zh[0] += f"，而它只值{_few(worth)}小时。"
    scarce = [
        (called.of(thing["kind"], thing["id"]), thing) for thing in _scarce(explanation.scarce)
    ]
    if scarce:
        parts_en = ", ".join(f"{name[0]} {percent(thing['share'])}" for name, thing in scarce)
        parts_zh = "、".join(f"{name[1]}占{percent(thing['share'])}" for name, thing in scarce)
        en.append(f"These hours are made up of: {parts_en}.")
        zh.append(f"这些小时的构成：{parts_zh}。")
    for name, thing in scarce:
        if thing["adds"] > 0:
            more_en = (
                "One more hour of work"
                if thing["kind"] == "skill"
                else f"One more unit of {name[0]}"
            )
            more_zh = "多一小时劳动" if thing["kind"] == "skill" else f"{name[1]}多一单位"
            en.append(f"{more_en} would add {_few(thing['adds'])} of this.")
            zh.append(f"{more_zh}，可以多得{_few(thing['adds'])}单位。")
    return "\n".join(en), "\n".join(zh)


def _scarce(table: pl.DataFrame) -> list[dict[str, Any]]:
    return table.filter(pl.col("share") >= SMALLEST).head(LISTED).to_dicts()


def _few(value: float) -> str:
    return number(float(f"{value:.3g}"))
