"""Verifies a plan: recomputes everything that it says of itself, and names what differs."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any, Protocol

import numpy as np
import polars as pl

from xietong.planning.audit import accounts
from xietong.planning.audit.book import Book, Figures, Tables, codes
from xietong.planning.audit.certificate import Certificate, of_figures
from xietong.planning.audit.objective import Wishes, asked, counted
from xietong.planning.audit.prices import Prices, nothing, read
from xietong.planning.audit.valuations import valuations
from xietong.planning.audit.yardstick import hours_per_unit
from xietong.planning.faults import Fault
from xietong.planning.folder import digest
from xietong.planning.format import PLAN, table
from xietong.planning.terms import VALUATION

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
    book = Book(economy.tables)
    unknown = _rows(book, plan.tables)
    faults += unknown
    if unknown:
        return faults  # what follows counts on the rows being those of the economy
    figures = Figures(book, plan.tables)
    every = asked(book)
    faults += _deliveries(every, plan.tables)
    faults += _accounts(book, figures)
    faults += _values(book, figures)
    harmony = plan.certificate.harmony
    wished = counted(book, every)
    prices = read(book, wished, plan.tables["prices"])
    again = asdict(of_figures(book, figures, wished, prices, harmony))
    faults += _differences(stated, again)
    if not again["shortage"] <= EXECUTABLE:
        kind = max(again["shortages"], key=again["shortages"].__getitem__)
        faults.append(
            _certificate(
                f"the plan cannot be carried out: {kind} is short by {again['shortage']:.3g}",
                f"计划无法执行：{kind} 短缺 {again['shortage']:.3g}",
            )
        )
    priced = prices.get(VALUATION, nothing(book, wished))
    faults += _valuations(book, figures, wished, priced, harmony)
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


def _rows(book: Book, plan: Tables) -> list[Fault]:
    """Each table has a row for everything it should, and for nothing else."""
    economy = book.economy
    periods = economy["periods"].select("period")
    project, begun = np.nonzero(book.open)
    expected = {
        "runs": economy["techniques"].select("technique").join(periods, how="cross"),
        "deliveries": accounts.in_every_period(economy, "needs"),
        "starts": pl.DataFrame({"project": book.projects.gather(project), "period": begun + 1}),
        "labour_values": economy["products"],
    }
    faults = []
    for name, rows in expected.items():
        key = list(table(PLAN, name).key)
        here, there = plan[name].select(key), rows.select(key)
        if here.equals(there):
            continue
        for more, less, en, zh in (
            (here, there, "is not of the economy", "不属于这份经济数据"),
            (there, here, "is missing", "缺失"),
        ):
            odd = more.join(less, on=key, how="anti")
            if odd.height:
                what = " ".join(str(v) for v in odd.row(0))
                faults.append(Fault(name, None, None, f"{what} {en}", f"{what} {zh}"))
    spot = book.spot(plan["stocks"])
    for wrong, en, zh in (
        (spot < 0, "is not of the economy", "不属于这份经济数据"),
        (~book.storable[spot], "is not storable", "不可储存"),
    ):
        if wrong.any():
            what = plan["stocks"]["product"][int(np.argmax(wrong))]
            faults.append(Fault("stocks", None, None, f"{what} {en}", f"{what} {zh}"))
            break
    return faults


def _deliveries(every: pl.DataFrame, plan: Tables) -> list[Fault]:
    both = plan["deliveries"].join(every, on=["need", "period"], suffix="_asked",
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


def _accounts(book: Book, plan: Figures) -> list[Fault]:
    faults = []
    for name, make in (
        ("use_of_means", accounts.use_of_means),
        ("use_of_labour", accounts.use_of_labour),
        ("use_of_limits", accounts.use_of_limits),
    ):
        declared = table(PLAN, name)
        key = list(declared.key)
        right, here = make(book, plan), plan.tables[name]
        if not here.select(key).equals(right.select(key)):
            right, here = right.sort(key), here.sort(key)
        if not here.select(key).equals(right.select(key)):
            faults.append(
                Fault(name, None, None, "rows differ from the economy's", "行与经济数据不符")
            )
            continue
        for column in declared.columns:
            if column.kind == "number":
                faults += _odd(name, column.name, _differ(here[column.name], right[column.name]))
    return faults


def _values(book: Book, plan: Figures) -> list[Fault]:
    right = pl.Series(hours_per_unit(book, plan.runs.sum(axis=1))).fill_nan(None)
    shown = plan.tables["labour_values"]
    right = right.gather(codes(shown["product"], book.products))
    unlike = shown["hours"].is_null() != right.is_null()
    wrong = unlike | _differ(shown["hours"].fill_null(0.0), right.fill_null(0.0))
    return _odd("labour_values", "hours", wrong)


def _valuations(
    book: Book, plan: Figures, wished: Wishes, prices: Prices, harmony: str
) -> list[Fault]:
    shown = plan.tables["valuations"]
    if shown.is_empty():
        return []
    right = valuations(book, plan, wished, prices, harmony)
    if right is None:
        return [
            Fault(
                "valuations", None, None,
                "has not one row for each thing there is", "并非每个对象各有一行",
            )
        ]  # fmt: skip
    return _odd("valuations", "value", _differ(shown["value"], right))


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
