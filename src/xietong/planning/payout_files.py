"""A round's payout as files: what it follows from, what follows, and a certificate over both.

One zip holds the tables as CSV and `certificate.json`, which names the plan and its economy by
their sha256 and every table by its own. The sha256 of the certificate stands for all of it.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, TypeVar, get_type_hints

from xietong.planning.faults import Fault, PlanningError
from xietong.planning.payout import (
    Allowance,
    CommonUse,
    Good,
    Payout,
    PayoutBasis,
    Price,
    payout,
)

CERTIFICATE = "certificate.json"
TABLES: Mapping[str, type] = {"goods": Good, "common": CommonUse, "allowances": Allowance}
# Columns that payouts of before they came do not have.
LATER: Mapping[str, set[str]] = {"goods": {"by_need"}}
HOUR, ALLOWANCE = "hour", "allowance:"

T = TypeVar("T")


@dataclass(frozen=True)
class PayoutFiles:
    """A payout with what it follows from, packed; `sha256` is its certificate's."""

    basis: PayoutBasis
    payout: Payout
    packed: bytes
    sha256: str


def write_payout(basis: PayoutBasis) -> PayoutFiles:
    """Compute the payout of a round and pack it with its basis, every time into the same bytes.

    Raises what `payout` raises.
    """
    followed = payout(basis)
    head = [f.name for f in fields(PayoutBasis) if f.name not in TABLES]
    files = {
        "round.csv": _csv(head, [[getattr(basis, name) for name in head]]),
        **{
            f"{table}.csv": _csv(
                names := [f.name for f in fields(kind)],
                ([getattr(row, name) for name in names] for row in getattr(basis, table)),
            )
            for table, kind in TABLES.items()
        },
        "prices.csv": _csv(
            ["product", "factor", "amount"],
            ([product, each.factor, each.amount] for product, each in followed.prices.items()),
        ),
        "deductions.csv": _csv(["kind", "thousandths"], followed.deductions.items()),
        "payout.csv": _csv(["what", "thousandths"], _results(followed).items()),
    }
    certificate = json.dumps(
        {
            "round": basis.round,
            "plan_sha256": basis.plan_sha256,
            "economy_sha256": basis.economy_sha256,
            "files": {name: sha256(content).hexdigest() for name, content in files.items()},
        },
        indent=2,
    ).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in {CERTIFICATE: certificate, **files}.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return PayoutFiles(basis, followed, packed.getvalue(), sha256(certificate).hexdigest())


def read_payout(packed: bytes) -> PayoutFiles:
    """Read what `write_payout` has packed, as it stands there; nothing is recomputed.

    Raises PlanningError, which names file, row and column, for what is missing or no number.
    """
    files = _unpacked(packed)
    head = _rows(files, "round", _reader(PayoutBasis, skip=TABLES))
    if len(head) != 1:
        raise PlanningError("round.csv: one row is needed", "round.csv：应当有且只有一行")
    prices = {
        str(row["product"]): Price(row["factor"], row["amount"])
        for row in _rows(files, "prices", {"product": str, "factor": Decimal, "amount": int})
    }
    results = _pairs(files, "payout", "what")
    missing = [name for name in ("cost", "idle", "claimable", HOUR) if name not in results]
    if missing:
        raise PlanningError(
            f"payout.csv: the row {missing[0]!r} is missing",
            f"payout.csv：缺少 {missing[0]!r} 一行",
        )
    return PayoutFiles(
        basis=PayoutBasis(
            **head[0],
            goods=_table(files, "goods", Good),
            common=_table(files, "common", CommonUse),
            allowances=_table(files, "allowances", Allowance),
        ),
        payout=Payout(
            prices=prices,
            deductions=_pairs(files, "deductions", "kind"),
            cost=results["cost"],
            idle=results["idle"],
            claimable=results["claimable"],
            per_hour=results[HOUR],
            allowances={
                what.removeprefix(ALLOWANCE): amount
                for what, amount in results.items()
                if what.startswith(ALLOWANCE)
            },
        ),
        packed=packed,
        sha256=sha256(files[CERTIFICATE]).hexdigest(),
    )


def verify_payout(packed: bytes) -> tuple[Fault, ...]:
    """Return what is wrong with a packed payout; nothing, if every sum and price follows.

    Every price, deduction and rate is computed anew from the basis, and every file compared with
    the certificate. Whether the certificate is the one that was published, only its sha256 tells.

    Raises PlanningError for files that cannot be read.
    """
    given = read_payout(packed)
    followed = payout(given.basis)
    return (
        *_unlike_certificate(_unpacked(packed), given.basis),
        *_differences("prices", _priced(given.payout), _priced(followed)),
        *_differences("deductions", given.payout.deductions, followed.deductions),
        *_differences("payout", _results(given.payout), _results(followed)),
    )


def _results(followed: Payout) -> dict[str, int]:
    return {
        "cost": followed.cost,
        "idle": followed.idle,
        "claimable": followed.claimable,
        HOUR: followed.per_hour,
        **{f"{ALLOWANCE}{ground}": each for ground, each in followed.allowances.items()},
    }


