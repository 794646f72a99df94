"""The whole credit system once more, small and in plain Python, to compare the real one with.

It keeps no table, lock or statement of the platform: what people may do and what becomes of it, by
the words of the rooms' docstrings. A refusal is raised before anything changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import ceil
from uuid import UUID

from xietong.platform.base import Reason, Rejected
from xietong.platform.credits.rules import Refusal as CreditRefusal
from xietong.platform.enterprises.rules import Refusal as EnterpriseRefusal
from xietong.platform.labour.rules import Refusal as LabourRefusal
from xietong.platform.needs.rules import Refusal as NeedRefusal

MOST_UNITS = 100_000
MOST_MINUTES = 3_600
MOST_MINUTES_WITHOUT_A_POST = 3_000
MOST_FREE_SHARE = 2
ROUNDS_COUNTED = 3


@dataclass(frozen=True)
class Good:
    """`price` in 1/1000 credit: None if none was published, 0 if it costs nothing."""

    price: int | None
    storable: bool = True
    quota: int | None = None
    orderable: bool = True

    @property
    def free(self) -> bool:
        return self.price == 0 and self.quota is None


@dataclass
class Line:
    quantity: int
    carried: int = 0
    allotted: int | None = None
    collected: int = 0
    missed: int = 0


@dataclass(frozen=True)
class Moved:
    """What moved an account; `reverses` is the source of what was reversed."""

    kind: str
    amount: int
    round_number: int
    reverses: UUID | None = None


@dataclass
class Hours:
    person: str
    enterprise: str
    round_number: int
    week: int
    minutes: int
    certified: bool = False


@dataclass(frozen=True)
class Visited:
    person: str
    asked: Mapping[str, int]
    taken: Mapping[str, int]
    cost: int


@dataclass
class Model:
    """Persons, goods and regions go by their codes. The round taking orders is the running one."""

    goods: Mapping[str, Good]
    ids: Mapping[str, str]
    places: Mapping[str, str]
    regions: Mapping[str, str]
    round_number: int = 1
    collecting: int | None = None
    rates: dict[int, tuple[int, int]] = field(default_factory=dict)
    hours: dict[UUID, Hours] = field(default_factory=dict)
    account: dict[tuple[str, UUID], Moved] = field(default_factory=dict)
    stock: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    orders: dict[int, dict[tuple[str, str], Line]] = field(default_factory=dict)
    visits: dict[UUID, Visited] = field(default_factory=dict)
    fair_shares: dict[tuple[int, str], int] = field(default_factory=dict)

    def balance(self, person: str) -> int:
        return sum(moved.amount for (who, _), moved in self.account.items() if who == person)

    # hours

    def log_hours(self, by: str, week: int, minutes: Mapping[str, int]) -> None:
        for amount in minutes.values():
            _refuse(not 1 <= week <= 5, LabourRefusal.NO_SUCH_WEEK)
            _refuse(not 0 <= amount <= MOST_MINUTES, LabourRefusal.NO_SUCH_MINUTES)
        place = self.places.get(by)
        mates = all(self.places.get(person) == place for person in minutes)
        _refuse(place is None or not mates, LabourRefusal.NOT_A_TEAM_MATE)
        before = {
            id: hours
            for id, hours in self.hours.items()
            if hours.person in minutes and (hours.round_number, hours.week) == (self._now, week)
        }
        _refuse(any(hours.certified for hours in before.values()), LabourRefusal.CERTIFIED)
        beyond = any(amount > MOST_MINUTES_WITHOUT_A_POST for amount in minutes.values())
        _refuse(beyond, LabourRefusal.BEYOND_ASSIGNMENT)
        for id in before:
            del self.hours[id]

    def hours_written(self, id: UUID, hours: Hours) -> None:
        """The id that the platform gave to what `log_hours` let in."""
        self.hours[id] = hours

    @property
    def _now(self) -> int:
        return self.round_number

    def certify(self, by: str, records: Sequence[UUID]) -> int:
        place = self.places.get(by)
        _refuse(place is None, LabourRefusal.NOT_A_TEAM_MATE)
        _refuse(any(id not in self.hours for id in records), LabourRefusal.NO_SUCH_HOURS)
        found = {id: self.hours[id] for id in records}
        _refuse(any(hours.person == by for hours in found.values()), LabourRefusal.OWN_HOURS)
        strange = any(hours.enterprise != place for hours in found.values())
        _refuse(strange, LabourRefusal.NOT_A_TEAM_MATE)
        waiting = [hours for hours in found.values() if not hours.certified]
        late = any(hours.round_number != self._now for hours in waiting)
        _refuse(late, LabourRefusal.NO_OPEN_ROUND)
        unrated = any(hours.round_number not in self.rates for hours in found.values())
        _refuse(unrated, CreditRefusal.NOT_PUBLISHED)
        issued = 0
        for id, hours in found.items():
            hours.certified = True
            amount = self.rates[hours.round_number][0] * hours.minutes // 60
            if amount and (hours.person, id) not in self.account:
                self.account[hours.person, id] = Moved("work", amount, hours.round_number)
                issued += amount
        return issued

    # what is issued

    def publish_rate(self, number: int, hours: int, claimable: int, share: Fraction) -> None:
        """`share` of what a worker is issued goes to each in need; three work, two are in need."""
        _refuse(number in self.rates, CreditRefusal.ALREADY_PUBLISHED)
        allowance = share * hours / 3
        exact = Fraction(claimable) / (hours + 2 * allowance) * 1000
        self.rates[number] = (int(exact), int(exact * allowance))

    def issue_allowances(self, number: int, sources: Mapping[str, UUID]) -> int:
        """`sources` names by person in need what the need of theirs issues in the round."""
        _refuse(number not in self.rates, CreditRefusal.NOT_PUBLISHED)
        amount = self.rates[number][1]
        fresh = [key for key in sources.items() if amount and key not in self.account]
        for key in fresh:
            self.account[key] = Moved("allowance", amount, number)
        return amount * len(fresh)

    def reverse(self, person: str, entry: tuple[str, UUID] | None, source: UUID) -> None:
        moved = self.account.get(entry) if entry and entry[0] == person else None
        if entry is None or moved is None:
            raise Rejected(CreditRefusal.NO_SUCH_ENTRY)
        _refuse(moved.kind == "reversal", CreditRefusal.REVERSAL_STANDS)
        for (who, because), before in self.account.items():
            if who == person and before.reverses == entry[1]:
                _refuse(because != source, CreditRefusal.ALREADY_REVERSED)
                return
        _refuse((person, source) in self.account, CreditRefusal.SOURCE_USED)
        _refuse(self.balance(person) < moved.amount, CreditRefusal.SPENT_SINCE)
        self.account[person, source] = Moved(
            "reversal", -moved.amount, moved.round_number, reverses=entry[1]
        )

    # goods

    def make(self, by: str, enterprise: str, product: str, quantity: Decimal) -> None:
        wrong = quantity < 0 or quantity % Decimal("0.001") != 0
        _refuse(wrong, EnterpriseRefusal.NOT_A_QUANTITY)
        _refuse(not quantity, EnterpriseRefusal.NOTHING_REPORTED)
        _refuse(self.places.get(by) != enterprise, EnterpriseRefusal.NOT_A_MEMBER)
        store = (self.regions[enterprise], product)
        self.stock[store] = self.stock.get(store, Decimal(0)) + quantity

    def place_order(self, person: str, quantities: Mapping[str, int]) -> int:
        for code, quantity in sorted(quantities.items()):
            good = self.goods.get(code)
            if good is None:
                raise Rejected(NeedRefusal.UNKNOWN_PRODUCT)
            _refuse(not 0 <= quantity <= MOST_UNITS, NeedRefusal.NOT_A_QUANTITY)
            _refuse(quantity > 0 and not good.orderable, NeedRefusal.NOT_ORDERABLE)
            reason = NeedRefusal.BEYOND_FAIR_SHARE if good.free else NeedRefusal.BEYOND_QUOTA
            _refuse(quantity > self._limit(code, self.round_number), reason)
        book = self.orders.setdefault(self.round_number, {})
        for code, quantity in quantities.items():
            line = book.pop((person, code), Line(0))
            if quantity:
                book[person, code] = Line(quantity, carried=min(line.carried, quantity))
        return self.round_number

    def _limit(self, code: str, number: int) -> int:
        """Units a person may order in a round."""
        good, share = self.goods[code], self.fair_shares.get((number, code), MOST_UNITS)
        return share if good.quota is None else good.quota

    def advance(self, household: Mapping[str, int]) -> None:
        """The orders of the round are taken, shared out and can be collected; the next begins.

        What the round before left unmet is carried into the orders that are taken next.
        """
        book = self.orders.setdefault(self.round_number, {})
        for code in self.goods:
            wanted = {who: line.quantity for (who, what), line in book.items() if what == code}
            for who, units in self._shared(code, household.get(code, 0), wanted).items():
                book[who, code].allotted = units
        self._limit_what_is_free(self._now + 1)
        if self.collecting is not None:
            self._carry(self.orders[self.collecting], self.orders.setdefault(self._now + 1, {}))
        self.collecting = self.round_number
        self.round_number += 1
        for region, code in self.stock:
            if not self.goods[code].storable:
                self.stock[region, code] = Decimal(0)

    def _shared(self, code: str, units: int, wanted: Mapping[str, int]) -> dict[str, int]:
        """The same to everyone but to those who want less; the last units by lot."""
        level = 0
        while level < max(wanted.values(), default=0) and (
            sum(min(level + 1, quantity) for quantity in wanted.values()) <= units
        ):
            level += 1
        shared = {who: min(level, quantity) for who, quantity in wanted.items()}
        lots = sorted(
            (who for who in wanted if wanted[who] > level),
            key=lambda who: sha256(f"{self._now} {code} {self.ids[who]}".encode()).hexdigest(),
        )
        for who in lots[: units - sum(shared.values())]:
            shared[who] += 1
        return shared

    def _limit_what_is_free(self, number: int) -> None:
        """So many times what those who took it took on the mean in the rounds settled last."""
        over = range(max(1, (self.collecting or 1) - ROUNDS_COUNTED), self.collecting or 1)
        for code in (code for code, good in self.goods.items() if good.free):
            taken = [
                line.collected
                for past in over
                for (_, what), line in self.orders.get(past, {}).items()
                if what == code and line.collected
            ]
            if taken:
                mean = Fraction(sum(taken), len(taken))
                self.fair_shares[number, code] = max(1, ceil(mean * MOST_FREE_SHARE))

    def _carry(
        self, past: Mapping[tuple[str, str], Line], coming: dict[tuple[str, str], Line]
    ) -> None:
        for (who, code), line in past.items():
            good, asked = self.goods[code], coming.get((who, code), Line(0))
            unmet = line.quantity - (line.allotted or 0) + line.missed
            # What is short does not pile up: at most what was asked anew, or carried before.
            units = min(unmet, max(line.quantity - line.carried, line.carried))
            units = min(units, self._limit(code, self._now + 1) - asked.quantity)
            if good.storable and units > 0:
                coming[who, code] = Line(asked.quantity + units, asked.carried + units)

    def collect(self, person: str, quantities: Mapping[str, int], key: UUID) -> int:
        asked = {code: units for code, units in quantities.items() if units}
        if first := self.visits.get(key):
            _refuse((first.person, first.asked) != (person, asked), NeedRefusal.KEY_USED)
            return first.cost
        if self.collecting is None or not asked:
            raise Rejected(NeedRefusal.NOTHING_TO_COLLECT)
        book = self.orders[self.collecting]
        for code, units in sorted(asked.items()):
            promise = book.get((person, code), Line(0))
            left = (promise.allotted or 0) - promise.collected
            _refuse(not 0 <= units <= left, NeedRefusal.MORE_THAN_PROMISED)
            _refuse(self.goods[code].price is None, NeedRefusal.NO_PRICE)
        drawn = {code: self._drawn(code, units) for code, units in asked.items()}
        taken = {code: sum(parts.values()) for code, parts in drawn.items() if any(parts.values())}
        cost = sum((self.goods[code].price or 0) * units for code, units in taken.items())
        _refuse(cost > self.balance(person), CreditRefusal.NOT_ENOUGH_CREDITS)
        for code, units in asked.items():
            line, got = book[person, code], taken.get(code, 0)
            line.collected += got
            line.missed = max(line.missed, units) - got
            for region, part in drawn[code].items():
                self.stock[region, code] -= part
        self.visits[key] = Visited(person, asked, taken, cost)
        return cost

    def visit_written(self, id: UUID, key: UUID) -> None:
        """The id that the platform gave to the visit that `collect` let in."""
        visit = self.visits[key]
        if visit.cost and self.collecting is not None:
            self.account[visit.person, id] = Moved("consumption", -visit.cost, self.collecting)

    def _drawn(self, code: str, units: int) -> dict[str, int]:
        """Whole units from each region in order, until there are enough."""
        parts: dict[str, int] = {}
        for region in sorted({region for region, what in self.stock if what == code}):
            parts[region] = min(units - sum(parts.values()), int(self.stock[region, code]))
        return parts


def _refuse(wrong: bool, reason: Reason) -> None:
    if wrong:
        raise Rejected(reason)
