"""What holds for every page of the platform."""

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.platform import lived


def queries_of_each_page(goods: int) -> dict[str, int]:
    """By address, in a country of so many goods that is then forgotten."""
    counted: dict[str, int] = {}
    # What is kept of a closed round must not spare the second country its queries.
    cache.clear()
    with transaction.atomic():
        country = lived.lived(goods)
        client = Client()
        client.force_login(country.planner)
        for name, addresses in lived.pages().items():
            for number, address in enumerate(addresses):
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(address).status_code == 200, address
                counted[f"{name}/{number}"] = len(captured)
        transaction.set_rollback(True)
    return counted


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_cached")
def test_that_no_page_takes_more_queries_when_there_are_more_goods_and_people() -> None:
    assert queries_of_each_page(1) == queries_of_each_page(3)


@pytest.mark.django_db
def test_that_no_page_is_left_out_of_these_tests() -> None:
    lived.lived(1)
    assert lived.pages().keys() | lived.OUTSIDE.keys() == lived.names_of_pages()
