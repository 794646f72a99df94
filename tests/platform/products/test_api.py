import pytest
from django.test import Client

from xietong.platform.people import actions as people
from xietong.platform.products.models import Product


@pytest.fixture
def signed_in(client: Client, db: None) -> Client:
    person = people.enrol(username="ana", name="Ana", password=None)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_that_the_catalogue_is_searched(signed_in: Client, shelf: list[Product]) -> None:
    found = signed_in.get("/api/products/", {"search": "daomi"}).json()
    assert (found["count"], found["pages"]) == (1, 1)
    assert found["items"] == [signed_in.get("/api/products/rice").json()]
    assert (found["items"][0]["name_zh"], found["items"][0]["group"]["code"]) == ("稻米", "food")


def test_that_all_products_are_listed_unless_told_otherwise(
    signed_in: Client, shelf: list[Product]
) -> None:
    assert signed_in.get("/api/products/").json()["count"] == 5
    assert signed_in.get("/api/products/", {"orderable": "true"}).json()["count"] == 4


def test_that_shelves_are_listed(signed_in: Client, shelf: list[Product]) -> None:
    codes = [group["code"] for group in signed_in.get("/api/products/groups").json()]
    assert codes == ["food", "transport"]


@pytest.mark.parametrize(
    ("address", "status"), [("gold", 404), ("?order=price", 422), ("?page=first", 422)]
)
def test_that_what_is_not_there_or_not_understood_is_refused(
    signed_in: Client, shelf: list[Product], address: str, status: int
) -> None:
    assert signed_in.get(f"/api/products/{address}").status_code == status


def test_that_the_catalogue_needs_signing_in(client: Client, db: None) -> None:
    assert client.get("/api/products/").status_code == 401
