"""Verifies a plan: recomputes everything that it says of itself, and names what differs."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any, Protocol

import polars as pl

from xietong.planning.audit import accounts
from xietong.planning.audit.certificate import Certificate, certify
from xietong.planning.audit.objective import labour, wishes
from xietong.planning.audit.yardstick import hours_per_unit, unit_values
from xietong.planning.faults import Fault
from xietong.planning.folder import digest
from xietong.planning.format import PLAN, table
from xietong.planning.terms import (
    BEND,
    RISE,
    SEGMENTS,
    SLOPES,
    SMOOTH,
    STRAINED,
    VALUATION,
)

SAME = 1e-9  # relative difference up to which recomputed figures are the same
EXECUTABLE = 1e-6  # largest relative shortage of a plan that is handed out


class Economic(Protocol):
    """What verification needs of an economy."""

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]: ...

    @property
    def sha256(self) -> str: ...


class Planned(Protocol):
    """What verification needs of a plan."""

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]: ...

    @property
    def certificate(self) -> Certificate: ...

    @property
    def economy(self) -> str: ...

    @property
    def algorithm(self) -> str: ...

    @property
    def digests(self) -> Mapping[str, str]: ...

    @property
    def seal(self) -> str: ...


def verify(plan: Planned, economy: Economic) -> list[Fault]:
    """Return everything that is wrong with `plan` as a plan of `economy`; nothing if it is sound.

    Checked are the hashes of the inputs, of each table and of the certificate; that the tables are
    complete and agree with the economy and each other; that no shortage exceeds 1e-6; and the
    certificate, recomputed from the tables alone.
    """
    faults = _hashes(plan, economy)
    stated = asdict(plan.certificate)
    unknown = _rows(plan.tables, economy.tables)
    faults += unknown
    if unknown:
        return faults  # what follows counts on the rows being those of the economy
    faults += _deliveries(plan.tables, economy.tables)
    faults += _accounts(plan.tables, economy.tables)
    faults += _values(plan.tables, economy.tables)
    again = asdict(certify(economy.tables, plan.tables, plan.certificate.harmony))
    faults += _differences(stated, again)
    if not again["shortage"] <= EXECUTABLE:
        kind = max(again["shortages"], key=again["shortages"].__getitem__)
        faults.append(
            _certificate(
                f"the plan cannot be carried out: {kind} is short by {again['shortage']:.3g}",
                f"计划无法执行：{kind} 短缺 {again['shortage']:.3g}",
            )
        )
    faults += _valuations(plan.tables, economy.tables, plan.certificate.harmony)
    return faults


def _certificate(en: str, zh: str) -> Fault:
    return Fault("certificate.json", None, None, en, zh)


def _hashes(plan: Planned, economy: Economic) -> list[Fault]:
    faults = [
        Fault(
            declared.name, None, None,
            "the table is not the one that was certified: its hash differs",
            "此表与经过认证的不同：哈希值不一致",
        )
        for declared in PLAN
        if plan.digests.get(declared.name) != digest(declared, plan.tables[declared.name])
    ]  # fmt: skip
    if plan.economy != economy.sha256:
        faults.append(
            _certificate(
                "the plan was made from another economy: the hash of the inputs differs",
                "计划并非由这份经济数据得出：输入的哈希值不同",
            )
        )
    statement = {
        **asdict(plan.certificate),
        "algorithm": plan.algorithm,
        "inputs": plan.economy,
        "tables": dict(plan.digests),
    }
    if plan.seal != seal(statement):
        faults.append(
            _certificate(
                "the certificate has been changed: its seal does not fit",
                "证书已被改动：封印不符",
            )
        )
    return faults


def seal(statement: Mapping[str, Any]) -> str:
    """Return the sha256 of what a certificate states, in canonical JSON."""
    return sha256(json.dumps(statement, sort_keys=True).encode()).hexdigest()


def _rows(plan: accounts.Tables, economy: accounts.Tables) -> list[Fault]:
    """Each table has a row for everything it should, and for nothing else."""
    periods = economy["periods"].select("period")
    last = periods.height
    starts = economy["projects"].join(periods, how="cross").filter(
        (pl.col("period") >= pl.col("earliest"))
        & (pl.col("period") <= pl.col("latest").fill_null(last))
    )  # fmt: skip
    expected = {
        "runs": economy["techniques"].join(periods, how="cross"),
        "deliveries": accounts.in_every_period(economy, "needs"),
        "starts": starts,
        "labour_values": economy["products"],
    }
    faults = []
    for name, rows in expected.items():
        key = list(table(PLAN, name).key)
        here = plan[name].select(key)
        for more, less, en, zh in (
            (here, rows.select(key), "is not of the economy", "不属于这份经济数据"),
            (rows.select(key), here, "is missing", "缺失"),
        ):
            odd = more.join(less, on=key, how="anti")
            if odd.height:
                what = " ".join(str(v) for v in odd.row(0))
                faults.append(Fault(name, None, None, f"{what} {en}", f"{what} {zh}"))
    spots = economy["products"].filter("storable").select("product")
    odd = plan["stocks"].join(spots, on="product", how="anti")
    if odd.height:
        what = odd["product"][0]
        faults.append(Fault("stocks", None, None, f"{what} is not storable", f"{what} 不可储存"))
    return faults


def _deliveries(plan: accounts.Tables, economy: accounts.Tables) -> list[Fault]:
    asked = accounts.in_every_period(economy, "needs")
    asked = asked.with_columns(value=unit_values(economy, asked)).with_columns(
        share=pl.lit(None, pl.Float64)
    )
    both = plan["deliveries"].join(asked, on=["need", "period"], suffix="_asked",
                                   maintain_order="left")  # fmt: skip
    share = both.select(
        pl.when(pl.col("target") > 0).then(pl.col("delivered") / pl.col("target")).otherwise(1.0)
    ).to_series()
    faults = []
    for name in ("tier", "product", "region"):
        faults += _odd("deliveries", name, both[name] != both[f"{name}_asked"])
    for name, right in (
        ("target", both["target_asked"]), ("value", both["value_asked"]), ("share", share),
    ):  # fmt: skip
        faults += _odd("deliveries", name, _differ(both[name], right))
    return faults


def _accounts(plan: accounts.Tables, economy: accounts.Tables) -> list[Fault]:
    faults = []
    for name, make in (
        ("use_of_means", accounts.use_of_means),
        ("use_of_labour", accounts.use_of_labour),
        ("use_of_limits", accounts.use_of_limits),
    ):
        declared = table(PLAN, name)
        key = list(declared.key)
        right = make(economy, plan).sort(key)
        here = plan[name].sort(key)
        if here.select(key).rows() != right.select(key).rows():
            faults.append(
                Fault(name, None, None, "rows differ from the economy's", "行与经济数据不符")
            )
            continue
        for column in declared.columns:
            if column.kind == "number":
                faults += _odd(name, column.name, _differ(here[column.name], right[column.name]))
    return faults


def _values(plan: accounts.Tables, economy: accounts.Tables) -> list[Fault]:
    right = hours_per_unit(economy, plan["runs"].select("technique", "runs"))
    both = plan["labour_values"].join(right, on="product", maintain_order="left")
    unlike = both["hours"].is_null() != both["hours_right"].is_null()
    wrong = unlike | _differ(both["hours"].fill_null(0.0), both["hours_right"].fill_null(0.0))
    return _odd("labour_values", "hours", wrong)


def _valuations(
    plan: accounts.Tables, economy: accounts.Tables, harmony: str
) -> list[Fault]:
    """The valuations are the prices of their step in hours, for everything there is."""
    shown = plan["valuations"]
    if shown.is_empty():
        return []
    priced = plan["prices"].filter(pl.col("step") == VALUATION).drop("step")
    wished = wishes(economy)
    offered = labour(economy).offered
    right = pl.concat([_priced(plan, economy, priced), _worth(plan, priced, wished, harmony)])
    key = ["kind", "id", "region", "period"]
    both = shown.join(right, on=key, how="full", nulls_equal=True, suffix="_right")
    if both.height != shown.height or shown.height != right.height:
        return [
            Fault(
                "valuations", None, None,
                "has not one row for each thing there is", "并非每个对象各有一行",
            )
        ]  # fmt: skip
    both = shown.join(right, on=key, how="left", nulls_equal=True, maintain_order="left")
    return _odd("valuations", "value", _differ(both["value"], both["price"] * offered))


def _priced(plan: accounts.Tables, economy: accounts.Tables, prices: pl.DataFrame) -> pl.DataFrame:
    """Every product, skill, means and limit with its price: `kind, id, region, period, price`."""
    none = pl.lit(None, pl.String)
    things = [
        _spots(economy).select(
            pl.lit("product").alias("kind"), pl.col("product").alias("id"), "region", "period"
        ),
        plan["use_of_labour"].select(
            pl.lit("skill").alias("kind"), pl.col("skill").alias("id"), "region", "period"
        ),
        plan["use_of_means"].select(
            pl.lit("means").alias("kind"), pl.col("means").alias("id"), none.alias("region"),
            "period",
        ),
        plan["use_of_limits"].select(
            pl.lit("limit").alias("kind"), pl.col("limit").alias("id"), none.alias("region"),
            "period",
        ),
    ]  # fmt: skip
    key = ["kind", "id", "region", "period"]
    # One more unit of a means also moves the mark beyond which it is strained.
    strain = prices.filter(pl.col("kind") == "strain").with_columns(
        pl.lit("means").alias("kind"), pl.col("value") * STRAINED
    )
    prices = pl.concat([prices, strain]).group_by(key).agg(pl.col("value").sum())
    return (
        pl.concat(things)
        .join(prices, on=key, how="left", nulls_equal=True)
        .select(*key, price=pl.col("value").fill_null(0.0))
    )


def _spots(economy: accounts.Tables) -> pl.DataFrame:
    """Every product, region and period in which anything could be: `product, region, period`."""
    built = economy["project_inputs"].join(economy["projects"], on="project")
    return (
        pl.concat(
            [economy[name].select("product", "region")
             for name in ("inputs", "outputs", "needs", "stocks")]
            + [built.select("product", "region")]
        )
        .unique()
        .join(economy["periods"].select("period"), how="cross")
    )  # fmt: skip


def _worth(
    plan: accounts.Tables, prices: pl.DataFrame, wished: pl.DataFrame, harmony: str
) -> pl.DataFrame:
    """What the step would give for one more unit of each need, in the same columns."""
    kept = prices.filter(pl.col("kind") == "step").select(tier="id", exchange="value")
    worst = prices.filter(pl.col("kind") == "worst").select("period", need="id", lifted="value")
    counted = wished.select("need", "period", "importance").join(
        worst, on=["need", "period"], how="left"
    )
    if harmony == SMOOTH:
        slope = RISE - BEND * pl.col("share")
    else:
        segment = (pl.col("share") * SEGMENTS).cast(pl.Int64).clip(0, SEGMENTS - 1)
        slope = segment.replace_strict(dict(enumerate(SLOPES)), return_dtype=pl.Float64)
    return (
        plan["deliveries"]
        .join(counted, on=["need", "period"], how="left")
        .join(kept, on="tier", how="left")
        .with_columns(pl.col("importance", "lifted", "exchange").fill_null(0.0), slope=slope)
        .with_columns(per_unit=pl.col("exchange") * pl.col("importance") * pl.col("slope"))
        .select(
            pl.lit("need").alias("kind"), pl.col("need").alias("id"), "region", "period",
            price=pl.when(pl.col("per_unit") > 0)
            .then(pl.col("per_unit") / pl.col("target")).otherwise(0.0) + pl.col("lifted"),
        )
    )  # fmt: skip


def _odd(name: str, column: str, wrong: pl.Series) -> list[Fault]:
    if not wrong.any():
        return []
    row = int(wrong.arg_true()[0]) + 1
    return [
        Fault(
            name, row, column,
            "is not what follows from the economy and the runs", "与经济数据和运行次数推算的不符",
        )
    ]  # fmt: skip


def _differ(here: pl.Series, right: pl.Series) -> pl.Series:
    scale = pl.select(pl.max_horizontal(here.abs(), right.abs())).to_series()
    return (here - right).abs() > SAME * scale + 1e-300


def _differences(stated: object, again: object, where: str = "") -> list[Fault]:
    """Name each figure of the certificate that does not come out again."""
    if isinstance(stated, dict) and isinstance(again, dict):
        faults: list[Fault] = []
        for name in {**again, **stated}:
            faults += _differences(
                stated.get(name), again.get(name), f"{where}.{name}" if where else str(name)
            )
        return faults
    if isinstance(stated, list | tuple) and isinstance(again, list | tuple):
        if len(stated) == len(again):
            return [
                fault
                for k, (one, other) in enumerate(zip(stated, again, strict=True))
                for fault in _differences(one, other, f"{where}[{k}]")
            ]
    elif isinstance(stated, float) and isinstance(again, float):
        if math.isclose(stated, again, rel_tol=SAME, abs_tol=SAME):
            return []
    elif stated == again:
        return []
    return [
        _certificate(
            f"{where} is stated as {stated}, and comes out as {again}",
            f"{where} 写为 {stated}，重新计算得 {again}",
        )
    ]
