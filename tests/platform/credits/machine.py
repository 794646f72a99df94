"""What people do with hours, credits and goods, each step in the platform and in its model."""

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from uuid import UUID, uuid4

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import rule
from tests.platform.credits.machine_checks import Checked, Country
from tests.platform.credits.model import Good, Hours

from xietong.platform.base import Rejected
from xietong.platform.credits import actions as credits
from xietong.platform.credits.models import Entry
from xietong.platform.credits.rules import allowance_source
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import Skill, WorkRecord
from xietong.platform.needs import actions as needs
from xietong.platform.needs.models import Collection
from xietong.platform.people.models import Ground
from xietong.platform.people.queries import Recognised
from xietong.platform.products import actions as products
from xietong.platform.products.models import Product, Region, Trial

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
SKILLS = ("milling", "baking")
PRICED = {"rice": Decimal("0.5"), "chair": Decimal(8), "steel": Decimal(3)}

# How what is on trial reaches those who live on the coast.
TRIED = {"rice": Good(0, quota=3), "chair": Good(0, quota=1)}
ISLANDERS = ("emil", "fatima", "celia")

persons = st.sampled_from([*PLACES, *IN_NEED])
workers = st.sampled_from(list(PLACES))
teams = st.sampled_from([("ana", "bruno", "davi"), ("emil", "fatima")])
codes = st.sampled_from(list(GOODS))
few = st.integers(0, 6)
skills = st.sampled_from([None, "milling", "baking"])
factors = st.sampled_from([880, 900, 950, 1_000, 1_050, 1_100, 1_120])
weeks_minutes = st.sampled_from([-1, 0, 1, 600, 2_400, 3_000, 3_001, 3_600, 3_601])
# Counted from the newest: what has just happened is the most likely to be touched again.
places_back = st.integers(0, 12)


class Machine(Checked):
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
        minutes=st.dictionaries(persons, weeks_minutes, min_size=1, max_size=2),
        skill=skills,
    )
    def log_hours(self, by: str, week: int, minutes: dict[str, int], skill: str | None) -> None:
        self.log(by, week, minutes, skill)

    @rule(team=teams, week=st.integers(1, 5), skill=skills)
    def log_a_team(self, team: tuple[str, ...], week: int, skill: str | None) -> None:
        self.log(team[0], week, dict.fromkeys(team, 2_401), skill)

    def log(
        self, by: str, week: int, minutes: dict[str, int], skill: str | None = "milling"
    ) -> None:
        answer = both(
            lambda: self.model.log_hours(by, week, minutes),
            lambda: labour.log_team_hours(
                self.people[by],
                week=week,
                minutes={self.people[each].pk: amount for each, amount in minutes.items()},
                skills={self.people[each].pk: skill for each in minutes},
            ),
        )
        if answer is None:
            number = self.model.round_number
            for who, amount in minutes.items():
                if amount:
                    record = WorkRecord.objects.get(
                        person=self.people[who], dispatch=number, week=week, corrects=None
                    )
                    self.seen.append(record.id)
                    self.model.hours[record.id] = Hours(
                        who, PLACES[who], number, week, amount, skill, logged_by=by
                    )

    @rule(by=workers, back=places_back, minutes=weeks_minutes)
    def correct_hours(self, by: str, back: int, minutes: int) -> None:
        record = self.record(back)
        new: list[UUID] = []
        both(
            lambda: self.model.correct(by, record, minutes, new.pop),
            lambda: new.append(
                labour.correct_hours(self.people[by], record=record, minutes=minutes)
            ),
        )
        self.see_corrections()

    @rule(by=workers, back=places_back, minutes=weeks_minutes)
    def open_dispute(self, by: str, back: int, minutes: int) -> None:
        record = self.record(back)
        new: list[UUID] = []
        both(
            lambda: self.model.open_dispute(by, record, minutes, new.pop),
            lambda: new.append(
                labour.open_dispute(
                    self.people[by], record=record, minutes=minutes, why="I was there."
                ).id
            ),
        )

    @rule(by=workers, back=st.integers(0, 2), agrees=st.sampled_from([True, True, False]))
    def vote_on_dispute(self, by: str, back: int, agrees: bool) -> None:
        opened = list(self.model.disputes)
        dispute = opened[-1 - back] if back < len(opened) else uuid4()
        both(
            lambda: self.model.vote(by, dispute, agrees, lambda: self.correction_of(dispute)),
            lambda: credits.vote_on_dispute(self.people[by], dispute=dispute, agrees=agrees),
        )
        self.see_corrections()

    def record(self, back: int) -> UUID:
        return self.seen[-1 - back] if back < len(self.seen) else uuid4()

    def correction_of(self, dispute: UUID) -> UUID:
        return WorkRecord.objects.get(corrects=self.model.disputes[dispute].record).id

    def see_corrections(self) -> None:
        self.seen += [id for id in self.model.hours if id not in self.seen]

    @rule(later=st.integers(-1, 1), thousandths=st.sampled_from([0, 50, 100, 120]))
    def narrow_the_spread(self, later: int, thousandths: int) -> None:
        number = self.model.round_number + later
        both(
            lambda: self.model.narrow(number, thousandths),
            lambda: nothing(credits.set_spread(number, thousandths=thousandths)),
        )

    @rule(skill=st.sampled_from(SKILLS), later=st.integers(0, 1), thousandths=factors)
    def set_factor(self, skill: str, later: int, thousandths: int) -> None:
        number = self.model.round_number + later
        both(
            lambda: self.model.set_factor(skill, number, thousandths),
            lambda: nothing(
                credits.set_factor(
                    Skill.objects.get(pk=skill), round_number=number, thousandths=thousandths
                )
            ),
        )

    @rule(by=persons, back=st.lists(places_back, max_size=3))
    def certify(self, by: str, back: list[int]) -> None:
        self.certify_these(by, [self.record(each) for each in back])

    @rule(by=workers)
    def certify_what_waits(self, by: str) -> None:
        self.certify_these(
            by,
            [
                id
                for id, hours in self.model.hours.items()
                if not hours.certified and hours.person != by
                if (hours.enterprise, hours.round_number) == (PLACES[by], self.model.round_number)
                if not (hours.corrects and hours.logged_by == by)
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

    @rule(person=persons, delivered=st.booleans())
    def wish_delivery(self, person: str, delivered: bool) -> None:
        needs.set_standing(self.people[person], repeats=False, delivered=delivered)
        if delivered:
            self.model.delivered.add(person)
        else:
            self.model.delivered.discard(person)

    @rule()
    def deliver_home(self) -> None:
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
