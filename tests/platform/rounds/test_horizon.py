"""Several rounds can be planned at once; the first is carried out, the others are an outlook."""

import io
import zipfile
from html import unescape
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.platform.factories import Country

from xietong.planning import Economy, Plan, verify
from xietong.platform.base import Rejected
from xietong.platform.enterprises.models import Task
from xietong.platform.rounds import actions
from xietong.platform.rounds.models import Round, ScenarioOutlook
from xietong.platform.rounds.queries import scenarios
from xietong.platform.rounds.rules import Refusal
from xietong.platform.rounds.tiers import Tier


@pytest.fixture
def ahead(country: Country) -> Country:
    """Three rounds are planned at once, and round 1 is before its vote."""
    country.order()
    actions.begin_drafting(country.planner, number=1, horizon=3)
    country.draw(1)
    return country


def test_that_the_later_rounds_are_shown_with_hours_and_the_needs_they_meet(
    ahead: Country,
) -> None:
    goods, leisure = scenarios.scenarios_of(1)
    for each, hours in ((goods, 100.0), (leisure, 80.0)):
        assert [later.number for later in each.outlook] == [2, 3]
        for later in each.outlook:
            assert later.planned == pytest.approx(hours, abs=1e-3)
            assert [tier for tier, _ in later.shares] == [
                Tier.BASIC, Tier.PUBLIC, Tier.PERSONAL, Tier.RESERVE,
            ]  # fmt: skip
            assert dict(later.shares)[Tier.BASIC] == 1.0
            assert dict(later.shares)[Tier.PERSONAL] < 1.0


def test_that_the_files_hold_all_rounds_and_verify(ahead: Country, tmp_path: Path) -> None:
    for name in ("economy", "plan"):
        packed = scenarios.file_of(1, "goods", "economy" if name == "economy" else "plan")
        zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path / name)
    economy = Economy.read(tmp_path / "economy")
    assert economy.periods["period"].to_list() == [1, 2, 3]
    assert verify(Plan.read(tmp_path / "plan"), economy) == []


def test_that_only_the_first_round_is_carried_out(ahead: Country) -> None:
    ahead.choose("goods")
    # 600 hours are offered in a round; the tasks of one round, not of three, are dispatched.
    hours = sum(task.hours for task in Task.objects.filter(dispatch=1))
    assert float(hours) == pytest.approx(600, abs=0.01)
    scenario = scenarios.scenario_of(1, "goods")
    assert not scenario.needs.filter(need__startswith="later:").exists()
    assert scenario.needs.filter(need="household:rice").get().target == 8 * 20


def test_that_one_round_at_a_time_has_no_outlook(country: Country) -> None:
    country.order()
    country.draft()
    assert Round.objects.get(number=1).horizon == 1
    assert not ScenarioOutlook.objects.exists()
    assert all(each.outlook == () for each in scenarios.scenarios_of(1))


def test_that_the_next_round_looks_as_far_ahead_unless_told_otherwise(ahead: Country) -> None:
    assert Round.objects.get(number=2).horizon == 3
    ahead.choose("goods", 1)
    ahead.order()
    actions.begin_drafting(ahead.planner, number=2)
    assert Round.objects.get(number=2).horizon == 3


@pytest.mark.parametrize("horizon", [0, 13])
def test_that_a_horizon_out_of_bounds_is_refused_and_changes_nothing(
    country: Country, horizon: int
) -> None:
    country.order()
    with pytest.raises(Rejected) as refused:
        actions.begin_drafting(country.planner, number=1, horizon=horizon)
    assert refused.value.reason == Refusal.HORIZON
    assert Round.objects.get(number=1).state == Round.State.GATHERING
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(number=1).update(horizon=horizon)


def test_that_the_page_asks_how_many_rounds_and_shows_where_they_lead(
    country: Country, client: Client
) -> None:
    country.order()
    client.force_login(country.planner)
    asked = unescape(client.get("/round/1/next/").content.decode())
    assert "Rounds planned at once" in asked
    refused = client.post("/round/1/next/", {"step": "begin-drafting", "horizon": "13"})
    assert refused.status_code == 200
    assert Round.objects.get(number=1).state == Round.State.GATHERING
    client.post("/round/1/next/", {"step": "begin-drafting", "horizon": "2"})
    country.draw(1)
    shown = unescape(client.get("/round/1/").content.decode())
    assert "Where it leads" in shown
    client.cookies["language"] = "zh-hans"
    assert "以后会怎样" in unescape(client.get("/round/1/").content.decode())


def test_that_programs_plan_ahead_and_read_the_outlook(country: Country, client: Client) -> None:
    country.order()
    client.force_login(country.planner)
    address = "/api/rounds/1/begin-drafting?horizon="
    assert client.post(f"{address}13").status_code == 422
    assert client.post(f"{address}2").json()["horizon"] == 2
    country.draw(1)
    goods, _ = client.get("/api/rounds/1").json()["scenarios"]
    (later,) = goods["outlook"]
    assert (later["round"], later["shares"]["basic"]) == (2, 1.0)
    assert later["hours"] == pytest.approx(100.0, abs=1e-3)
