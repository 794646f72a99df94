import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from tests.platform.products.conftest import product

from xietong.platform.products import actions, queries
from xietong.platform.products.models import Group, Product


def codes(**asked: object) -> list[str]:
    return [product.code for product in queries.catalogue(**asked)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", {"rice", "coffee", "flour", "bus"}),
        ("coffee", {"coffee"}),
        ("COFF", {"coffee"}),
        ("milled rice", {"rice"}),
        ("offee", set()),
        ("咖啡", {"coffee"}),
        ("米", {"rice"}),
        ("daomi", {"rice"}),
        ("Dao Mi", {"rice"}),
        ("kafei", {"coffee"}),
        ("mf", {"flour"}),
        ("bckf", {"coffee"}),
        ("kf", {"coffee"}),
        ("afei", set()),
        ("flour", {"flour"}),
        ("( .* ) |", set()),
        ("%", set()),
        ("ore", set()),
    ],
)
def test_that_search_finds_in_english_chinese_and_pinyin(
    shelf: list[Product], search: str, found: set[str]
) -> None:
    assert set(codes(search=search)) == found


def test_that_shelves_modes_and_what_is_not_for_persons_can_be_picked(
    shelf: list[Product],
) -> None:
    assert codes(group="transport") == ["bus"]
    assert codes(mode="quota") == ["flour"]
    assert codes(orderable=None, search="ore") == ["ore"]
    assert codes(orderable=False) == ["ore"]


def test_that_names_sort_in_the_readers_language(shelf: list[Product]) -> None:
    assert codes(order="name") == ["bus", "rice", "coffee", "flour"]
    with translation.override("zh-hans"):
        assert codes(order="name") == ["coffee", "rice", "bus", "flour"]
    assert codes(order="code") == ["bus", "coffee", "flour", "rice"]
    assert codes(order="group") == ["rice", "coffee", "flour", "bus"]


@pytest.mark.parametrize("items", [1, 3])
def test_that_a_page_of_the_catalogue_takes_two_queries(
    food: Group, items: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actions.add_products(product(f"p{number}") for number in range(items))
    with django_assert_num_queries(2):
        names = [(item.name_en, item.group.name_en) for item in queries.catalogue()]
    assert len(names) == items


def test_that_a_page_beyond_the_last_is_the_last(food: Group) -> None:
    actions.add_products(product(f"p{number:02}") for number in range(25))
    page = queries.catalogue(page=9)
    assert (page.number, [item.code for item in page]) == (2, ["p24"])


def test_that_only_shelves_with_something_to_order_are_shown(shelf: list[Product]) -> None:
    actions.add_group("mining", name_en="Mining", name_zh="采矿")
    assert [group.code for group in queries.groups()] == ["food", "transport"]


def test_that_products_come_by_code_and_unknown_codes_are_missing(shelf: list[Product]) -> None:
    assert set(queries.products(["rice", "gold"])) == {"rice"}
