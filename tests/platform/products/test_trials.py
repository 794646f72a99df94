"""A round's rules are written once; a trial is one step, one at a time. Tried in SQL too."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection

from xietong.platform.base import Rejected
from xietong.platform.people.models import Person
from xietong.platform.products import actions
from xietong.platform.products.models import Group, Product, Region, Residence, Rule, Trial
from xietong.platform.products.rules import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def rice() -> Product:
    food = Group.objects.create(code="food", name_en="Food", name_zh="食品")
    Region.objects.create(code="isle", name_en="Isle", name_zh="海岛")
    return actions.add_product(
        Product(
            code="rice",
            name_en="Rice",
            name_zh="稻米",
            group=food,
            unit_en="kg",
            unit_zh="公斤",
            storable=True,
            orderable=True,
        )
    )


@pytest.fixture
def isle(rice: Product) -> Region:
    return Region.objects.get()


def rules(round_number: int) -> list[tuple[bool, str, int | None, int | None]]:
    found = Rule.objects.filter(round_number=round_number).order_by("on_trial")
    return list(found.values_list("on_trial", "mode", "quota", "most"))


def test_that_a_change_holds_from_the_first_round_whose_rules_are_not_written(
    rice: Product,
) -> None:
    actions.write_rules(1, {})
    actions.set_mode(rice, mode="free")
    actions.write_rules(1, {"rice": 5})
    actions.write_rules(2, {"rice": 5})
    assert rules(1) == [(False, "credits", None, None)]
    assert rules(2) == [(False, "free", None, 5)]
    assert rice.changes.get().first_round == 2


def test_that_a_trial_has_its_rule_in_its_rounds_and_no_others(rice: Product, isle: Region) -> None:
    actions.write_rules(1, {})
    trial = actions.begin_trial(rice, region=isle, quota=3, rounds=2)
    for number in (2, 3, 4):
        actions.write_rules(number, {})
    alone = [(False, "credits", None, None)]
    assert [rules(n) for n in (1, 4)] == [alone, alone]
    assert [rules(n) for n in (2, 3)] == [[*alone, (True, "quota", 3, None)]] * 2
    actions.end_trial(trial, round_number=3, failed=False)
    with pytest.raises(Rejected) as why:
        actions.end_trial(trial, round_number=3, failed=False)
    assert why.value.reason == Refusal.NO_TRIAL


def test_that_a_trial_broken_off_leaves_written_rules_and_writes_no_more(
    rice: Product, isle: Region
) -> None:
    trial = actions.begin_trial(rice, region=isle, quota=3, rounds=3)
    actions.write_rules(1, {})
    actions.end_trial(trial, round_number=1, failed=True)
    actions.write_rules(2, {})
    assert (len(rules(1)), len(rules(2))) == (2, 1)


def test_that_only_one_trial_of_a_product_runs_and_its_rule_stays_meanwhile(
    rice: Product, isle: Region
) -> None:
    actions.begin_trial(rice, region=isle, quota=3, rounds=2)
    acts: list[Callable[[], object]] = [
        lambda: actions.begin_trial(rice, region=isle, quota=3, rounds=2),
        lambda: actions.set_mode(rice, mode="free"),
    ]
    for act in acts:
        with pytest.raises(Rejected) as why:
            act()
        assert why.value.reason == Refusal.TRIAL_RUNNING
    with pytest.raises(DatabaseError, match="products_trial_one_running"):
        Trial.objects.create(
            product=rice, region=isle, mode="quota", quota=2, first_round=7, last_round=8
        )


@pytest.mark.parametrize(
    ("mode", "quota", "first", "says"),
    [
        ("free", None, 5, "one step ahead"),
        ("quota", 3, 1, "the rules of round 1 are written"),
        ("quota", None, 5, "products_trial_quota_when_by_quota"),
        ("credits", None, 5, "one step ahead"),
    ],
)
def test_that_the_database_refuses_a_trial_that_skips_or_looks_back(
    rice: Product, isle: Region, mode: str, quota: int | None, first: int, says: str
) -> None:
    actions.write_rules(1, {})
    with pytest.raises(DatabaseError, match=says):
        Trial.objects.create(
            product=rice, region=isle, mode=mode, quota=quota, first_round=first, last_round=9
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE products_rule SET mode = 'free', quota = NULL",
        "DELETE FROM products_rule",
        "UPDATE products_trial SET last_round = 99",
        "UPDATE products_trial SET quota = 99",
        "DELETE FROM products_trial",
        "DELETE FROM products_change",
    ],
)
def test_that_what_was_ruled_and_tried_is_not_rewritten(
    rice: Product, isle: Region, statement: str
) -> None:
    actions.set_mode(rice, mode="quota", quota=1)
    actions.begin_trial(rice, region=isle, quota=None, rounds=2)
    actions.write_rules(1, {})
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement)


def test_that_a_person_lives_in_one_region_that_there_is(rice: Product) -> None:
    person = Person.objects.create(username="ana", name="Ana")
    actions.move_to(person, region="isle")
    with pytest.raises(Rejected) as why:
        actions.move_to(person, region="atlantis")
    assert why.value.reason == Refusal.UNKNOWN_REGION
    assert Residence.objects.get().region_id == "isle"