def _priced(followed: Payout) -> dict[str, object]:
    return {
        f"{product} {column}": getattr(price, column)
        for product, price in followed.prices.items()
        for column in ("factor", "amount")
    }


def _differences(
    table: str, given: Mapping[str, object], right: Mapping[str, object]
) -> Iterable[Fault]:
    for name in sorted(given.keys() | right.keys()):
        says, follows = given.get(name), right.get(name)
        if says != follows:
            yield Fault(
                f"{table}.csv",
                None,
                None,
                f"{name} is {_or_missing(says, 'missing')}; {_or_missing(follows, 'nothing')} "
                "follows",
                f"{name} 为{_or_missing(says, '空缺')}，应为{_or_missing(follows, '空缺')}",
            )


def _or_missing(value: object, word: str) -> str:
    return word if value is None else str(value)


def _unlike_certificate(files: Mapping[str, bytes], basis: PayoutBasis) -> Iterable[Fault]:
    try:
        certificate = json.loads(files[CERTIFICATE])
        named = dict(certificate["files"])
        head = {name: certificate[name] for name in ("round", "plan_sha256", "economy_sha256")}
    except (ValueError, KeyError, TypeError):
        yield Fault(CERTIFICATE, None, None, "this is no certificate", "不是有效的证书")
        return
    for name, says in head.items():
        if says != getattr(basis, name):
            yield Fault(
                "round.csv",
                1,
                name,
                f"{getattr(basis, name)} is not the certificate's {says}",
                f"{getattr(basis, name)} 与证书中的 {says} 不符",
            )
    for name, content in files.items():
        if name != CERTIFICATE and sha256(content).hexdigest() != named.get(name):
            yield Fault(
                name,
                None,
                None,
                "this was changed after it was certified",
                "出具证书之后被改动过",
            )


def _csv(head: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(
        [f"{cell:f}" if isinstance(cell, Decimal) else cell for cell in row] for row in rows
    )
    return text.getvalue().encode()


def _unpacked(packed: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as broken:
        raise PlanningError("this is no zip of a payout", "这不是积分核算的压缩包") from broken
    if CERTIFICATE not in files:
        raise PlanningError(f"{CERTIFICATE} is missing", f"缺少 {CERTIFICATE}")
    return files


def _reader(kind: type, skip: Iterable[str] = ()) -> dict[str, type]:
    hints = get_type_hints(kind)
    return {f.name: hints[f.name] for f in fields(kind) if f.name not in skip}


def _table(files: Mapping[str, bytes], table: str, kind: type[T]) -> tuple[T, ...]:
    return tuple(kind(**row) for row in _rows(files, table, _reader(kind)))


def _pairs(files: Mapping[str, bytes], table: str, key: str) -> dict[str, int]:
    rows = _rows(files, table, {key: str, "thousandths": int})
    return {row[key]: row["thousandths"] for row in rows}


def _rows(
    files: Mapping[str, bytes], table: str, columns: Mapping[str, type]
) -> list[dict[str, Any]]:
    name = f"{table}.csv"
    if name not in files:
        raise PlanningError(f"{name} is missing", f"缺少 {name}")
    try:
        read = csv.reader(io.StringIO(files[name].decode()))
        head = next(read, [])
    except UnicodeDecodeError as binary:
        raise PlanningError(f"{name}: this is not text", f"{name}：不是文本文件") from binary
    if set(columns) - set(head) == LATER.get(table):
        columns = {column: kind for column, kind in columns.items() if column in head}
    if head != list(columns):
        raise PlanningError(
            f"{name}: the columns must be {', '.join(columns)}",
            f"{name}：各列应为 {'、'.join(columns)}",
        )
    parsers = [(column, _PARSERS[kind]) for column, kind in columns.items()]
    found = []
    for number, cells in enumerate(read, start=1):
        if len(cells) != len(parsers):
            raise PlanningError(
                f"{name}, row {number}: {len(parsers)} cells are needed",
                f"{name} 第 {number} 行：应有 {len(parsers)} 格",
            )
        row = {}
        for (column, parse), cell in zip(parsers, cells, strict=True):
            try:
                row[column] = parse(cell)
            except (ValueError, InvalidOperation) as wrong:
                raise PlanningError(
                    f"{name}, row {number}, column {column}: {cell!r} is not what belongs there",
                    f"{name} 第 {number} 行 {column} 列：{cell!r} 不合要求",
                ) from wrong
        found.append(row)
    return found


def _truth(cell: str) -> bool:
    if cell not in ("True", "False"):
        raise ValueError(cell)
    return cell == "True"


def _finite(cell: str) -> Decimal:
    number = Decimal(cell)
    if not number.is_finite():
        raise ValueError(cell)
    return number


_PARSERS: Mapping[type, Callable[[str], Any]] = {
    str: str,
    int: int,
    bool: _truth,
    Decimal: _finite,
}
