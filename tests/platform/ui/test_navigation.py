import pytest
from django.test import Client
from django.utils.translation import override

from xietong.platform.ui.navigation import Door, Group, navigation


def found(path: str) -> dict[str, list[tuple[str, str, bool]]]:
    return {
        str(label): [(str(link.label), link.url, link.current) for link in links]
        for label, links in navigation(path)
    }


@pytest.mark.usefixtures("gallery")
def test_that_only_rooms_that_exist_are_shown() -> None:
    assert found("/elsewhere/") == {
        "Mine": [
            ("Home", "/", False),
            ("Catalogue", "/catalogue/", False),
            ("Basket", "/basket/", False),
        ],
        "Together": [("Planning round", "/round/", False)],
        "In the open": [("Opsroom", "/opsroom/", False), ("Public record", "/record/", False)],
    }


@pytest.mark.usefixtures("gallery")
def test_that_a_group_without_rooms_is_not_shown() -> None:
    assert navigation("/", (Group("Nothing", (Door("nowhere", "Nowhere"),)),)) == []


@pytest.mark.usefixtures("gallery")
@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", ["Home"]),
        ("/catalogue/", ["Catalogue"]),
        ("/catalogue/rice/", ["Catalogue"]),
        ("/elsewhere/", []),
    ],
)
def test_that_the_room_one_stands_in_is_marked(path: str, current: list[str]) -> None:
    marked = [label for links in found(path).values() for label, _, here in links if here]
    assert marked == current


@pytest.mark.usefixtures("gallery")
def test_that_rooms_are_named_in_the_language_of_the_page() -> None:
    with override("zh-hans"):
        assert list(found("/")) == ["我的", "共同", "公开"]


def test_that_the_page_tells_where_one_is(gallery: Client) -> None:
    page = gallery.get("/catalogue/rice/").content.decode()
    assert page.count('aria-current="page">Catalogue</a>') == 1
