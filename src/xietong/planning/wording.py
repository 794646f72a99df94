"""Words that several texts about plans share, in English and Chinese."""

from collections.abc import Mapping

import polars as pl

from xietong.planning.faults import Language

Names = Mapping[Language, Mapping[str, str]]
"""What products are called; those that have no name are not in it."""

TIERS_ZH: Mapping[str, str] = {
    "basic": "基本",
    "public": "公共",
    "personal": "个人",
    "reserve": "储备",
}
STEPS_ZH: Mapping[str, str] = {
    "worst": "最差的基本需求",
    **{tier: f"{name}需求" for tier, name in TIERS_ZH.items()},
    "leisure": "闲暇",
}
KINDS: Mapping[Language, Mapping[str, str]] = {
    "en": {"skill": "skill", "means": "means", "limit": "limit", "stock": "initial stock"},
    "zh": {"skill": "工种", "means": "生产资料", "limit": "限额", "stock": "期初库存"},
}
THINGS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "skill": "hours of {}",
        "means": "means {}",
        "limit": "limit {}",
        "stock": "stock of {}",
    },
    "zh": {
        "skill": "{} 工时",
        "means": "生产资料 {}",
        "limit": "限额 {}",
        "stock": "“{}”的库存",
    },
}


def few(value: float, digits: int = 4) -> str:
    """Return a figure to so many digits, its thousands apart: 15,270 and not 1.527e+04."""
    return f"{float(f'{value:.{digits}g}'):,.15g}"


def names(products: pl.DataFrame | None) -> Names:
    """Return the names of products, from the table of an economy; none without it."""
    if products is None:
        return {"en": {}, "zh": {}}
    return {"en": _named(products, "name_en"), "zh": _named(products, "name_zh")}


def _named(products: pl.DataFrame, column: str) -> dict[str, str]:
    return {
        product: name for product, name in products.select("product", column).iter_rows() if name
    }
