from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from xietong.platform.record import actions, chain
from xietong.platform.record.models import Entry


def record(entries: int) -> None:
    for number in range(entries):
        actions.define_parameter(
            f"p{number}",
            name_en=f"Parameter {number}",
            name_zh=f"参数{number}",
            value=Decimal("0.5"),
            lowest=Decimal(0),
            highest=Decimal(1),
            unit_en="share",
            unit_zh="比例",
            reason="founding / 建国",
        )
    actions.sequence()


@pytest.mark.django_db
def test_that_an_empty_record_says_what_will_stand_there(client: Client) -> None:
    page = client.get("/record/")
    assert (page.status_code, b"Nothing has been recorded yet" in page.content) == (200, True)


@pytest.mark.django_db
def test_that_anybody_reads_the_record_in_words_with_its_hashes(client: Client) -> None:
    record(1)
    page = client.get("/record/").content.decode()
    entry = Entry.objects.get()
    for text in (
        "A parameter was set: Parameter 0",
        entry.hash,
        "<dt>From now on</dt><dd>0.5</dd>",
    ):
        assert text in page


@pytest.mark.django_db
def test_that_the_record_is_read_in_chinese(client: Client) -> None:
    record(1)
    page = client.get("/record/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "参数0" in page
    assert "Parameter 0" not in page.split("<details>")[0]


@pytest.mark.django_db
@pytest.mark.parametrize("entries", [1, 3])
def test_that_the_record_takes_four_queries(
    client: Client, entries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    record(entries)
    with django_assert_num_queries(4):
        page = client.get("/record/")
    assert page.content.count(b'<article class="card" id="entry-') == entries


@pytest.mark.django_db
def test_that_the_record_is_paged_with_the_newest_first(client: Client) -> None:
    record(21)
    first, last = client.get("/record/"), client.get("/record/?page=2")
    assert [reading.entry.number for reading in first.context["readings"]] == list(range(21, 1, -1))
    assert [reading.entry.number for reading in last.context["readings"]] == [1]


@pytest.mark.django_db(transaction=True)
def test_that_the_downloaded_record_verifies(client: Client) -> None:
    record(3)
    answer = client.get("/record/export.jsonl")
    assert answer["Content-Disposition"] == 'attachment; filename="record.jsonl"'
    lines = answer.getvalue().decode().splitlines()
    assert len(lines) == 3
    assert chain.verify(lines) == []


@pytest.mark.django_db
@pytest.mark.parametrize("parameters", [1, 3])
def test_that_parameters_and_their_history_take_three_queries(
    client: Client, parameters: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    record(parameters)
    with django_assert_num_queries(3):
        page = client.get("/record/parameters/")
    assert page.content.count("founding / 建国".encode()) == parameters


@pytest.mark.django_db
def test_that_without_parameters_the_page_says_when_they_come(client: Client) -> None:
    page = client.get("/record/parameters/")
    assert b"There are no parameters yet" in page.content


@pytest.mark.django_db
def test_that_nothing_can_be_posted_to_the_record(client: Client) -> None:
    for address in ("/record/", "/record/export.jsonl", "/record/parameters/"):
        assert client.post(address).status_code == 405
