"""A plan: its tables, its certificate, and the hashes by which anyone can check it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from xietong.planning import folder
from xietong.planning.audit.certificate import Certificate, StepCertificate
from xietong.planning.audit.verify import seal as seal_of
from xietong.planning.check import typed
from xietong.planning.economy import Economy
from xietong.planning.explanation import Explanation, explain
from xietong.planning.faults import EconomyError, Fault
from xietong.planning.format import PLAN, TIERS
from xietong.planning.terms import MET

ALGORITHM = "2"  # raised whenever the same economy may give another plan or certificate
CERTIFICATE = "certificate.json"


class Plan:
    """What is made, where and when, and what everyone gets; each table is an attribute.

    The tables and their columns are those of `PLAN`: `runs`, `deliveries`, `stocks`, `starts`,
    `prices`, `valuations`, `contents`, `labour_values`, `use_of_means`, `use_of_labour`,
    `use_of_limits`, `running`. `certificate` proves how good it is; `economy` is the sha256 of
    the inputs, `algorithm` the version that made it, `digests` the sha256 of each table and
    `seal` that of the certificate with all of these.
    """

    runs: pl.DataFrame
    deliveries: pl.DataFrame
    stocks: pl.DataFrame
    starts: pl.DataFrame
    prices: pl.DataFrame
    valuations: pl.DataFrame
    contents: pl.DataFrame
    labour_values: pl.DataFrame
    use_of_means: pl.DataFrame
    use_of_labour: pl.DataFrame
    use_of_limits: pl.DataFrame
    running: pl.DataFrame

    def __init__(
        self,
        tables: Mapping[str, pl.DataFrame],
        certificate: Certificate,
        *,
        economy: str,
        title: str = "",
        algorithm: str = ALGORITHM,
        digests: Mapping[str, str] | None = None,
        seal: str | None = None,
        made_from: Economy | None = None,
    ) -> None:
        self.tables = dict(tables)
        for name, frame in self.tables.items():
            setattr(self, name, frame)
        self.certificate = certificate
        self.economy = economy
        self.title = title
        self.made_from = made_from
        self.algorithm = algorithm
        self.digests = dict(
            digests
            if digests is not None
            else {table.name: folder.digest(table, self.tables[table.name]) for table in PLAN}
        )
        self.seal = seal if seal is not None else seal_of(self._statement())

    @classmethod
    def read(cls, path: str | Path) -> "Plan":
        """Return the plan in the folder `path` as it stands there; `verify` says if it is sound.

        Raises EconomyError, naming every fault, if it cannot be read.
        """
        path = Path(path)
        found, package, faults = folder.read(path, PLAN)
        tables: dict[str, pl.DataFrame] = {}
        for declared in PLAN:
            if declared.name not in found:
                if path.is_dir():
                    faults.append(
                        Fault(
                            declared.name, None, None,
                            f"missing table: {declared.en}", f"缺少此表：{declared.zh}",
                        )
                    )  # fmt: skip
                continue
            tables[declared.name], wrong = typed(declared, found[declared.name])
            faults += wrong
        statement: dict[str, Any] = {}
        try:
            statement = json.loads((path / CERTIFICATE).read_text(encoding="utf-8"))
            certificate = _certificate(statement)
            inputs = statement["inputs"]
            algorithm, digests, seal = (statement[k] for k in ("algorithm", "tables", "seal"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            if path.is_dir():
                faults.append(
                    Fault(
                        CERTIFICATE, None, None,
                        f"cannot be read: {error}", f"无法读取：{error}",
                    )
                )  # fmt: skip
        if faults:
            raise EconomyError(faults)
        return cls(
            tables, certificate, economy=inputs, title=str(package.get("title", "")),
            algorithm=algorithm, digests=digests, seal=seal,
        )  # fmt: skip

    def write(self, path: str | Path) -> None:
        """Write the tables and `certificate.json` as a data package into the folder `path`.

        Raises OSError if it cannot be written, and then leaves nothing half-written.
        """
        folder.write(
            Path(path), PLAN, self.tables, title=self.title, metadata={},
            extra={CERTIFICATE: {**self._statement(), "seal": self.seal}},
        )  # fmt: skip

    def explain(self, need: str) -> Explanation:
        """Return why `need` is met or cut; raise PlanningError if the plan has no such need."""
        return explain(self.tables, need)

    def met(self) -> pl.DataFrame:
        """Return by tier how many needs there are, how many are met, and the worst-met share.

        A need counts as met from 99.9999 % of its target on.
        """
        order = pl.col("tier").replace_strict({t: k for k, t in enumerate(TIERS)})
        return (
            self.deliveries.group_by("tier")
            .agg(
                needs=pl.len(),
                met=(pl.col("share") >= MET).sum(),
                worst=pl.col("share").min(),
                mean=pl.col("share").mean(),
            )
            .sort(order)
        )

    def _statement(self) -> dict[str, Any]:
        return {
            **asdict(self.certificate),
            "algorithm": self.algorithm,
            "inputs": self.economy,
            "tables": self.digests,
        }

    def __repr__(self) -> str:
        c = self.certificate
        tiers = "; ".join(
            f"{tier} {met}/{needs} met, worst {worst:.1%}"
            for tier, needs, met, worst, _ in self.met().iter_rows()
        )
        return (
            f"<Plan {self.title!r}: {tiers}; shortage {c.shortage:.1e}, gap {c.gap:.1e} "
            f"in step {c.step}>"
        )


def _certificate(statement: Mapping[str, Any]) -> Certificate:
    return Certificate(
        shortage=float(statement["shortage"]),
        step=str(statement["step"]),
        objective=float(statement["objective"]),
        bound=float(statement["bound"]),
        gap=float(statement["gap"]),
        steps=tuple(
            StepCertificate(
                str(s["step"]), float(s["objective"]), float(s["bound"]), float(s["gap"])
            )
            for s in statement["steps"]
        ),
        shortages={str(k): float(v) for k, v in statement["shortages"].items()},
        valuation=None if statement["valuation"] is None else float(statement["valuation"]),
    )
