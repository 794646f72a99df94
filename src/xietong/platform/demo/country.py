"""Founds the demo country: products, enterprises, techniques, means, people and their places."""

import math
from decimal import Decimal

import polars as pl
from django.db import transaction

from xietong.planning import Economy
from xietong.planning.sources.brazil import (
    group_names,
    industry_names,
    product_groups,
    read_supply_use,
    to_economy,
)
from xietong.planning.sources.brazil.assumptions import TRADE_ENTERPRISE
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.needs import actions as needs
from xietong.platform.products import actions as products
from xietong.platform.products.models import Product
from xietong.platform.rounds import actions as rounds

from . import assumptions as assumed
from . import inhabitants, parameters, work_places

DAYS_A_YEAR = 365
REGION = "all"
MONTH = assumed.DAYS_A_ROUND / DAYS_A_YEAR
THOUSANDTH = Decimal("0.001")


@transaction.atomic
def found(scale: int = assumed.SCALE) -> None:
    """Build the country, one person for every `scale` of Brazil's, up to its first round, which
    gathers orders; all or nothing."""
    table = read_supply_use()
    economy = to_economy(table)
    part = assumed.SCALE / scale
    parameters.publish(MONTH)
    _products(economy)
    _enterprises(economy, part)
    inhabitants.settle(table, scale)
    work_places.found()
    _common_needs(economy, part)
    rounds.open_first_round(days=assumed.DAYS_A_ROUND)
    _stocks(economy, part)


def _thousandths(quantity: float) -> Decimal:
    return Decimal(str(quantity)).quantize(THOUSANDTH)


def _products(economy: Economy) -> None:
    household = _household(economy)
    basic = set(
        economy.needs.filter(
            pl.col("need").str.starts_with("household:") & (pl.col("tier") == "basic")
        )["product"]
    )
    products.add_region(REGION, name_en="The whole country", name_zh="全国")
    groups = product_groups()
    for code, name in group_names().items():
        products.add_group(code, name_en=name.en, name_zh=name.zh)
    head_count = assumed.POPULATION / assumed.SCALE
    products.add_products(
        Product(
            code=row["product"],
            name_en=row["name_en"],
            name_zh=row["name_zh"],
            group_id=groups.get(row["product"], "business"),
            unit_en=assumed.UNIT_EN,
            unit_zh=assumed.UNIT_ZH,
            storable=row["storable"],
            loss=Decimal(str(round(row["loss"] * MONTH, 6))),
            mode=_mode(row["product"]),
            quota=math.ceil(
                assumed.QUOTA_PER_MEAN_USE * household[row["product"]] * MONTH / head_count
            )
            if row["product"] in assumed.QUOTA_PRODUCTS
            else None,
            tier=Product.Tier.BASIC if row["product"] in basic else Product.Tier.PERSONAL,
            orderable=row["product"] in household,
        )
        for row in economy.products.iter_rows(named=True)
    )


def _mode(product: str) -> Product.Mode:
    if product in assumed.FREE_PRODUCTS:
        return Product.Mode.FREE
    if product in assumed.QUOTA_PRODUCTS:
        return Product.Mode.QUOTA
    return Product.Mode.CREDITS


def _household(economy: Economy) -> dict[str, float]:
    wanted = economy.needs.filter(pl.col("need").str.starts_with("household:"))
    return dict(wanted.select("product", "target").iter_rows())


def _enterprises(economy: Economy, part: float) -> None:
    enterprises.add_enterprises(
        enterprises.EnterpriseDraft(code=code, region=REGION, name_en=name.en, name_zh=name.zh)
        for code, name in industry_names().items()
    )
    names = {
        row["product"]: (row["name_en"], row["name_zh"])
        for row in economy.products.iter_rows(named=True)
    }
    hours = dict(economy.labour.select("technique", "hours").iter_rows())
    capacity = dict(economy.means.select("means", "available").iter_rows())
    sides = {
        "inputs": _by_technique(economy.inputs),
        "outputs": _by_technique(economy.outputs),
    }
    occupies: dict[str, dict[str, Decimal]] = {}
    for technique, means, quantity in economy.occupies.select(
        "technique", "means", "quantity"
    ).iter_rows():
        occupies.setdefault(technique, {})[means] = Decimal(str(quantity))
    drafts, means_drafts = [], []
    for technique, enterprise, runs in economy.techniques.select(
        "technique", "enterprise", "runs"
    ).iter_rows():
        name_en, name_zh = _technique_name(technique, names)
        means_drafts.append(
            enterprises.MeansDraft(
                code=technique,
                enterprise=enterprise,
                name_en=f"Capacity: {name_en}",
                name_zh=f"{name_zh}能力",
                available=_thousandths(capacity[technique] * part * MONTH),
            )
        )
        drafts.append(
            enterprises.TechniqueDraft(
                code=technique,
                enterprise=enterprise,
                name_en=name_en,
                name_zh=name_zh,
                hours=Decimal(str(hours.get(technique, 0.0) / assumed.SCALE)),
                inputs=sides["inputs"].get(technique, {}),
                outputs=sides["outputs"][technique],
                occupies=occupies[technique],
                usual_runs=Decimal(str(round(runs * part * MONTH, 6))),
            )
        )
    enterprises.add_many_means(means_drafts)
    enterprises.add_techniques(drafts)


