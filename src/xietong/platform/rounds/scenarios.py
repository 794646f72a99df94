"""The scenarios people choose between, and what is kept of each plan."""

import io
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import polars as pl

from xietong.planning import Economy, Plan, labour_values, plan
from xietong.platform.record import queries as record

from .economy import Basis, hours_a_person
from .models import Scenario, ScenarioNeed, ScenarioOutlook, ScenarioProduct, ScenarioTask
from .tiers import Tier
from .wording import Names, names, why_cut

NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class Choice:
    """What sets one scenario apart from the others, in words and in hours."""

    key: str
    name_en: str
    name_zh: str
    about_en: str
    about_zh: str
    hours_a_person: Decimal


def choices() -> list[Choice]:
    """More goods for the hours people offer now, or more free time for fewer goods."""
    full = hours_a_person()
    short = (full * (1 - record.parameter("leisure_share"))).quantize(Decimal("0.1"))
    return [
        Choice(
            key="goods",
            name_en="More goods",
            name_zh="多一些产品",
            about_en=f"Everyone who works offers {full:.0f} hours; the plan meets as many needs "
            "as those hours can.",
            about_zh=f"每位劳动者提供{full:.0f}小时，用这些劳动时间尽量多地满足需求。",
            hours_a_person=full,
        ),
        Choice(
            key="leisure",
            name_en="More free time",
            name_zh="多一些闲暇",
            about_en=f"Everyone who works offers {short:.0f} hours, {full - short:.0f} fewer; "
            "basic needs come first, renewal and some wishes wait.",
            about_zh=f"每位劳动者提供{short:.0f}小时，少{full - short:.0f}小时；"
            "先保基本需求，更新改造和部分愿望往后放。",
            hours_a_person=short,
        ),
    ]


@dataclass(frozen=True)
class Flow:
    """Where a product comes from and goes to in a plan, in units; `value` is hours of labour."""

    product: str
    opening: float
    made: float
    used: float
    delivered: float
    closing: float
    value: float


def draft(basis: Basis, choice: Choice) -> Scenario:
    """Plan one scenario and keep the plan with its files, needs, tasks and products."""
    economy = basis.economy(choice.hours_a_person)
    drawn = plan(economy)
    economy_zip, plan_zip = _zipped(economy), _zipped(drawn)
    runs = runs_now(drawn)
    values = dict(labour_values(economy, runs).iter_rows())
    tasks = tasks_of(economy, runs)
    scenario = Scenario.objects.create(
        round=basis.round,
        key=choice.key,
        name_en=choice.name_en,
        name_zh=choice.name_zh,
        about_en=choice.about_en,
        about_zh=choice.about_zh,
        workers=sum(basis.workers.values()),
        hours_offered=basis.hours(choice.hours_a_person),
        hours_planned=hours_of(tasks),
        shortage=drawn.certificate.shortage,
        objective=drawn.certificate.objective,
        bound=drawn.certificate.bound,
        gap=drawn.certificate.gap,
        economy_sha256=economy.sha256,
        plan_sha256=sha256(plan_zip).hexdigest(),
        economy=economy_zip,
        plan=plan_zip,
    )
    ScenarioTask.objects.bulk_create(
        ScenarioTask(scenario=scenario, technique_id=technique, runs=runs, hours=hours)
        for technique, (runs, hours) in tasks.items()
    )
    ScenarioNeed.objects.bulk_create(_needs(scenario, drawn, values))
    ScenarioProduct.objects.bulk_create(
        ScenarioProduct(scenario=scenario, product_id=flow.product, **_columns(flow))
        for flow in flows(economy, drawn, runs, values)
    )
    ScenarioOutlook.objects.bulk_create(_outlook(scenario, drawn, values))
    return scenario


def runs_now(drawn: Plan) -> pl.DataFrame:
    """Of the rounds planned at once, the first is carried out; the others are an outlook."""
    return drawn.runs.filter(pl.col("period") == 1)


def hours_of(tasks: Mapping[str, tuple[float, float]]) -> Decimal:
    """All hours of work in these tasks."""
    return _thousandths(sum(hours for _, hours in tasks.values()))


def tasks_of(economy: Economy, runs: pl.DataFrame) -> dict[str, tuple[float, float]]:
    """By technique: how often it is run, and the hours of that."""
    hours = economy.labour.group_by("technique").agg(pl.col("hours").sum())
    rows = (
        runs.filter(pl.col("runs") > NEGLIGIBLE)
        .join(hours, on="technique", how="left")
        .sort("technique")
    )
    return {
        technique: (runs, runs * (per_run or 0.0))
        for technique, runs, per_run in rows.select("technique", "runs", "hours").iter_rows()
    }


