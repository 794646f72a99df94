"""What holds in the platform and in the model of it alike, after every step."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db import connection
from django.db.models import Sum
from hypothesis.stateful import RuleBasedStateMachine, invariant
from tests.platform.credits.model import Model, Visited

from xietong.platform.credits import queries as credit_queries
from xietong.platform.credits.models import Account, Entry
from xietong.platform.enterprises.models import Movement, Stock
from xietong.platform.labour.models import Dispute, WorkRecord
from xietong.platform.needs.models import Collection, CollectionLine, OrderLine
from xietong.platform.people.models import Person


@dataclass
class Country:
    people: dict[str, Person]
    model: Model


class Checked(RuleBasedStateMachine):
    model: Model
    people: dict[str, Person]

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
            record.id: (
                record.minutes,
                record.skill_id,
                record.corrects,
                record.certified_by_id is not None,
            )
            for record in WorkRecord.objects.all()
        } == {
            id: (hours.minutes, hours.skill, hours.corrects, hours.certified)
            for id, hours in self.model.hours.items()
        }
        states = {None: "open", True: "upheld", False: "rejected"}
        assert dict(Dispute.objects.values_list("id", "state")) == {
            id: states[dispute.upheld] for id, dispute in self.model.disputes.items()
        }
        connection.check_constraints()
