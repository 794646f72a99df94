"""A plan: its tables, its certificate, and the hashes by which anyone can check it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from xietong.planning import folder
from xietong.planning.audit.certificate import Certificate, StepCertificate, frame
from xietong.planning.audit.verify import seal as seal_of
from xietong.planning.bottlenecks import bottlenecks
from xietong.planning.changes import Changes, changed, told
from xietong.planning.check import typed
from xietong.planning.comparison import Comparison
from xietong.planning.economy import Economy
from xietong.planning.explanation import Explanation, explain
from xietong.planning.faults import EconomyError, Fault, Language, PlanningError
from xietong.planning.format import PLAN, TIERS
from xietong.planning.plot import Plots
from xietong.planning.stages import contents_of
from xietong.planning.summary import page, summary
from xietong.planning.terms import MET

if TYPE_CHECKING:
    import pandas

    from xietong.planning.planner import Progress

ALGORITHM = "3"  # raised whenever the same economy may give another plan or certificate
CERTIFICATE = "certificate.json"


class Plan:
    """What is made, where and when, and what everyone gets; each table is an attribute.

    The tables and their columns are those of `PLAN`: `runs`, `deliveries`, `stocks`, `starts`,
    `prices`, `valuations`, `contents`, `labour_values`, `use_of_means`, `use_of_labour`,
    `use_of_limits`, `running`. `certificate` proves how good it is; `economy` is the sha256 of
    the inputs, `made_from` the economy itself where it is known, `algorithm` the version that
    made it, `digests` the sha256 of each table and `seal` that of the certificate with all of
    these.
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
        for name, table in self.tables.items():
            setattr(self, name, table)
        self.certificate = certificate
        self.economy = economy
        self.title = title
        self.made_from = made_from
        self.algorithm = algorithm
        self.digests = dict(
            digests
            if digests is not None
            else {
                declared.name: folder.digest(declared, self.tables[declared.name])
                for declared in PLAN
            }
        )
        self.seal = seal if seal is not None else seal_of(self._statement())

    @classmethod
    def read(cls, path: str | Path, economy: Economy | None = None) -> "Plan":
        """Return the plan in the folder `path` as it stands there; `verify` says if it is sound.

        With `economy`, the plan knows what it was made from.

        Raises EconomyError, naming every fault, if it cannot be read; PlanningError if it was
        made from another economy.
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
        if economy is not None and inputs != economy.sha256:
            raise PlanningError(
                f"{path}: the plan was made from another economy",
                f"{path}：这份计划并非由这份经济数据得出",
            )
        return cls(
            tables, certificate, economy=inputs, title=str(package.get("title", "")),
            algorithm=algorithm, digests=digests, seal=seal, made_from=economy,
        )  # fmt: skip

    def write(self, path: str | Path) -> None:
        """Write the tables and `certificate.json` as a data package into the folder `path`.

        Raises OSError if it cannot be written, and then leaves nothing half-written.
        """
        folder.write(
            Path(path), PLAN, self.tables, title=self.title, metadata={},
            extra={CERTIFICATE: {**self._statement(), "seal": self.seal}},
        )  # fmt: skip

    def with_changes(
        self,
        *,
        weights: Changes | None = None,
        targets: Changes | None = None,
        hours: Changes | None = None,
        means: Changes | None = None,
        limits: Changes | None = None,
        stocks: Changes | None = None,
        harmony: str | None = None,
        tolerance: float | None = None,
        time_limit: float | None = None,
        progress: "Callable[[Progress], None] | None" = None,
    ) -> Comparison:
        """Plan again with something changed, and return the new plan beside this one.

        Each argument maps ids to what they become: an amount in the unit of its table, or a share
        of what it was, such as `"90%"`. A thing that several regions have is named with one of
        them, `("nurse", "north")`, unless a share is given. Departing from this plan costs a
        little, so that what differs, differs for a reason.

        Args:
            weights: of needs.
            targets: of needs, units per period.
            hours: that people of a skill offer, per period.
            means: capacity there is, per period; 0 is a means lost.
            limits: amounts allowed, per period.
            stocks: of products, when period 1 opens.
            harmony: `segments` or `smooth`; by itself that of this plan.
            tolerance, time_limit, progress: as in `plan`.

        Raises:
            EconomyError: naming every id that is not there and every amount that is none.
            ContradictionError, PlanningError: as `plan` does, and PlanningError if it is not known
                what economy this plan was made from.
        """
        from xietong.planning.planner import plan  # which makes these plans

        economy = self.origin()
        asked = {
            name: changes
            for name, changes in (
                ("weights", weights), ("targets", targets), ("hours", hours), ("means", means),
                ("limits", limits), ("stocks", stocks),
            )
            if changes
        }  # fmt: skip
        other = changed(economy, asked)
        again = plan(
            other, start=self, harmony=harmony or self.certificate.harmony, tolerance=tolerance,
            time_limit=time_limit, progress=progress,
        )  # fmt: skip
        why: dict[Language, str] = {
            "en": told(asked, "en") or "Nothing is changed",
            "zh": told(asked, "zh") or "没有改动",
        }
        return Comparison(self, again, other, why)

    def origin(self) -> Economy:
        """Return the economy that this plan was made from.

        Raises PlanningError if it is not known: a plan that was read is told with `Plan.read`.
        """
        if self.made_from is None:
            raise PlanningError(
                "this plan does not know its economy: Plan.read(folder, economy) tells it",
                "这份计划不知道自己由哪份经济数据得出：请用 Plan.read(文件夹, 经济数据) 告知",
            )
        return self.made_from

    def explain(self, need: str) -> Explanation:
        """Return why `need` is met or cut.

        A plan too large to keep what each product takes works it out for this one; it has to know
        its economy for that.

        Raises PlanningError if the plan has no such need, or no valuations.
        """
        tables = self.tables
        if self.contents.is_empty() and self.valuations.height and self.made_from is not None:
            tables = {**tables, "contents": contents_of(self, self.made_from, need)}
        products = None if self.made_from is None else self.made_from.products
        return explain(tables, need, products)

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

    @property
    def plot(self) -> Plots:
        """The pictures of the plan, as Altair charts.

        `plot.needs()`: how far each need is met; `plot.bottlenecks()`: the scarce things;
        `plot.flows()`: where the hours go (Sankey); `plot.prices()`: valuations beside labour
        values. Each takes a `language` and the `most` rows to show.
        """
        return Plots(self)

    def bottlenecks(self) -> pl.DataFrame:
        """Return the skills, means and limits of which one more unit would save labour.

        Columns: `kind, id, region, period, available, used, valuation, rent`: one more unit would
        save `valuation` hours, all that is `available` saves `rent` hours; the greatest first.
        """
        return bottlenecks(self.tables)

    def to_pandas(self) -> "dict[str, pandas.DataFrame]":
        """Return the tables as pandas frames, by name.

        Raises PlanningError if pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise PlanningError(
                'this needs pandas: pip install "xietong[pandas]"',
                '这需要 pandas：pip install "xietong[pandas]"',
            ) from None
        return {
            name: pandas.DataFrame({column.name: column.to_numpy() for column in table})
            for name, table in self.tables.items()
        }

    def summary(self, language: Language = "en") -> str:
        """Return the plan on one page, in English (`en`) or Chinese (`zh`)."""
        return summary(self, language)

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        c = self.certificate
        title = (
            f"{self.title or 'Plan'}: shortage {c.shortage:.1e}, gap {c.gap:.1e} in step {c.step}"
        )
        return page(title, [self.met(), frame(c), self.bottlenecks().head(10)])

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
        harmony=str(statement["harmony"]),
    )
