"""Every product, industry and group has a name in both languages."""

import re
from collections.abc import Callable, Mapping

import pytest

from xietong.planning.sources.brazil import (
    Name,
    group_names,
    industry_names,
    product_groups,
    product_names,
)
from xietong.planning.sources.brazil.sheets import Sheet

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LISTS: list[Callable[[], Mapping[str, Name]]] = [product_names, industry_names, group_names]


def test_that_the_products_and_industries_named_are_those_of_the_source(
    sheets: dict[str, Sheet],
) -> None:
    make = sheets["producao"]
    products = [make.text(row, 0) for row in range(5, 133)]
    industries = [make.text(3, column).split(" ")[0] for column in range(2, 70)]
    assert list(product_names()) == products
    assert list(industry_names()) == industries


@pytest.mark.parametrize("names", LISTS)
def test_that_no_two_have_the_same_name_in_either_language(
    names: Callable[[], Mapping[str, Name]],
) -> None:
    assert len({name.en for name in names().values()}) == len(names())
    assert len({name.zh for name in names().values()}) == len(names())


@pytest.mark.parametrize("names", LISTS)
def test_that_each_name_is_in_its_own_language_short_and_tidy(
    names: Callable[[], Mapping[str, Name]],
) -> None:
    for name in names().values():
        assert not CHINESE.search(name.en)
        assert CHINESE.search(name.zh)
        assert (name.en, name.zh) == (name.en.strip(), name.zh.strip())
        assert 3 <= len(name.en) <= 60
        assert 2 <= len(name.zh) <= 30
        assert "," not in name.zh


def test_that_a_product_is_called_what_a_citizen_calls_it() -> None:
    assert product_names()["01911"] == Name("Rice, wheat and other cereals", "稻谷、小麦及其他谷物")
    assert industry_names()["9700"] == Name("Domestic services", "家政服务")


def test_that_each_product_stands_in_one_group_and_no_group_is_empty() -> None:
    assert list(product_groups()) == list(product_names())
    assert set(product_groups().values()) == set(group_names())
    assert len(group_names()) == 16
