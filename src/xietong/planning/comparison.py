"""What differs between two plans of the same people, need by need and hour by hour."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from xietong.planning.economy import Economy
from xietong.planning.faults import Language
from xietong.planning.wording import STEPS_ZH, TIERS_ZH, few, names

if TYPE_CHECKING:
    from xietong.planning.result import Plan

LISTED = 5  # needs named on each side
NOTABLE = 1e-6  # of a target: less is no difference


@dataclass(frozen=True, repr=False)
class Comparison:
    """A `plan` beside the one `before`: what people gain and give up, in labelled tables.

    `economy` is that of `plan`; `why` says in English and Chinese what makes the difference. In
    every table `before` and `after` are the figures of the two plans and `difference` is after −
    before; what one of the economies does not have counts as 0. Figures are per period, as in the
    plans: needs in units, labour in hours, means and limits in their own units, steps in shares.
    """

    before: "Plan"
    plan: "Plan"
    economy: Economy
    why: Mapping[Language, str]

    @cached_property
    def needs(self) -> pl.DataFrame:
        """Columns `need, tier, product, region, period, value, target_before, target_after,
        before, after, difference`: units delivered; `value` is in hours a unit."""
        key = ["need", "tier", "product", "region", "period"]
        value = pl.concat([p.deliveries.select(*key, "value") for p in (self.plan, self.before)])
        both = self._both("deliveries", key, "delivered", "target")
        return both.join(
            value.unique(key, keep="first"), on=key, how="left", maintain_order="left"
        ).select(*key, "value", "target_before", "target_after", "before", "after", "difference")

    @cached_property
    def hours(self) -> pl.DataFrame:
        """Columns `region, skill, period, offered_before, offered_after, before, after,
        difference`: hours worked."""
        return self._both("use_of_labour", ["region", "skill", "period"], "used", "offered")

    @cached_property
    def means(self) -> pl.DataFrame:
        """Columns `means, region, period, available_before, available_after, before, after,
        difference`: capacity used."""
        return self._both("use_of_means", ["means", "region", "period"], "used", "available")

    @cached_property
    def limits(self) -> pl.DataFrame:
        """Columns `limit, period, amount_before, amount_after, before, after, difference`."""
        return self._both("use_of_limits", ["limit", "period"], "used", "amount")

    @cached_property
    def steps(self) -> pl.DataFrame:
        """Columns `step, before, after, difference`: what is reached in each step, as shares."""
        frames = [
            pl.DataFrame(
                [(s.step, s.objective) for s in p.certificate.steps],
                schema={"step": pl.String, name: pl.Float64}, orient="row",
            )
            for name, p in (("before", self.before), ("after", self.plan))
        ]  # fmt: skip
        return frames[0].join(
            frames[1], on="step", how="full", coalesce=True, maintain_order="right_left"
        ).with_columns(difference=pl.col("after") - pl.col("before"))  # fmt: skip

    def text(self, language: Language = "en") -> str:
        """Return the comparison in English (`en`) or Chinese (`zh`), a few lines."""
        return "\n".join(_zh(self) if language == "zh" else _en(self))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Comparison: {self.why['en']}>"

    def _repr_html_(self) -> str:
        from xietong.planning.summary import page

        return page(self.why["en"], [self.steps, self.changed_needs.drop("value"), self.hours])

    @property
    def changed_needs(self) -> pl.DataFrame:
        """The rows of `needs` that differ, the most hours' worth first."""
        size = pl.max_horizontal("target_before", "target_after")
        return (
            self.needs.filter(pl.col("difference").abs() > NOTABLE * size)
            .sort((pl.col("difference") * pl.col("value")).abs(), descending=True,
                  maintain_order=True)
        )  # fmt: skip

    def _both(self, table: str, key: list[str], figure: str, there: str) -> pl.DataFrame:
        parts = [
            p.tables[table].select(*key, pl.col(there).alias(f"{there}_{when}"),
                                   pl.col(figure).alias(when))
            for p, when in ((self.before, "before"), (self.plan, "after"))
        ]  # fmt: skip
        names = [f"{there}_before", f"{there}_after", "before", "after"]
        return (
            parts[0].join(parts[1], on=key, how="full", coalesce=True, maintain_order="left_right")
            .with_columns(pl.col(names).fill_null(0.0))
            .select(*key, *names, difference=pl.col("after") - pl.col("before"))
        )  # fmt: skip


def _sides(comparison: Comparison) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """The needs that gain most and those that lose most, and how many more differ."""
    differ = comparison.changed_needs
    gains = differ.filter(pl.col("difference") > 0).head(LISTED)
    losses = differ.filter(pl.col("difference") < 0).head(LISTED)
    return gains.to_dicts(), losses.to_dicts(), differ.height - gains.height - losses.height


def _en(comparison: Comparison) -> list[str]:
    periods = comparison.needs["period"].n_unique() > 1
    called = names(comparison.economy.products)["en"]
    lines = [f"{comparison.why['en']}:"]
    for step, before, after, _ in comparison.steps.iter_rows():
        lines.append(f"  {step:9} {_percent(before)} → {_percent(after)}")
    before, after = (float(comparison.hours[when].sum()) for when in ("before", "after"))
    lines.append(f"  {'hours':9} {few(before, 6)} → {few(after, 6)}")
    gains, losses, more = _sides(comparison)
    for head, rows in (("More of", gains), ("Less of", losses)):
        if rows:
            lines.append(f"{head}:")
        for row in rows:
            when = f", period {row['period']}" if periods else ""
            product = called.get(row["product"], row["product"])
            lines.append(
                f"  {row['need']} ({row['tier']}; {product}{when}): "
                f"{few(row['before'], 6)} → {few(row['after'], 6)}"
            )
    if more:
        lines.append(f"{more} more needs differ by less.")
    if not gains and not losses:
        lines.append("Every need gets what it got before.")
    return lines


def _zh(comparison: Comparison) -> list[str]:
    periods = comparison.needs["period"].n_unique() > 1
    called = names(comparison.economy.products)["zh"]
    lines = [f"{comparison.why['zh']}："]
    for step, before, after, _ in comparison.steps.iter_rows():
        lines.append(f"  {STEPS_ZH[step]}：{_percent(before)} → {_percent(after)}")
    before, after = (float(comparison.hours[when].sum()) for when in ("before", "after"))
    lines.append(f"  总工时：{few(before, 6)} → {few(after, 6)}")
    gains, losses, more = _sides(comparison)
    for head, rows in (("增加", gains), ("减少", losses)):
        if rows:
            lines.append(f"{head}：")
        for row in rows:
            when = f"，第 {row['period']} 期" if periods else ""
            product = called.get(row["product"], row["product"])
            lines.append(
                f"  {row['need']}（{TIERS_ZH[row['tier']]}需求；{product}{when}）："
                f"{few(row['before'], 6)} → {few(row['after'], 6)}"
            )
    if more:
        lines.append(f"另有 {more} 项需求变化较小。")
    if not gains and not losses:
        lines.append("各项需求所得与之前相同。")
    return lines


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.2%}"
