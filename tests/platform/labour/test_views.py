import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from xietong.platform.enterprises import actions as enterprises
from xietong.platform.labour import actions
from xietong.platform.labour.models import WorkRecord
from xietong.platform.people.models import Person

from .conftest import Team


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def logged() -> list[tuple[str, int, int]]:
    found = WorkRecord.objects.order_by("person__name", "week")
    return list(found.values_list("person__name", "week", "minutes"))


@pytest.mark.parametrize("address", ["/enterprise/", "/enterprise/hours/", "/work/hours/"])
def test_that_ones_own_pages_need_a_sign_in(team: Team, client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in/?next={address}")
    client.post(address, {"week": "1", "day1": "8"})
    assert logged() == []


def test_that_a_person_without_a_place_is_told_where_to_look(team: Team) -> None:
    page = signed_in(team.guest).get("/enterprise/")
    assert "You have no place in an enterprise" in page.text
    assert 'href="/enterprises/"' in page.text


@pytest.mark.parametrize("weeks", [1, 3])
def test_that_the_enterprise_page_takes_the_same_queries_however_much_was_worked(
    team: Team, weeks: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for week in range(1, weeks + 1):
        minutes = {person.id: 90 for person in (team.ana, team.bruno, team.carla)[:weeks]}
        actions.log_team_hours(team.ana, week=week, minutes=minutes)
    client = signed_in(team.ana)
    with django_assert_num_queries(14):
        page = client.get("/enterprise/")
    for text in ("Workshop", "/enterprise/made/", "/enterprise/used/", "/enterprise/hours/"):
        assert text in page.text
    with django_assert_num_queries(12):
        page = client.get("/enterprise/members/")
    assert page.context["logged"] == 90 * weeks**2
    for text in ("Ana", "Bruno", "Carla"):
        assert text in page.text
    for tab in ("stock", "reports"):
        assert client.get(f"/enterprise/{tab}/").status_code == 200


def test_that_nothing_can_be_reported_between_rounds(team: Team) -> None:
    enterprises.close_dispatch(1)
    page = signed_in(team.ana).get("/enterprise/", headers={"accept-language": "zh-hans"})
    assert "目前没有正在执行的计划" in page.text
    assert "/enterprise/made/" not in page.text


def test_that_a_person_logs_their_week(team: Team) -> None:
    answer = signed_in(team.ana).post("/work/hours/", {"week": "2", "day1": "7.5"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/work/")
    assert logged() == [("Ana", 2, 450)]


def test_that_what_is_wrong_with_a_week_is_told_beside_the_form(team: Team) -> None:
    client = signed_in(team.guest)
    page = client.post("/work/hours/", {"week": "2", "day1": "7.5"})
    assert "Only members of the same enterprise can do this" in page.text
    page = client.post("/work/hours/", {"week": "2", "day1": "11"})
    assert "less than or equal to 10" in page.text
    assert logged() == []


def test_that_a_member_logs_the_team(team: Team) -> None:
    actions.log_hours(team.carla, person=team.carla, week=2, minutes=20)
    client = signed_in(team.ana)
    form = client.get("/enterprise/hours/?week=2").context["form"]
    shown = {field.label: field.value() for field in form}
    assert shown == {"Ana": None, "Bruno": None, "Carla": "0.33"}
    answer = client.post(
        "/enterprise/hours/?week=2",
        {f"hours-{team.ana.id}": "8", f"hours-{team.bruno.id}": "", f"hours-{team.carla.id}": "0"},
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/enterprise/hours/?week=2")
    assert logged() == [("Ana", 2, 480)]


def test_that_certified_hours_are_shown_and_not_asked_for(team: Team) -> None:
    actions.log_hours(team.ana, person=team.ana, week=1, minutes=2400)
    actions.certify(team.bruno, records=list(WorkRecord.objects.values_list("id", flat=True)))
    client = signed_in(team.carla)
    page = client.get("/enterprise/hours/")
    assert [field.label for field in page.context["form"]] == ["Bruno", "Carla"]
    assert "Certified already" in page.text
    client.post("/enterprise/hours/", {f"hours-{team.ana.id}": "1"})
    assert logged() == [("Ana", 1, 2400)]


@pytest.mark.parametrize("week", ["0", "6", "x", "１", ""])
def test_that_an_odd_week_is_the_first(team: Team, week: str) -> None:
    page = signed_in(team.ana).get("/enterprise/hours/", {"week": week})
    assert page.context["address"] == "/enterprise/hours/?week=1"


def test_that_a_team_without_a_round_logs_nothing(team: Team) -> None:
    enterprises.close_dispatch(1)
    answer = signed_in(team.ana).post("/enterprise/hours/", {f"hours-{team.ana.id}": "8"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/enterprise/")
    assert logged() == []
