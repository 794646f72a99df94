"""What people do with hours, credits and goods, each step in the platform and in its model."""

from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from uuid import UUID, uuid4

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import rule
from tests.platform.credits.machine_checks import Country
from tests.platform.credits.machine_ground import (
    GOODS,
    IN_NEED,
    PRICED,
    REGIONS,
    TRIED,
    both,
    codes,
    few,
    nothing,
    outcome,
    persons,
    places_back,
)
from tests.platform.credits.machine_work import AtWork

from xietong.platform.credits import actions as credits
from xietong.platform.credits.models import Entry
from xietong.platform.credits.rules import allowance_source
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.needs import actions as needs
from xietong.platform.needs.models import Collection
from xietong.platform.people.queries import Recognised
from xietong.platform.products import actions as products
from xietong.platform.products.models import Product, Region, Trial


class Machine(AtWork):
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

    @rule(wishes=st.dictionaries(persons, st.sampled_from([True, True, False]), max_size=4))
    def deliver_home(self, wishes: dict[str, bool]) -> None:
        for person, wish in wishes.items():
            needs.set_standing(self.people[person], repeats=False, delivered=wish)
        self.model.delivered |= {person for person, wish in wishes.items() if wish}
        self.model.delivered -= {person for person, wish in wishes.items() if not wish}
        known = set(self.model.visits)
        both(
            lambda: self.model.deliver_home(lambda who: self.brought(who, known).key),
            lambda: needs.deliver_home(self.model.collecting or 0),
        )
        for key in self.model.visits.keys() - known:
            self.model.visit_written(Collection.objects.get(key=key).id, key)

    def brought(self, person: str, known: set[UUID]) -> Collection:
        """The visit that was not known before."""
        return Collection.objects.exclude(key__in=known).get(person=self.people[person])

    @rule(code=st.sampled_from(list(TRIED)), rounds=st.integers(1, 2))
    def begin_trial(self, code: str, rounds: int) -> None:
        both(
            lambda: self.model.begin_trial(code, rounds),
            lambda: nothing(
                products.begin_trial(
                    Product.objects.get(pk=code),
                    region=Region.objects.get(pk="coast"),
                    quota=TRIED[code].quota,
                    rounds=rounds,
                )
            ),
        )

    @rule(code=st.sampled_from(list(TRIED)))
    def end_trial(self, code: str) -> None:
        if code in self.model.trials:
            self.model.end_trial(code)
            trial = Trial.objects.get(product=code, ended_round=None)
            products.end_trial(trial, round_number=self.model.round_number, failed=False)

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
