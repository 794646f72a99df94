"""The certificate of a plan, computed from the economy's tables and the plan's alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from xietong.planning.audit.book import Book, Figures, Tables
from xietong.planning.audit.bound import Bounds
from xietong.planning.audit.objective import Wishes, asked, counted, labour, reached
from xietong.planning.audit.prices import Prices, nothing, read
from xietong.planning.audit.reach import reach
from xietong.planning.audit.shortages import shortages
from xietong.planning.terms import LEISURE, SEGMENTED, SMALL, VALUATION


@dataclass(frozen=True)
class StepCertificate:
    """One step: what the plan reaches, the most that any plan could, and the relative gap.

    The bound is on plans that do at least as well in the steps before.
    """

    step: str
    objective: float
    bound: float
    gap: float


@dataclass(frozen=True)
class Certificate:
    """How good a plan is, provably.

    `shortage` is the largest relative shortage, `shortages` the largest of each kind. `objective`,
    `bound` and `gap` are those of `step`, the step of the objective with the largest gap; all of
    them stand in `steps`, in order. Objectives are shares of 1: of needs met (`worst`, the tiers)
    and of the hours offered that stay free (`leisure`). A gap is (bound − objective) / bound, or
    / 0.01 where the bound is less; that of leisure / (1 − bound), the least that must be worked.
    `valuation` is the bound on the last step that the prices of the valuations prove: a little
    wider, for they are taken a hair from the corner; None if there are none. `harmony` says how
    the needs of a tier add up: `segments` or `smooth` (terms.py).
    """

    shortage: float
    step: str
    objective: float
    bound: float
    gap: float
    steps: tuple[StepCertificate, ...]
    shortages: dict[str, float]
    valuation: float | None
    harmony: str = SEGMENTED


def certify(economy: Tables, plan: Tables, harmony: str = SEGMENTED) -> Certificate:
    """Return the certificate of the plan's tables for the economy's."""
    book = Book(economy)
    wished = counted(book, asked(book))
    prices = read(book, wished, plan["prices"])
    return of_figures(book, Figures(book, plan), wished, prices, harmony)


def of_figures(
    book: Book, plan: Figures, wished: Wishes, prices: Mapping[str, Prices], harmony: str
) -> Certificate:
    """Return the certificate of a plan that has been read into figures."""
    short = shortages(book, plan)
    costs = labour(book)
    got = reached(book, plan, wished, costs, harmony)
    bounds = Bounds(book, plan.running, wished, costs, reach(book), harmony)
    none = nothing(book, wished)
    steps = []
    for step, objective in got.items():
        bound = bounds.of(step, prices.get(step, none), got)
        steps.append(StepCertificate(step, objective, bound, _gap(step, objective, bound)))
    widest = max(steps, key=lambda step: step.gap)
    return Certificate(
        shortage=max(short.values()),
        step=widest.step,
        objective=widest.objective,
        bound=widest.bound,
        gap=widest.gap,
        steps=tuple(steps),
        shortages=short,
        valuation=bounds.of(steps[-1].step, prices[VALUATION], got)
        if VALUATION in prices
        else None,
        harmony=harmony,
    )


def _gap(step: str, objective: float, bound: float) -> float:
    # Of labour, what counts is by how much it exceeds the least there must be.
    whole = 1.0 - bound if step == LEISURE else abs(bound)
    return max(0.0, bound - objective) / max(whole, SMALL)


def frame(certificate: Certificate) -> pl.DataFrame:
    """Return the steps as a table: `step, objective, bound, gap`."""
    return pl.DataFrame([vars(step) for step in certificate.steps])
