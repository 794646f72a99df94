"""The whole credit system by the rooms' own actions on PostgreSQL, step by step beside a model."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import cast
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.platform.credits.model import MOST_FREE_SHARE, Good, Hours, Model, Visited
from tests.platform.factories import rules_of_need

from xietong.platform.base import Rejected
from xietong.platform.credits import actions as credits
from xietong.platform.credits import queries as credit_queries
from xietong.platform.credits.models import Account, Entry
from xietong.platform.credits.rules import allowance_source
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Enterprise, Movement, Stock
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import WorkRecord
from xietong.platform.needs import actions as needs
from xietong.platform.needs.models import Collection, CollectionLine, OrderLine
from xietong.platform.people import actions as people_actions
from xietong.platform.people.models import Ground, Person
from xietong.platform.people.queries import Recognised
from xietong.platform.products.models import Group, Product, Region
from xietong.platform.record import actions as record

REGIONS = {"works": "valley", "farm": "coast"}
PLACES = {"ana": "works", "bruno": "works", "davi": "works", "emil": "farm", "fatima": "farm"}
IN_NEED = {"celia": Ground.CHILD, "gita": Ground.PENSION}
GOODS = {
    "rice": Good(500),
    "chair": Good(8_000),
    "bread": Good(0, storable=False),
    "soap": Good(0, quota=2),
    "steel": Good(3_000, orderable=False),
    "lamp": Good(None),  # for credits, but without a price
}
PRICED = {"rice": Decimal("0.5"), "chair": Decimal(8), "steel": Decimal(3)}

persons = st.sampled_from([*PLACES, *IN_NEED])
workers = st.sampled_from(list(PLACES))
teams = st.sampled_from([("ana", "bruno", "davi"), ("emil", "fatima")])
codes = st.sampled_from(list(GOODS))
few = st.integers(0, 6)
# Counted from the newest: what has just happened is the most likely to be touched again.
places_back = st.integers(0, 12)


@dataclass
class Country:
    people: dict[str, Person]
    model: Model


class Machine(RuleBasedStateMachine):
    country: Country

    def __init__(self) -> None:
        super().__init__()
        self.model = deepcopy(self.country.model)
        self.people = self.country.people
        self.seen: list[UUID] = list(self.model.hours)
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    # Each rule does the same twice, and the answers, or the refusals, are the same.

    @rule(
        by=persons,
        week=st.integers(0, 6),
        minutes=st.dictionaries(
            persons,
            st.sampled_from([-1, 0, 1, 600, 2_400, 3_000, 3_001, 3_600, 3_601]),
            min_size=1,
            max_size=2,
        ),
    )
    def log_hours(self, by: str, week: int, minutes: dict[str, int]) -> None:
        self.log(by, week, minutes)

    @rule(team=teams, week=st.integers(1, 5))
    def log_a_team(self, team: tuple[str, ...], week: int) -> None:
        self.log(team[0], week, dict.fromkeys(team, 2_401))

    def log(self, by: str, week: int, minutes: dict[str, int]) -> None:
        answer = both(
            lambda: self.model.log_hours(by, week, minutes),
            lambda: labour.log_team_hours(
                self.people[by],
                week=week,
                minutes={self.people[each].pk: amount for each, amount in minutes.items()},
            ),
        )
        if answer is None:
            number = self.model.round_number
            for who, amount in minutes.items():
                if amount:
                    record = WorkRecord.objects.get(
                        person=self.people[who], dispatch=number, week=week
                    )
                    self.seen.append(record.id)
                    self.model.hours_written(
                        record.id, Hours(who, PLACES[who], number, week, amount)
                    )

    @rule(by=persons, back=st.lists(places_back, max_size=3))
    def certify(self, by: str, back: list[int]) -> None:
        records = [self.seen[-1 - each] if each < len(self.seen) else uuid4() for each in back]
        self.certify_these(by, records)

    @rule(by=workers)
    def certify_what_waits(self, by: str) -> None:
        self.certify_these(
            by,
            [
                id
                for id, hours in self.model.hours.items()
                if not hours.certified and hours.person != by
                if (hours.enterprise, hours.round_number) == (PLACES[by], self.model.round_number)
            ],
        )

    def certify_these(self, by: str, records: list[UUID]) -> None:
        both(
            lambda: self.model.certify(by, records),
            lambda: credits.certify_and_issue(self.people[by], records=records),
        )

    @rule(ago=st.integers(0, 1), claimable=st.sampled_from([0, 250, 300]))
    def publish_rate(self, ago: int, claimable: int) -> None:
        self.publish(self.model.round_number - ago, claimable)

    def publish(self, number: int, claimable: int) -> None:
        both(
            lambda: self.model.publish_rate(number, 300, claimable, Fraction(1, 2)),
            lambda: nothing(
                credits.publish_rate(
                    number,
                    total_hours=Decimal(300),
                    claimable_hours=Decimal(claimable),
                    workers=3,
                    allowances=[
                        Recognised(ground, beside_work=False, share=500, persons=1)
                        for ground in IN_NEED.values()
                    ],
                    deductions={"reserve": Decimal(300 - claimable)},
                )
            ),
        )

    @rule(ago=st.integers(0, 1))
    def issue_allowances(self, ago: int) -> None:
        number = self.model.round_number - ago
        both(
            lambda: self.model.issue_allowances(
                number,
                {person: allowance_source(number, ground) for person, ground in IN_NEED.items()},
            ),
            lambda: credits.issue_allowances(number),
        )

    @rule(
        person=persons,
        quantities=st.dictionaries(
            st.sampled_from([*GOODS, "gold"]), st.integers(-1, 8), min_size=1, max_size=3
        ),
    )
    def place_order(self, person: str, quantities: dict[str, int]) -> None:
        self.order(person, quantities)

    def order(self, person: str, quantities: dict[str, int]) -> None:
        both(
            lambda: self.model.place_order(person, quantities),
            lambda: needs.place_order(self.people[person], quantities=quantities),
        )

    @rule(
        by=persons,
        enterprise=st.sampled_from(list(REGIONS)),
        product=codes,
        quantity=st.sampled_from(["0", "0.5", "1", "2.25", "7", "0.0001", "-1"]),
    )
    def make(self, by: str, enterprise: str, product: str, quantity: str) -> None:
        key, amount = uuid4(), Decimal(quantity)
        for _ in range(2):  # the second time changes nothing
            answer = outcome(
                lambda: (
                    enterprises.report_output(
                        self.people[by],
                        enterprise=Enterprise.objects.get(code=enterprise),
                        quantities={product: amount},
                        key=key,
                    ).id
                )
            )
        expected = outcome(lambda: self.model.make(by, enterprise, product, amount))
        assert answer == (key if expected is None else expected)

    @rule(household=st.dictionaries(codes, st.integers(0, 30)))
    def advance(self, household: dict[str, int]) -> None:
        number = self.model.round_number
        self.model.advance(household)
        needs.close_book(number)
        needs.open_book(number + 1)
        credits.publish_prices(number, PRICED)
        wanted = {code: Decimal(household.get(code, 0)) for code in GOODS}
        needs.allot(number, household=wanted, common={})
        if number > 1:
            needs.settle(number - 1)
        needs.start_collecting(number)
        enterprises.write_off(number)
        enterprises.close_dispatch(number)
        enterprises.open_dispatch(number + 1, [])

    @rule(person=persons, quantities=st.dictionaries(codes, st.integers(-1, 4), max_size=4))
    def collect(self, person: str, quantities: dict[str, int]) -> None:
        self.visit(person, quantities, uuid4())

    @rule(person=persons)
    def collect_all_that_is_left(self, person: str) -> None:
        book = self.model.orders.get(self.model.collecting or 0, {})
        self.visit(
            person,
            {
                code: (line.allotted or 0) - line.collected
                for (who, code), line in book.items()
                if who == person and GOODS[code].price is not None
            },
            uuid4(),
        )

    @rule(back=places_back, other=st.dictionaries(codes, few, max_size=1))
    def collect_with_a_key_again(self, back: int, other: dict[str, int]) -> None:
        if back < len(self.model.visits):
            key, visit = list(self.model.visits.items())[-1 - back]
            self.visit(visit.person, {**visit.asked, **other}, key)

    def visit(self, person: str, quantities: dict[str, int], key: UUID) -> None:
        is_new = key not in self.model.visits
        both(
            lambda: self.model.collect(person, quantities, key),
            lambda: needs.collect(self.people[person], quantities=quantities, key=key).cost,
        )
        if is_new and key in self.model.visits:
            visit = Collection.objects.get(person=self.people[person], key=key)
            self.model.visit_written(visit.id, key)

    @rule(
        back=st.integers(0, 30),
        another=st.one_of(*[st.none()] * 4, persons),
        source=st.one_of(*[st.none()] * 3, places_back),
    )
    def reverse(self, back: int, another: str | None, source: int | None) -> None:
        moved = list(self.model.account)
        entry = moved[-1 - back] if back < len(moved) else None
        person = another or (entry[0] if entry else "ana")
        old = source is not None and source < len(moved)
        because = moved[-1 - (source or 0)][1] if old else uuid4()
        id = (
            Entry.objects.get(person=self.people[entry[0]], source=entry[1]).id
            if entry
            else uuid4()
        )
        both(
            lambda: self.model.reverse(person, entry, because),
            lambda: credits.reverse(self.people[person], entry=id, source=because),
        )

    @invariant()
    def every_account_is_the_model_s_and_none_is_below_zero(self) -> None:
        entries = list(Entry.objects.values())
        names = {person.pk: name for name, person in self.people.items()}
        sources = {entry["id"]: entry["source"] for entry in entries}
        assert {
            (names[entry["person_id"]], entry["source"]): (
                entry["kind"],
                entry["amount"],
                entry["round_number"],
                sources.get(cast(UUID, entry["reverses"])),
            )
            for entry in entries
        } == {
            key: (moved.kind, moved.amount, moved.round_number, moved.reverses)
            for key, moved in self.model.account.items()
        }
        balances = {names[each.person_id]: each.balance for each in Account.objects.all()}
        assert balances == {who: self.model.balance(who) for who, _ in self.model.account}
        assert all(balance >= 0 for balance in balances.values())
        sums = credit_queries.totals()
        assert sums.issued - sums.cancelled == sums.balances == sum(balances.values())

    @invariant()
    def every_store_is_the_model_s_and_none_is_below_nothing(self) -> None:
        lying = Stock.objects.values_list("region", "product", "quantity")
        assert {(region, code): units for region, code, units in lying} == self.model.stock
        assert all(units >= 0 for _, _, units in lying)
        moved = Movement.objects.values("region", "product").annotate(units=Sum("quantity"))
        assert {(each["region"], each["product"]): each["units"] for each in moved} == (
            self.model.stock
        )

    @invariant()
    def every_order_and_visit_is_the_model_s(self) -> None:
        names = {person.pk: name for name, person in self.people.items()}
        assert {
            (line.book_id, names[line.person_id], line.product_id): (
                line.quantity,
                line.carried,
                line.allotted,
                line.collected,
                line.missed,
            )
            for line in OrderLine.objects.all()
        } == {
            (book, *key): (line.quantity, line.carried, line.allotted, line.collected, line.missed)
            for book, lines in self.model.orders.items()
            for key, line in lines.items()
        }
        taken: dict[UUID, dict[str, int]] = {}
        for each in CollectionLine.objects.all():
            taken.setdefault(each.collection_id, {})[each.product_id] = each.quantity
        assert {
            visit.key: Visited(
                names[visit.person_id], visit.asked or {}, taken.get(visit.id, {}), visit.cost
            )
            for visit in Collection.objects.all()
        } == self.model.visits

    @invariant()
    def all_hours_are_the_model_s(self) -> None:
        assert {
            record.id: (record.minutes, record.certified_by_id is not None)
            for record in WorkRecord.objects.all()
        } == {id: (hours.minutes, hours.certified) for id, hours in self.model.hours.items()}
        connection.check_constraints()


def nothing(_: object) -> None:
    pass


def outcome(act: Callable[[], object]) -> object:
    """What an action answers, or the reason for which it is refused."""
    try:
        return act()
    except Rejected as refused:
        return refused.reason


def both(expected: Callable[[], object], act: Callable[[], object]) -> object:
    answer = outcome(act)
    assert answer == outcome(expected)
    return answer


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
    rules_of_need(500)
    names = [*PLACES, *IN_NEED]
    enrolled = people_actions.enrol_many(
        people_actions.NewPerson(name, name, IN_NEED.get(name, Ground.WORK)) for name in names
    )
    people = dict(zip(names, enrolled, strict=True))
    enterprises.join_many(
        enterprises.Place(people[name], enterprise) for name, enterprise in PLACES.items()
    )
    needs.open_book(1)
    enterprises.open_dispatch(1, [])
    Machine.country = Country(
        people,
        Model(
            GOODS,
            {name: str(person.pk) for name, person in people.items()},
            PLACES,
            REGIONS,
        ),
    )
    machine = Machine()
    machine.publish(1, 300)
    machine.issue_allowances(0)
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
