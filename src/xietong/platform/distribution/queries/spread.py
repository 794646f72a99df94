"""How incomes and consumption are spread, and how much is distributed by need, over the rounds."""

from dataclasses import dataclass

from xietong.platform.people.queries import HouseholdKind

from ..models import SpreadStanding
from .lists import share_by_need


@dataclass(frozen=True)
class FirstFigures:
    """The platform's first two figures in a closed round: need, and how even all are.

    None of a round closed before it was kept, or with fewer than ten persons.
    """

    round_number: int
    by_need: float | None
    incomes: SpreadStanding | None
    consumption: SpreadStanding | None


@dataclass(frozen=True)
class KindFigures:
    """Persons of one kind of household: means a head, in 1/1000 credit and 1/1000 hour."""

    kind: str
    persons: int
    income: int
    consumption: int

    @property
    def label(self) -> str:
        return str(HouseholdKind(self.kind).label)


def first_figures(up_to: int | None = None) -> list[FirstFigures]:
    """The last closed rounds, none after `up_to`, in their order. Two queries."""
    shares = share_by_need(up_to)
    spreads = {
        (row.round_number, row.of): row
        for row in SpreadStanding.objects.filter(
            kind="", round_number__in=[each.round_number for each in shares]
        )
    }
    return [
        FirstFigures(
            each.round_number,
            each.share,
            spreads.get((each.round_number, SpreadStanding.Of.INCOMES)),
            spreads.get((each.round_number, SpreadStanding.Of.CONSUMPTION)),
        )
        for each in shares
    ]


def figures_by_kind(round_number: int) -> list[KindFigures]:
    """Kinds of household in a closed round, those with most credits a head first. One query."""
    rows = SpreadStanding.objects.filter(round_number=round_number).exclude(kind="")
    means = {(row.kind, row.of): row for row in rows}
    found = [
        KindFigures(
            kind,
            incomes.persons,
            incomes.mean,
            means[kind, SpreadStanding.Of.CONSUMPTION].mean,
        )
        for (kind, of), incomes in means.items()
        if of == SpreadStanding.Of.INCOMES
    ]
    return sorted(found, key=lambda each: -each.income)
