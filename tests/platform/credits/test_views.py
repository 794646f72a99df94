from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client

from xietong.platform.credits import actions, queries
from xietong.platform.credits.models import Entry
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.labour.models import WorkRecord

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.platform.credits.conftest import Mill


@pytest.fixture
def ana(client: Client, mill: "Mill") -> Client:
    client.force_login(mill.ana)
    return client


@pytest.mark.parametrize("page", ["/credits/", "/work/"])
def test_that_one_s_own_pages_ask_to_sign_in(client: Client, mill: "Mill", page: str) -> None:
    answer = client.get(page)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in/?next={page}")


def test_that_the_account_shows_what_moved_it_and_why_an_hour_issues_so_much(
    ana: Client, mill: "Mill"
) -> None:
    mill.publish()
    actions.certify_and_issue(mill.bruno, records=[mill.log(mill.ana, week=2, minutes=90)])
    actions.cancel(mill.ana, amount=125, source=uuid4(), round_number=1)
    page = ana.get("/credits/").content.decode()
    for text in (
        "1 h 30 min of work in week 2 of round 1",
        "+1.125",
        "Collected in round 1",
        "-0.125",
        "Why an hour issues this much in round 1",
        "50.0%",
        "0.750",
    ):
        assert text in page


def test_that_an_empty_account_says_what_to_do(ana: Client) -> None:
    page = ana.get("/credits/").content.decode()
    assert "Nothing has moved your account yet" in page
    assert 'href="/work/"' in page


def test_that_the_account_is_read_in_chinese(ana: Client, mill: "Mill") -> None:
    mill.publish()
    actions.certify_and_issue(mill.bruno, records=[mill.log(mill.ana, week=2, minutes=90)])
    page = ana.get("/credits/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "第1轮第2周劳动1小时30分" in page
    assert "第1轮每小时的积分是怎样算出来的" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Undone: 1 h 30 min of work in week 2 of round 1", "Undone: Collected in round 1"]),
        ("zh-hans", ["已撤销 · 第1轮第2周劳动1小时30分", "已撤销 · 在第1轮领取产品"]),
    ],
)
def test_that_the_account_tells_what_a_reversal_undid(
    ana: Client, mill: "Mill", language: str, words: list[str]
) -> None:
    mill.publish()
    actions.certify_and_issue(mill.bruno, records=[mill.log(mill.ana, week=2, minutes=90)])
    actions.cancel(mill.ana, amount=125, source=uuid4(), round_number=1)
    for entry in queries.entries_of(mill.ana):
        actions.reverse(mill.ana, entry=entry.id, source=uuid4())
    page = ana.get("/credits/", headers={"accept-language": language}).content.decode()
    told = " ".join(page.split())
    for text in (*words, "-1.125", "+0.125"):
        assert text in told


@pytest.mark.parametrize("entries", [1, 3])
def test_that_the_account_takes_seven_queries(
    ana: Client, mill: "Mill", entries: int, django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    for amount in range(entries):
        Entry.objects.create(
            person=mill.ana, kind="allowance", amount=1 + amount, source=uuid4(), round_number=1
        )
    # session, person, balance, number of entries, entries, their work, rate
    with django_assert_num_queries(7):
        assert ana.get("/credits/").status_code == 200


@pytest.mark.parametrize("weeks", [1, 3])
def test_that_the_page_of_work_takes_as_many_queries_for_one_week_and_three(
    ana: Client, mill: "Mill", weeks: int, django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    mill.publish()
    for week in range(1, weeks + 1):
        mill.log(mill.ana, week=week)
        mill.log(mill.bruno, week=week)
    # session, person, newest round, entries, records, weeks, to certify, open round, enterprise,
    # rate, whether she manages, skills
    with django_assert_num_queries(12):
        page = ana.get("/work/").content.decode()
    assert page.count('name="record"') == (2 * weeks if weeks > 1 else 1)


def test_that_the_page_of_work_shows_each_week_and_what_it_issued(
    ana: Client, mill: "Mill"
) -> None:
    mill.publish()
    actions.certify_and_issue(mill.bruno, records=[mill.log(mill.ana, week=1, minutes=600)])
    mill.log(mill.ana, week=2, minutes=120)
    page = ana.get("/work/").content.decode()
    for text in ("10 h", "certified by Bruno", "7.500", "waits for a team-mate"):
        assert text in page


def test_that_one_button_certifies_one_week(ana: Client, mill: "Mill") -> None:
    mill.publish()
    first, second = mill.log(mill.bruno, week=1), mill.log(mill.bruno, week=2)
    answer = ana.post("/work/certify/", {"record": str(first)}, follow=True)
    assert "7.500 credits are issued to those who worked." in answer.content.decode()
    certified = WorkRecord.objects.filter(certified_by=mill.ana)
    assert [record.id for record in certified] == [first]
    assert WorkRecord.objects.get(id=second).certified_by is None
    assert queries.balance_of(mill.bruno) == 7_500


def test_that_one_button_certifies_all_that_is_shown(ana: Client, mill: "Mill") -> None:
    mill.publish()
    records = [mill.log(mill.bruno, week=1), mill.log(mill.davi, week=1)]
    ana.post("/work/certify/", {"record": [str(record) for record in records]})
    assert queries.totals().issued == 15_000


@pytest.mark.parametrize(("record", "status"), [(None, 422), ("nonsense", 422), ("own", 409)])
def test_that_what_cannot_be_certified_changes_nothing(
    ana: Client, mill: "Mill", record: str | None, status: int
) -> None:
    mill.publish()
    own = mill.log(mill.ana)
    chosen = str(own) if record == "own" else record
    answer = ana.post("/work/certify/", {} if chosen is None else {"record": chosen})
    assert answer.status_code == status
    assert WorkRecord.objects.get().certified_by is None
    assert queries.totals() == queries.Totals(0, 0, 0)


def test_that_hours_are_logged_from_the_page_of_work(ana: Client, mill: "Mill") -> None:
    answer = ana.post("/work/hours/", {"week": "2", "day1": "7.5"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/work/")
    assert WorkRecord.objects.values_list("person", "week", "minutes").get() == (
        mill.ana.pk,
        2,
        450,
    )


def test_that_who_has_no_place_or_no_round_is_told_so(client: Client, mill: "Mill") -> None:
    client.force_login(mill.emil)
    assert "You have no place in an enterprise now" in client.get("/work/").content.decode()
    client.force_login(mill.ana)
    enterprises.close_dispatch(1)
    page = client.get("/work/").content.decode()
    assert "No round is running." in page
    assert "Log my hours</button>" not in page
