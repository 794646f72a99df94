"""Orders, stores and what people take, in the small model of the credit system."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import ceil
from uuid import UUID

from tests.platform.credits.model.state import (
    MOST_FREE_SHARE,
    MOST_UNITS,
    ROUNDS_COUNTED,
    Line,
    Moved,
    State,
    Visited,
    refuse,
)

from xietong.platform.base import Rejected
from xietong.platform.credits.rules import Refusal as CreditRefusal
from xietong.platform.enterprises.rules import Refusal as EnterpriseRefusal
from xietong.platform.needs.rules import Refusal as NeedRefusal
from xietong.platform.products.rules import Refusal as ProductRefusal


class Goods(State):
    def make(self, by: str, enterprise: str, product: str, quantity: Decimal) -> None:
        wrong = quantity < 0 or quantity % Decimal("0.001") != 0
        refuse(wrong, EnterpriseRefusal.NOT_A_QUANTITY)
        refuse(not quantity, EnterpriseRefusal.NOTHING_REPORTED)
        refuse(self.places.get(by) != enterprise, EnterpriseRefusal.NOT_A_MEMBER)
        store = (self.regions[enterprise], product)
        self.stock[store] = self.stock.get(store, Decimal(0)) + quantity

    def place_order(self, person: str, quantities: Mapping[str, int]) -> int:
        for code, quantity in sorted(quantities.items()):
            good = self.goods.get(code)
            if good is None:
                raise Rejected(NeedRefusal.UNKNOWN_PRODUCT)
            refuse(not 0 <= quantity <= MOST_UNITS, NeedRefusal.NOT_A_QUANTITY)
            refuse(quantity > 0 and not good.orderable, NeedRefusal.NOT_ORDERABLE)
            good = self.rule(person, code, self.round_number)
            reason = NeedRefusal.BEYOND_FAIR_SHARE if good.free else NeedRefusal.BEYOND_QUOTA
            refuse(quantity > self._limit(person, code, self.round_number), reason)
        book = self.orders.setdefault(self.round_number, {})
        for code, quantity in quantities.items():
            line = book.pop((person, code), Line(0))
            if quantity:
                book[person, code] = Line(quantity, carried=min(line.carried, quantity))
        return self.round_number

    def _limit(self, person: str, code: str, number: int) -> int:
        """Units a person may order in a round."""
        good, share = (
            self.rule(person, code, number),
            self.fair_shares.get((number, code), MOST_UNITS),
        )
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
        self._limit_what_is_free(self.round_number + 1)
        self.on_trial[self.round_number + 1] = {
            code for code, rounds in self.trials.items() if self.round_number + 1 in rounds
        }
        if self.collecting is not None:
            self._carry(
                self.orders[self.collecting], self.orders.setdefault(self.round_number + 1, {})
            )
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
            key=lambda who: sha256(
                f"{self.round_number} {code} {self.ids[who]}".encode()
            ).hexdigest(),
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
            units = min(units, self._limit(who, code, self.round_number + 1) - asked.quantity)
            if good.storable and units > 0:
                coming[who, code] = Line(asked.quantity + units, asked.carried + units)

    def collect(self, person: str, quantities: Mapping[str, int], key: UUID) -> int:
        asked = {code: units for code, units in quantities.items() if units}
        if first := self.visits.get(key):
            refuse((first.person, first.asked) != (person, asked), NeedRefusal.KEY_USED)
            return first.cost
        if self.collecting is None or not asked:
            raise Rejected(NeedRefusal.NOTHING_TO_COLLECT)
        book = self.orders[self.collecting]
        for code, units in sorted(asked.items()):
            promise = book.get((person, code), Line(0))
            left = (promise.allotted or 0) - promise.collected
            refuse(not 0 <= units <= left, NeedRefusal.MORE_THAN_PROMISED)
            refuse(self._price(person, code) is None, NeedRefusal.NO_PRICE)
        drawn = {code: self._drawn(code, units) for code, units in asked.items()}
        taken = {code: sum(parts.values()) for code, parts in drawn.items() if any(parts.values())}
        cost = sum((self._price(person, code) or 0) * units for code, units in taken.items())
        refuse(cost > self.balance(person), CreditRefusal.NOT_ENOUGH_CREDITS)
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

    def _lot(self, subject: str, person: str) -> str:
        return sha256(f"{subject} {self.ids[person]}".encode()).hexdigest()

    def _price(self, person: str, code: str) -> int | None:
        """Of what a person collects now."""
        assert self.collecting is not None
        return self.rule(person, code, self.collecting).price

    def begin_trial(self, code: str, rounds: int) -> None:
        refuse(code in self.trials, ProductRefusal.TRIAL_RUNNING)
        self.trials[code] = range(self.round_number + 1, self.round_number + 1 + rounds)

    def end_trial(self, code: str) -> None:
        """Rounds whose rules are written keep them."""
        del self.trials[code]

    def deliver_home(self, key_of: Callable[[str], UUID]) -> int:
        """What is left of promises comes home by the lot; returns to how many persons.

        `key_of` names by person the visit that the platform has written down.
        """
        if self.collecting is None:
            raise Rejected(NeedRefusal.NOTHING_TO_COLLECT)
        book = self.orders[self.collecting]
        lot = sorted(self.delivered, key=lambda who: self._lot(f"{self.collecting}", who))
        wanted = {who: self._affordable(who, book) for who in lot}
        codes = sorted({code for goods in wanted.values() for code in goods})
        there = {}
        for code in codes:
            drawn = self._drawn(code, sum(goods.get(code, 0) for goods in wanted.values()))
            there[code] = sum(drawn.values())
            for region, part in drawn.items():
                self.stock[region, code] -= part
        brought = 0
        for who, goods in wanted.items():
            taken: dict[str, int] = {}
            for code, units in goods.items():
                got, line = min(units, there[code]), book[who, code]
                there[code] -= got
                line.collected += got
                line.missed = max(line.missed, units) - got
                taken |= {code: got} if got else {}
            if goods:
                cost = sum((self._price(who, code) or 0) * got for code, got in taken.items())
                self.visits[key_of(who)] = Visited(who, goods, taken, cost)
            brought += bool(taken)
        return brought

    def _affordable(self, person: str, book: Mapping[tuple[str, str], Line]) -> dict[str, int]:
        """What is left of a person's promises, by code, as far as their credits go."""
        balance, units = self.balance(person), {}
        for (who, code), line in sorted(book.items()):
            price = self._price(person, code) if who == person else None
            if price is None:
                continue
            left = (line.allotted or 0) - line.collected
            units[code] = min(left, balance // price) if price else left
            balance -= units[code] * price
        return {code: n for code, n in units.items() if n}
