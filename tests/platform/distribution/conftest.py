"""A country of thirty, ten of them on an island, who live through rounds one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from uuid import NAMESPACE_OID, uuid5

import pytest
from tests.platform import factories
from tests.platform.factories import Country

from xietong.platform.base import uuid7
from xietong.platform.credits.models import Entry
from xietong.platform.decisions import actions as decisions
from xietong.platform.decisions.models import Motion
from xietong.platform.distribution.models import Proposal
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Enterprise, Task
from xietong.platform.needs import actions as needs
from xietong.platform.needs import queries as need_queries
from xietong.platform.needs.models import OrderLine
from xietong.platform.people import actions as people
from xietong.platform.people.models import Ground, Person
from xietong.platform.products import actions as products
from xietong.platform.products.models import Product
from xietong.platform.record import actions as record
from xietong.platform.rounds import actions as rounds

ISLAND = "isle"
QUICK = {
    "need_rounds": "1",
    "need_levelled_rounds": "1",
    "need_trial_rounds": "2",
    "need_short_rounds": "1",
    "need_waiting_rounds": "3",
    "need_budget_share": "0.5",
}


@dataclass
class Land:
    country: Country
    islanders: list[Person]
    number: int = 1
    wants: dict[str, int] = field(default_factory=lambda: {"rice": 4, "soap": 4, "chair": 1})

    @property
    def planner(self) -> Person:
        return self.country.planner

    def live(
        self,
        *,
        made: Mapping[str, Decimal] | None = None,
        islanders_want: Mapping[str, int] | None = None,
    ) -> None:
        """One whole round: `made` are shares of the plan by product, 1 unless given."""
        number = self.number
        for person in self.country.everyone:
            on_island = person in self.islanders
            wants = self.wants | dict(islanders_want or {} if on_island else {})
            limits = need_queries.terms(person, number, list(wants))
            needs.place_order(
                person,
                quantities={
                    code: units if (most := limits[code].limit) is None else min(units, most)
                    for code, units in wants.items()
                },
            )
        self.country.draft(number)
        decisions.cast_ballot(
            self.planner, motion=Motion.objects.get(round__number=number), choices=["goods"]
        )
        rounds.end_vote(self.planner, number=number)
        for good in self.country.goods:
            self._make(good.code, (made or {}).get(good.code, Decimal(1)))
        for person in self.country.everyone:
            promised = OrderLine.objects.filter(person=person, book=number, allotted__gt=0)
            needs.collect(
                person,
                quantities={line.product_id: line.allotted or 0 for line in promised},
                key=uuid7(),
            )
        self.country.close(number)
        self.number += 1

    def _make(self, code: str, share: Decimal) -> None:
        enterprise = Enterprise.objects.get(code=f"{code}-makers")
        task = Task.objects.filter(dispatch=self.number, enterprise=enterprise).first()
        if task is None:
            return
        member = next(
            p for p in self.country.everyone if p.memberships.filter(enterprise=enterprise)
        )
        enterprises.report_output(
            member,
            enterprise=enterprise,
            quantities={code: (task.runs * share).quantize(Decimal("0.001"), ROUND_DOWN)},
            key=uuid5(NAMESPACE_OID, f"{self.number}/{code}"),
        )

    def said(self, code: str) -> tuple[str, str]:
        """What the rules said of a product at the close of the last round."""
        found = Proposal.objects.get(product=code, round_number=self.number - 1)
        return found.move, found.reason

    def vote(self, motion: Motion, choice: str) -> None:
        for person in self.islanders:
            decisions.cast_ballot(person, motion=motion, choices=[choice])
        decisions.end_vote(self.planner, motion=motion)

    def product(self, code: str) -> Product:
        return Product.objects.get(code=code)


@pytest.fixture
def land(db: None) -> Land:
    """Rice costs credits and soap is free; the rules need few rounds."""
    small = factories.found(3)
    for code, value in QUICK.items():
        record.set_parameter(code, value=Decimal(value), reason="test")
    more = people.enrol_many(
        people.NewPerson(f"p{n}", f"Person {n}", Ground.PENSION) for n in range(22)
    )
    products.add_region(ISLAND, name_en="The island", name_zh="海岛")
    everyone = [*small.everyone, *more]
    islanders = more[:10]
    products.set_residences(factories.REGION, [*small.everyone, *more[10:]])
    products.set_residences(ISLAND, islanders)
    Entry.objects.bulk_create(
        Entry(person=person, kind="allowance", amount=10**9, source=uuid7(), round_number=1)
        for person in everyone
    )
    rounds.set_stock_norms({})
    return Land(Country(small.planner, small.goods, everyone), islanders)