def _needs(scenario: Scenario, drawn: Plan, values: Mapping[str, float]) -> list[ScenarioNeed]:
    now = drawn.deliveries.filter(pl.col("period") == 1)
    called = names()
    return [
        ScenarioNeed(
            scenario=scenario,
            need=need,
            tier=tier,
            product_id=product,
            target=target,
            delivered=min(delivered, target),
            hours=values[product],
            **_why(drawn, need, target, delivered, called),
        )
        for need, tier, product, target, delivered in now.select(
            "need", "tier", "product", "target", "delivered"
        ).iter_rows()
    ]


def _why(
    drawn: Plan, need: str, target: float, delivered: float, called: Names
) -> Mapping[str, str]:
    if delivered >= target * (1 - NEGLIGIBLE):
        return {"why_en": "", "why_zh": ""}
    en, zh = why_cut(drawn.explain(need), called)
    return {"why_en": en, "why_zh": zh}


def _columns(flow: Flow) -> dict[str, float]:
    return {name: value for name, value in asdict(flow).items() if name != "product"}


def flows(
    economy: Economy, drawn: Plan, runs: pl.DataFrame, values: Mapping[str, float]
) -> list[Flow]:
    """The flow of each product in the round that is carried out; `values` are labour values."""

    def by_runs(coefficients: pl.DataFrame) -> dict[str, float]:
        return dict(
            coefficients.join(runs, on="technique")
            .group_by("product")
            .agg((pl.col("quantity") * pl.col("runs")).sum())
            .iter_rows()
        )

    def by_product(rows: pl.DataFrame, column: str) -> dict[str, float]:
        return dict(rows.group_by("product").agg(pl.col(column).sum()).iter_rows())

    now = drawn.deliveries.filter(pl.col("period") == 1)
    restock = pl.col("need").str.starts_with("restock:")
    made, used = by_runs(economy.outputs), by_runs(economy.inputs)
    delivered = by_product(now.filter(~restock), "delivered")
    restocked = by_product(now.filter(restock), "delivered")
    opening = by_product(economy.stocks, "initial")
    closing = by_product(drawn.stocks.filter(pl.col("period") == 1), "stock")
    return [
        Flow(
            product=product,
            opening=opening.get(product, 0.0),
            made=made.get(product, 0.0),
            used=used.get(product, 0.0),
            delivered=delivered.get(product, 0.0),
            closing=closing.get(product, 0.0) + restocked.get(product, 0.0),
            value=values[product],
        )
        for product in economy.products["product"]
    ]


def _outlook(scenario: Scenario, drawn: Plan, values: Mapping[str, float]) -> list[ScenarioOutlook]:
    """What the later rounds of the plan would bring: hours, and the share of each tier met."""
    later = drawn.deliveries.filter(pl.col("period") > 1).with_columns(
        hours=pl.col("product").replace_strict(values, return_dtype=pl.Float64)
    )
    wanted, met = ((pl.col(column) * pl.col("hours")).sum() for column in ("target", "delivered"))
    shares = {
        (period, tier): met / wanted if wanted else 1.0
        for period, tier, met, wanted in later.group_by("period", "tier")
        .agg(met=met, wanted=wanted)
        .iter_rows()
    }
    hours = drawn.use_of_labour.group_by("period").agg(pl.col("used").sum())
    return [
        ScenarioOutlook(
            scenario=scenario,
            ahead=period - 1,
            hours_planned=_thousandths(worked),
            **{tier.value: shares.get((period, tier.value)) for tier in Tier},
        )
        for period, worked in hours.filter(pl.col("period") > 1).sort("period").iter_rows()
    ]


def _thousandths(hours: float) -> Decimal:
    return Decimal(str(round(hours, 3)))


def unzipped(scenario: Scenario) -> Plan:
    """The plan of a scenario as it was kept; it knows its economy."""
    with tempfile.TemporaryDirectory() as place:
        for name in ("economy", "plan"):
            with zipfile.ZipFile(io.BytesIO(bytes(getattr(scenario, name)))) as archive:
                archive.extractall(Path(place) / name)
        return Plan.read(Path(place) / "plan", Economy.read(Path(place) / "economy"))


def _zipped(folder_like: Economy | Plan) -> bytes:
    """The files that `write` makes, as one zip whose bytes depend on nothing but their content."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(packed, "w") as archive:
        folder_like.write(Path(place) / "files")
        for file in sorted((Path(place) / "files").rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(str(file.relative_to(Path(place) / "files")))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes())
    return packed.getvalue()
