"""What Brazil's products, industries and product groups are called."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from xietong.planning.sources.names import Name


@cache
def product_names() -> Mapping[str, Name]:
    """Return the name of each of the 128 products by its code, in the source's order."""
    return _names("products.csv", "product")


@cache
def industry_names() -> Mapping[str, Name]:
    """Return the name of each of the 68 industries by its code, in the source's order."""
    return _names("industries.csv", "industry")


@cache
def group_names() -> Mapping[str, Name]:
    """Return the name of each product group by its id, in the order of a catalogue."""
    return _names("groups.csv", "group")


@cache
def product_groups() -> Mapping[str, str]:
    """Return the group that each product stands in, group id by product code."""
    return MappingProxyType({row["product"]: row["group"] for row in _rows("products.csv")})


def _names(file: str, key: str) -> Mapping[str, Name]:
    return MappingProxyType({row[key]: Name(row["name_en"], row["name_zh"]) for row in _rows(file)})


def _rows(file: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath(file).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
