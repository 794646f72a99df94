"""The whole credit system by the rooms' own actions on PostgreSQL, step by step beside a model."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.platform.credits.machine import Machine
from tests.platform.credits.machine_checks import Country
from tests.platform.credits.machine_ground import (
    GOODS,
    IN_NEED,
    ISLANDERS,
    PLACES,
    REGIONS,
    SKILLS,
    TRIED,
)
from tests.platform.credits.model import MOST_FREE_SHARE, Model
from tests.platform.factories import rules_of_need

from xietong.platform.credits import actions as credits
from xietong.platform.decisions.models import Motion
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.labour.models import Skill
from xietong.platform.needs import actions as needs
from xietong.platform.people import actions as people_actions
from xietong.platform.people.models import Ground
from xietong.platform.products import actions as products
from xietong.platform.products.models import Group, Product, Region
from xietong.platform.record import actions as record


@pytest.fixture
def country(db: None) -> Iterator[None]:
    """Five who work in two enterprises, a child and a pensioner, in their third round."""
    record.define_parameter(
        "most_free_share",
        name_en="Fair share",
        name_zh="合理份额",
        value=Decimal(MOST_FREE_SHARE),
        lowest=Decimal(1),
        highest=Decimal(9),
    )
    for region in REGIONS.values():
        Region.objects.create(code=region, name_en=region, name_zh=region)
    group = Group.objects.create(code="things", name_en="Things", name_zh="物品")
    for code, good in GOODS.items():
        Product.objects.create(
            code=code,
            name_en=code,
            name_zh=code,
            group=group,
            unit_en="kg",
            unit_zh="公斤",
            storable=good.storable,
            mode="quota" if good.quota else "free" if good.price == 0 else "credits",
            quota=good.quota,
            tier="basic",
            orderable=good.orderable,
            pinyin=code,
        )
    for code, region in REGIONS.items():
        enterprises.add_enterprise(code, region=region, name_en=code, name_zh=code)
        enterprises.add_technique(
            enterprises.TechniqueDraft(
                code=f"all-{code}",
                enterprise=code,
                name_en=code,
                name_zh=code,
                hours=Decimal(1),
                inputs={},
                outputs=dict.fromkeys(GOODS, Decimal(1)),
            )
        )
    for code in SKILLS:
        Skill.objects.create(code=code, name_en=code, name_zh=code)
    widened = Motion.objects.create(
        effect="set_spread",
        subject={"round": 1, "values": {"new": 120}},
        title_en="Spread",
        title_zh="幅度",
        electorate=3,
        state="decided",
        decided_at="2026-01-01T00:00Z",
        winner="new",
    )
    credits.set_spread(1, thousandths=120, decision=widened.pk)
    rules_of_need(500)
    names = [*PLACES, *IN_NEED]
    enrolled = people_actions.enrol_many(
        people_actions.NewPerson(name, name, IN_NEED.get(name, Ground.WORK)) for name in names
    )
    people = dict(zip(names, enrolled, strict=True))
    enterprises.join_many(
        enterprises.Place(people[name], enterprise) for name, enterprise in PLACES.items()
    )
    products.set_residences("coast", [people[name] for name in ISLANDERS])
    needs.open_book(1)
    enterprises.open_dispatch(1, [])
    Machine.country = Country(
        people,
        Model(
            GOODS,
            {name: str(person.pk) for name, person in people.items()},
            PLACES,
            REGIONS,
            TRIED,
            ISLANDERS,
            spreads=[(1, 120)],
        ),
    )
    machine = Machine()
    machine.set_factor("milling", 0, 1_100)
    machine.publish(1, 300)
    machine.issue_allowances(0)
    machine.begin_trial("rice", 2)
    for team, certifier in ((("ana", "bruno"), "davi"), (("davi",), "ana"), (("emil",), "fatima")):
        machine.log(certifier, 1, dict.fromkeys(team, 2_400))
        machine.certify_what_waits(certifier)
    for person in people:
        machine.order(person, {"rice": 6, "chair": 1, "bread": 2, "soap": 1, "lamp": 1})
    for enterprise, by in (("works", "ana"), ("farm", "emil")):
        for product, quantity in (("rice", "9.5"), ("chair", "1"), ("soap", "2"), ("lamp", "3")):
            machine.make(by, enterprise, product, quantity)
    machine.advance({"rice": 33, "chair": 5, "bread": 9, "soap": 7, "lamp": 3})
    machine.make("ana", "works", "bread", "2.25")
    machine.publish(2, 250)
    machine.visit("celia", {"bread": 1}, uuid4())
    for person in people:
        machine.order(person, {"rice": 4, "chair": 1, "bread": 2, "soap": 2})
    machine.advance({"rice": 20, "chair": 6, "bread": 9, "soap": 9, "lamp": 2})
    machine.make("ana", "works", "bread", "2.25")
    machine.publish(3, 250)
    Machine.country.model = machine.model
    # What was done stays; what each example does is taken back.
    machine.example.__exit__(None, None, None)
    yield
    del Machine.country


@pytest.mark.django_db
def test_that_credits_do_what_a_small_model_of_them_does(country: None) -> None:
    walk(examples=30, steps=25)


@pytest.mark.long
@pytest.mark.django_db
def test_that_credits_do_for_long_what_a_small_model_of_them_does(country: None) -> None:
    walk(examples=300, steps=80)


def walk(*, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
