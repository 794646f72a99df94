"""A plan in which one number has been changed is found out."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from xietong.planning import Economy, EconomyError, Plan, verify
from xietong.planning.audit.certificate import certify
from xietong.planning.folder import digest
from xietong.planning.format import PLAN

NUMBERS = [
    (table.name, column.name)
    for table in PLAN
    for column in table.columns
    if column.kind in ("number", "integer")
]
# For these the hash alone vouches: a running plan's own past; how a valuation is made up; stocks,
# since to leave more of what is there anyway makes another plan, not a false one; and prices, since
# others may prove as much.
HASHED_ONLY = {"running", "contents", "stocks", "prices"}


def test_that_an_untouched_plan_is_sound(bakery: Economy, baked: Plan) -> None:
    assert verify(baked, bakery) == []


def test_that_a_plan_survives_writing_and_reading(
    bakery: Economy, baked: Plan, tmp_path: Path
) -> None:
    baked.write(tmp_path / "plan")
    again = Plan.read(tmp_path / "plan")
    assert verify(again, bakery) == []
    assert again.certificate == baked.certificate
    assert all(again.tables[table.name].equals(baked.tables[table.name]) for table in PLAN)


def changed(frame: pl.DataFrame, column: str, row: int) -> pl.DataFrame:
    values = frame[column].to_list()
    values[row] = (values[row] or 0) + 1
    return frame.with_columns(pl.Series(column, values, dtype=frame.schema[column]))


@pytest.mark.parametrize(("name", "column"), NUMBERS)
def test_that_any_changed_number_of_a_table_is_found(
    bakery: Economy, baked: Plan, tmp_path: Path, name: str, column: str
) -> None:
    if baked.tables[name].is_empty():
        assert name == "running"  # this plan departs from none
        return
    baked.write(tmp_path)
    middle = baked.tables[name].height // 2
    changed(baked.tables[name], column, middle).write_csv(tmp_path / f"{name}.csv")
    assert found_out(tmp_path, bakery)


def found_out(folder: Path, economy: Economy) -> bool:
    """Whether the plan is refused on reading (two rows for one thing) or on verifying."""
    try:
        return verify(Plan.read(folder), economy) != []
    except EconomyError:
        return True


def resealed(plan: Plan, tables: dict[str, pl.DataFrame]) -> Plan:
    """A forger's plan: changed tables with hashes and a seal that fit them."""
    return Plan(tables, plan.certificate, economy=plan.economy, title=plan.title)


@pytest.mark.parametrize(
    ("name", "column"), [pair for pair in NUMBERS if pair[0] not in HASHED_ONLY]
)
def test_that_the_mathematics_finds_a_changed_number_even_if_all_hashes_are_forged(
    bakery: Economy, baked: Plan, name: str, column: str
) -> None:
    frame = baked.tables[name]
    for row in range(0, frame.height, max(1, frame.height // 4)):
        forged = {**baked.tables, name: changed(frame, column, row)}
        assert verify(resealed(baked, forged), bakery) != [], frame.row(row)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for key, inner in enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def test_that_any_changed_figure_of_the_certificate_is_found(
    bakery: Economy, baked: Plan, tmp_path: Path
) -> None:
    baked.write(tmp_path)
    file = tmp_path / "certificate.json"
    original = file.read_text(encoding="utf-8")
    seen = 0
    for path in leaves(json.loads(original)):
        statement = json.loads(original)
        inside = statement
        for key in path[:-1]:
            inside = inside[key]
        old = inside[path[-1]]
        inside[path[-1]] = f"{old}0" if isinstance(old, str) else old + 1e-5
        file.write_text(json.dumps(statement), encoding="utf-8")
        assert verify(Plan.read(tmp_path), bakery) != [], path
        seen += 1
    assert seen > 40


def test_that_a_forged_certificate_is_found_by_recomputing_it(bakery: Economy, baked: Plan) -> None:
    for field in ("shortage", "objective", "bound", "gap"):
        figure = getattr(baked.certificate, field)
        better = replace(baked.certificate, **{field: figure + 1e-6})
        forged = Plan(baked.tables, better, economy=baked.economy)
        (fault,) = verify(forged, bakery)
        assert fault.en.startswith(f"{field} is stated as")


def test_that_a_plan_of_another_economy_is_found(
    baked: Plan, changed: Callable[..., Economy]
) -> None:
    other = changed(workforce=lambda f: f.with_columns(pl.col("hours") * 0.5))
    faults = [fault.en for fault in verify(baked, other)]
    assert "the plan was made from another economy: the hash of the inputs differs" in faults
    assert any(text.startswith("the plan cannot be carried out: skill is short") for text in faults)


def test_that_a_missing_and_a_strange_row_are_named(bakery: Economy, baked: Plan) -> None:
    runs = baked.runs
    fewer = resealed(baked, {**baked.tables, "runs": runs.slice(1)})
    assert [f.text() for f in verify(fewer, bakery)] == ["runs: farm 1 is missing"]
    strange = runs.with_columns(technique=pl.col("technique").replace("farm", "mine"))
    other = resealed(baked, {**baked.tables, "runs": strange})
    assert "runs: mine 1 is not of the economy" in [f.text() for f in verify(other, bakery)]


def test_that_the_digest_does_not_depend_on_the_order_of_rows(baked: Plan) -> None:
    for table in PLAN:
        frame = baked.tables[table.name]
        assert digest(table, frame) == digest(table, frame.reverse())


def test_that_a_stock_of_what_there_is_none_is_named(bakery: Economy, baked: Plan) -> None:
    nowhere = baked.stocks.head(1).with_columns(region=pl.lit("nowhere"))
    stocks = pl.concat([baked.stocks, nowhere])
    odd = Plan({**baked.tables, "stocks": stocks}, baked.certificate, economy=baked.economy)
    named = [fault.text() for fault in verify(odd, bakery)]
    assert f"stocks: {nowhere['product'][0]} is not of the economy" in named


def test_that_a_price_on_what_is_not_limited_lowers_no_bound(bakery: Economy, baked: Plan) -> None:
    steps = [step.step for step in baked.certificate.steps]
    free = pl.DataFrame({"step": steps}).select(
        "step", pl.lit("limit").alias("kind"), pl.lit("smoke").alias("id"),
        pl.lit(None, pl.String).alias("region"), pl.lit(1, pl.Int64).alias("period"),
        pl.lit(1e3).alias("value"),
    )  # fmt: skip
    prices = pl.concat([baked.prices, free])
    certificate = certify(bakery.tables, {**baked.tables, "prices": prices})
    assert certificate.steps == baked.certificate.steps
