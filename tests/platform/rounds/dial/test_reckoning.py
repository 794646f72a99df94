"""What the plan says of a change, on a country small enough to reckon by hand."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from tests.platform import factories
from tests.platform.rounds.dial import conftest

from xietong.platform.credits import actions as credits
from xietong.platform.credits.models import Entry
from xietong.platform.decisions.models import Motion
from xietong.platform.distribution.models import Proposal
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import Skill, WorkRecord
from xietong.platform.people import actions as people
from xietong.platform.people.models import Ground
from xietong.platform.rounds.dial.persons import Cell, incomes

if TYPE_CHECKING:
    from tests.platform.rounds.dial.conftest import Shore


def said(shore: "Shore", **setting: object) -> dict[str, Any]:
    reading = shore.answered(**setting)
    assert reading.trouble == ""
    assert isinstance(reading.answer, dict)
    return reading.answer


def test_that_a_product_by_quota_is_no_longer_claimed(shore: "Shore") -> None:
    """160 of rice at one hour each move from credits to quota; everything else stays."""
    answer = said(shore, products=["rice"])
    (step,) = answer["steps"]
    assert (step["mode"], step["to_mode"], step["tried"]) == ("credits", "quota", False)
    asked, (before, after) = step["asked"], step["promised"]
    assert (step["expected"], before) == (asked, after)
    assert answer["hours"][0] == answer["hours"][1] == 600.0
    claimable = answer["claimable"]
    assert claimable[0] - claimable[1] == pytest.approx(1000 * before, abs=2)
    need = answer["deductions"]["need"]
    assert need[1] - need[0] == pytest.approx(1000 * before, abs=2)
    assert answer["by_need"][0] < 0.1 < 0.3 < answer["by_need"][1]
    assert answer["per_hour"][1] < answer["per_hour"][0]


def test_that_all_hours_are_deducted_or_claimable_before_and_after(shore: "Shore") -> None:
    answer = said(shore, products=["rice", "chair"])
    for side in (0, 1):
        deducted = sum(pair[side] for pair in answer["deductions"].values())
        assert deducted + answer["claimable"][side] == 1000 * answer["hours"][side]
    assert answer["by_need"][1] == 1.0
    assert answer["per_hour"][1] == 0


def test_that_the_spread_alone_leaves_the_plan_as_it_is(shore: "Shore") -> None:
    answer = said(shore, spread=300)
    assert answer["spread"] == [0, 300]
    for figure in ("hours", "by_need", "claimable", "per_hour", "mean_factor"):
        assert answer[figure][0] == answer[figure][1]
    assert all(before == after for before, after in answer["tiers"].values())
    assert (answer["steps"], answer["factors"]) == ([], {})


def test_that_the_plan_makes_more_of_what_a_trial_lets_expect(shore: "Shore") -> None:
    newest = Proposal.objects.get(product="soap")
    fields = {
        field.attname: getattr(newest, field.attname) for field in newest._meta.concrete_fields
    }
    # What the rules say once a trial has been held.
    Proposal.objects.create(
        **fields
        | {"product_id": "rice", "round_number": 2, "mode": "credits", "to_mode": "quota"}
        | {"free_use": 7.0}
    )
    answer = said(shore, products=["rice"])
    (step,) = answer["steps"]
    assert (step["tried"], step["expected"]) == (True, 7.0 * 28)
    assert step["promised"] == [pytest.approx(step["asked"]), 196]
    # Rice is a basic need: it goes before chairs, which are cut further.
    assert answer["tiers"]["basic"] == [1.0, 1.0]
    assert answer["tiers"]["personal"][1] < answer["tiers"]["personal"][0]
    assert answer["hours"][1] <= 600


def test_that_what_a_kind_loses_in_credits_it_gains_in_goods(shore: "Shore") -> None:
    people.enrol_many(people.NewPerson(f"s{n}", f"Student {n}", Ground.STUDY) for n in range(5))
    answer = said(shore, products=["rice"])
    kinds = {each["kind"]: each for each in answer["kinds"]}
    # Gil is a pensioner too; the workers and the students live alone.
    assert {kind: each["persons"] for kind, each in kinds.items()} == {"pensioners": 21, "one": 12}
    for each in kinds.values():
        assert each["income"][1] < each["income"][0]
        assert each["by_need"][1] > each["by_need"][0]
    assert answer["incomes"][0]["persons"] == 33
    assert answer["incomes"][0]["low"] is None


def test_that_nothing_is_told_of_persons_before_a_round_has_closed(db: None) -> None:
    country = factories.found(1)
    people.enrol_many(people.NewPerson(f"p{n}", f"Person {n}", Ground.PENSION) for n in range(20))
    country.order(units=80)
    country.draft(1)
    country.choose("goods", 1)
    answer = said(conftest.Shore(country, []), products=["rice"])
    assert (answer["incomes"], answer["kinds"]) == (None, [])
    assert answer["per_hour"][1] < answer["per_hour"][0]


def test_that_a_narrower_spread_narrows_incomes_and_raises_the_rate(db: None) -> None:
    """Ana's hours count 1.3; by a spread of 0.1 they count 1.1, and every hour issues more."""
    country = factories.found(1)
    people.enrol_many(people.NewPerson(f"p{n}", f"Person {n}", Ground.PENSION) for n in range(20))
    milling = Skill.objects.create(code="milling", name_en="Milling", name_zh="碾磨")
    credits.set_spread(1, thousandths=300, decision=voted(300))
    credits.set_factor(milling, round_number=1, thousandths=1300)
    country.order(units=80)
    country.draft(1)
    country.choose("goods", 1)
    ana, bruno = country.team(country.goods[0])
    labour.log_hours(ana, person=ana, week=1, minutes=2400, skill="milling")
    labour.log_hours(bruno, person=bruno, week=1, minutes=2400)
    for record in WorkRecord.objects.all():
        other = bruno if record.person == ana else ana
        credits.certify_and_issue(other, records=[record.id])
    country.order(units=80)
    country.draft(2)
    country.choose("goods", 2)
    country.close(1)
    answer = said(conftest.Shore(country, []), spread=100)
    assert answer["factors"] == {"milling": [1300, 1100]}
    # Two forties of hours, one of them by the skill: 1.15 on the mean, then 1.05.
    assert answer["mean_factor"] == [1.15, pytest.approx(1.05, abs=1e-6)]
    assert answer["claimable"][0] == answer["claimable"][1]
    assert answer["per_hour"][1] > answer["per_hour"][0]
    before, after = answer["incomes"]
    assert after["gini"] < before["gini"]
    # As much is issued in all.
    assert after["mean"] == pytest.approx(before["mean"], rel=0.01)


def voted(thousandths: int) -> UUID:
    return Motion.objects.create(
        effect="set_spread",
        subject={"round": 1, "values": {"new": thousandths}},
        title_en="Spread",
        title_zh="幅度",
        electorate=3,
        state="decided",
        decided_at="2026-01-01T00:00Z",
        winner="new",
    ).pk


def test_that_minutes_count_by_the_factor_of_their_skill_and_allowances_by_the_mean(
    shore: "Shore",
) -> None:
    for person in shore.pensioners[:10]:
        Entry.objects.create(
            person=person, kind="allowance", amount=100, source=uuid4(), round_number=7
        )
    cells = incomes(7, {}, for_a_minute=[1.0, 1.0], for_allowance=[1.0, 2.8])
    assert cells[("before", "")] == Cell(28, 36, pytest.approx(18 / 28), None, None)  # type: ignore[arg-type]
    assert cells[("after", "")] == Cell(28, 100, pytest.approx(18 / 28), None, None)  # type: ignore[arg-type]
