"""The scenarios people choose between, and what is kept of each plan."""

import io
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import polars as pl

from xietong.planning import Economy, Plan, plan
from xietong.platform.record import queries as record

from .economy import Basis, hours_a_person
from .models import Scenario, ScenarioNeed, ScenarioProduct, ScenarioTask
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


def draft(basis: Basis, choice: Choice) -> Scenario:
    """Plan one scenario and keep the plan with its files, needs, tasks and products."""
    economy = basis.economy(choice.hours_a_person)
    drawn = plan(economy)
    economy_zip, plan_zip = _zipped(economy), _zipped(drawn)
    tasks = _tasks(economy, drawn)
    scenario = Scenario.objects.create(
        round=basis.round,
        key=choice.key,
        name_en=choice.name_en,
        name_zh=choice.name_zh,
        about_en=choice.about_en,
        about_zh=choice.about_zh,
        workers=sum(basis.workers.values()),
        hours_offered=basis.hours(choice.hours_a_person),
        hours_planned=Decimal(str(round(sum(hours for _, hours in tasks.values()), 3))),
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
    ScenarioNeed.objects.bulk_create(_needs(scenario, economy, drawn))
    ScenarioProduct.objects.bulk_create(_products(scenario, economy, drawn))
    return scenario


def _tasks(economy: Economy, drawn: Plan) -> dict[str, tuple[float, float]]:
    hours = economy.labour.group_by("technique").agg(pl.col("hours").sum())
    rows = (
        drawn.runs.group_by("technique")
        .agg(pl.col("runs").sum())
        .filter(pl.col("runs") > NEGLIGIBLE)
        .join(hours, on="technique", how="left")
        .sort("technique")
    )
    return {
        technique: (runs, runs * (per_run or 0.0))
        for technique, runs, per_run in rows.select("technique", "runs", "hours").iter_rows()
    }


def _needs(scenario: Scenario, economy: Economy, drawn: Plan) -> list[ScenarioNeed]:
    values = dict(drawn.labour_values.select("product", "hours").iter_rows())
    rows = drawn.deliveries.select("need", "tier", "product", "target", "delivered")
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
        for need, tier, product, target, delivered in rows.iter_rows()
    ]


def _why(
    drawn: Plan, need: str, target: float, delivered: float, called: Names
) -> Mapping[str, str]:
    if delivered >= target * (1 - NEGLIGIBLE):
        return {"why_en": "", "why_zh": ""}
    en, zh = why_cut(drawn.explain(need), called)
    return {"why_en": en, "why_zh": zh}


def _products(scenario: Scenario, economy: Economy, drawn: Plan) -> list[ScenarioProduct]:
    runs = drawn.runs.group_by("technique").agg(pl.col("runs").sum())

    def flow(coefficients: pl.DataFrame) -> dict[str, float]:
        return dict(
            coefficients.join(runs, on="technique")
            .group_by("product")
            .agg((pl.col("quantity") * pl.col("runs")).sum())
            .iter_rows()
        )

    made, used = flow(economy.outputs), flow(economy.inputs)
    delivered = dict(
        drawn.deliveries.filter(~pl.col("need").str.starts_with("restock:"))
        .group_by("product")
        .agg(pl.col("delivered").sum())
        .iter_rows()
    )
    restocked = dict(
        drawn.deliveries.filter(pl.col("need").str.starts_with("restock:"))
        .group_by("product")
        .agg(pl.col("delivered").sum())
        .iter_rows()
    )
    opening = dict(economy.stocks.group_by("product").agg(pl.col("initial").sum()).iter_rows())
    closing = dict(drawn.stocks.group_by("product").agg(pl.col("stock").sum()).iter_rows())
    values = dict(drawn.labour_values.select("product", "hours").iter_rows())
    return [
        ScenarioProduct(
            scenario=scenario,
            product_id=product,
            opening=opening.get(product, 0.0),
            made=made.get(product, 0.0),
            used=used.get(product, 0.0),
            delivered=delivered.get(product, 0.0),
            closing=closing.get(product, 0.0) + restocked.get(product, 0.0),
            value=values[product],
        )
        for product in economy.products["product"]
    ]


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
