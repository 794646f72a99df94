"""Commitments that nothing can keep are named: no more of them than contradict each other."""

from collections.abc import Iterable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xietong.planning import Conflict, ContradictionError, Economy, PlanningError, plan

amounts = st.integers(1, 12).map(float)


def stores(final: Iterable[float], hours: float) -> Economy:
    """Each product takes an hour of one and the same crew; a stock of each is to be left."""
    wanted = list(final)
    products = [f"p{k}" for k in range(len(wanted))]
    makers = [f"make {p}" for p in products]
    return Economy(
        {
            "products": pl.DataFrame(
                {"product": products, "unit": ["t"] * len(wanted)}
            ).with_columns(storable=True),
            "techniques": pl.DataFrame({"technique": makers}),
            "outputs": pl.DataFrame({"technique": makers, "product": products}).with_columns(
                quantity=1.0
            ),
            "labour": pl.DataFrame({"technique": makers}).with_columns(
                skill=pl.lit("work"), hours=1.0
            ),
            "workforce": pl.DataFrame({"skill": ["work"], "hours": [hours]}),
            "needs": pl.DataFrame(
                schema={"need": pl.String, "tier": pl.String, "product": pl.String,
                        "target": pl.Float64}
            ),
            "stocks": pl.DataFrame({"product": products, "initial": 0.0, "final": wanted}),
        }
    )  # fmt: skip


def keeping(economy: Economy, kept: Iterable[str]) -> Economy:
    """The economy where only these products' final stocks are demanded."""
    final = pl.when(pl.col("product").is_in(list(kept))).then("final").otherwise(0.0)
    return Economy({**economy.tables, "stocks": economy.stocks.with_columns(final=final)})


def found(economy: Economy) -> tuple[Conflict, ...]:
    with pytest.raises(ContradictionError) as caught:
        plan(economy)
    return caught.value.conflicts


def test_that_stocks_that_contradict_each_other_are_named_together_with_what_each_could_give() -> (
    None
):
    (conflict,) = found(stores([6.0, 7.0], hours=10.0))
    assert [(c.product, c.final) for c in conflict.commitments] == [("p0", 6.0), ("p1", 7.0)]
    assert [c.short for c in conflict.commitments] == pytest.approx([3.0, 3.0])
    assert conflict.text("en") == (
        "p0 in all (6) and p1 in all (7) contradict each other: leave 3 less of p0 or 3 less of p1"
    )
    assert conflict.text("zh") == (
        "all 的 p0（6）、all 的 p1（7）不能同时留足：p0 少留 3，或 p1 少留 3"
    )


def test_that_each_stock_that_is_impossible_by_itself_is_a_conflict_of_its_own() -> None:
    short = {
        c.product: c.short
        for (c,) in (each.commitments for each in found(stores([12.0, 1.0, 15.0], hours=10.0)))
    }
    assert short == pytest.approx({"p0": 2.0, "p2": 5.0})


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.lists(amounts, min_size=1, max_size=4), st.integers(1, 20))
def test_that_a_conflict_is_irreducible_and_its_amounts_are_enough(
    final: list[float], hours: int
) -> None:
    economy = stores(final, float(hours))
    if sum(final) <= hours:
        assert plan(economy).certificate.shortage <= 1e-9
        return
    seen: set[str] = set()
    for conflict in found(economy):
        names = {c.product for c in conflict.commitments}
        assert not names & seen
        seen |= names
        with pytest.raises(PlanningError):
            plan(keeping(economy, names))
        for c in conflict.commitments:
            alone = keeping(economy, names)
            plan(keeping(economy, names - {c.product}))
            gives = pl.when(pl.col("product") == c.product).then(pl.col("final") - c.short)
            stocks = alone.stocks.with_columns(final=gives.otherwise("final"))
            plan(Economy({**alone.tables, "stocks": stocks}))
            assert c.short == pytest.approx(
                sum(other.final for other in conflict.commitments) - hours
            )
    assert sum(f for k, f in enumerate(final) if f"p{k}" not in seen) <= hours