def _by_technique(entries: pl.DataFrame) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {}
    for technique, product, quantity in entries.select(
        "technique", "product", "quantity"
    ).iter_rows():
        found.setdefault(technique, {})[product] = Decimal(f"{quantity:.12f}")
    return found


def _technique_name(technique: str, products: dict[str, tuple[str, str]]) -> tuple[str, str]:
    way, _, code = technique.partition(":")
    if way == "industry":
        name = industry_names()[code]
        return name.en, name.zh
    if way == "shift":
        industry, _, product = code.partition(":")
        name, (product_en, product_zh) = industry_names()[industry], products[product]
        return f"{name.en}: more {_uncapped(product_en)}", f"{name.zh}：多产{product_zh}"
    name_en, name_zh = products[code]
    verb_en, verb_zh = {"import": ("Import of", "进口"), "export": ("Export of", "出口")}[way]
    return f"{verb_en} {_uncapped(name_en)}", f"{verb_zh}{name_zh}"


def _uncapped(name: str) -> str:
    return f"{name[0].lower()}{name[1:]}"


def _common_needs(economy: Economy, part: float) -> None:
    titles = {
        "public": ("Public services", "公共服务"),
        "investment": ("Renewal and expansion", "更新与扩建"),
        "inventory": ("Stock building", "增加库存"),
        "abroad": ("Payments abroad", "对外支付"),
    }
    names = {
        row["product"]: (row["name_en"], row["name_zh"])
        for row in economy.products.iter_rows(named=True)
    }
    needs.set_common_needs(
        needs.CommonNeedDraft(
            code=need,
            name_en=f"{titles[kind][0]}: {names[product][0]}",
            name_zh=f"{titles[kind][1]}：{names[product][1]}",
            tier=tier,
            product=product,
            quantity=_thousandths(target * part * MONTH),
            purpose=_purpose(kind, product),
        )
        for need, tier, product, target in economy.needs.select(
            "need", "tier", "product", "target"
        ).iter_rows()
        if (kind := need.partition(":")[0]) != "household"
        and _thousandths(target * part * MONTH) > 0
    )


def _purpose(kind: str, product: str) -> str:
    """The source counts investment gross: what renews and what extends cannot be told apart."""
    if kind == "public":
        return "administration" if product.startswith(assumed.ADMINISTRATION) else "common"
    return {"investment": "means", "inventory": "reserve", "abroad": "abroad"}[kind]


def _stocks(economy: Economy, part: float) -> None:
    keepers = _keepers(economy)
    rows = economy.stocks.select("product", "initial", "final").iter_rows(named=True)
    counted, norms = [], {}
    for row in rows:
        if (initial := _thousandths(row["initial"] * part)) > 0:
            counted.append((keepers[row["product"]], row["product"], initial))
        norms[REGION, row["product"]] = _thousandths(row["final"] * part)
    enterprises.count_opening_stock(
        round_number=1,
        rows=[
            enterprises.Counted(enterprise=keeper, product=product, quantity=quantity)
            for keeper, product, quantity in counted
        ],
    )
    rounds.set_stock_norms(norms)


def _keepers(economy: Economy) -> dict[str, str]:
    """Who keeps a product's stock: the enterprise that makes most of it, or else imports it."""
    makers = (
        economy.outputs.select("technique", "product", "quantity")
        .join(economy.techniques.select("technique", "enterprise"), on="technique")
        .join(economy.means.select("available", technique="means"), on="technique")
        .sort(pl.col("quantity") * pl.col("available"), descending=True)
        .group_by("product", maintain_order=True)
        .first()
    )
    return dict.fromkeys(economy.products["product"], TRADE_ENTERPRISE.value) | dict(
        makers.select("product", "enterprise").iter_rows()
    )
