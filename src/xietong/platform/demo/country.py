"""Founds the demo country: products, enterprises, techniques, means, people and their places."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle

import numpy as np
import polars as pl
from django.db import transaction

from xietong.planning import Economy
from xietong.planning.sources.brazil import (
    SupplyUse,
    group_names,
    industry_names,
    product_groups,
    read_supply_use,
    to_economy,
)
from xietong.planning.sources.brazil.assumptions import (
    TRADE_ENTERPRISE,
    UNEMPLOYMENT,
    WEEKLY_HOURS,
    WORKING_WEEKS,
)
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.needs import actions as needs
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Ground, Person
from xietong.platform.products import actions as products
from xietong.platform.products.models import Product
from xietong.platform.record import actions as record
from xietong.platform.rounds import actions as rounds

from . import assumptions as assumed
from .names import FAMILY, GIVEN

DAYS_A_YEAR = 365
REGION = "all"
MONTH = assumed.DAYS_A_ROUND / DAYS_A_YEAR
THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True)
class SignIn:
    """Somebody whom a visitor can be: told with the password when the demo starts."""

    username: str
    name: str
    industry: str | None
    ground: Ground
    manages: bool
    about_en: str
    about_zh: str


SIGN_INS = (
    SignIn("ana", "Ana Souza", "1093", Ground.WORK, False, "makes food", "食品厂工人"),
    SignIn("bruno", "Bruno Lima", "1093", Ground.WORK, True, "manages there", "同厂管理人员"),
    SignIn("celia", "Célia Rocha", None, Ground.PENSION, False, "is retired", "退休"),
    SignIn("davi", "Davi Nunes", None, Ground.STUDY, False, "studies", "学生"),
    SignIn("elisa", "Elisa Costa", "8400", Ground.WORK, False, "planning duty", "担任计划值勤"),
)


@transaction.atomic
def found(scale: int = assumed.SCALE) -> None:
    """Build the country, one person for every `scale` of Brazil's, up to its first round, which
    gathers orders; all or nothing."""
    table = read_supply_use()
    economy = to_economy(table)
    part = assumed.SCALE / scale
    _parameters()
    _products(economy)
    _enterprises(economy, part)
    _people(table, scale)
    _homes()
    _common_needs(economy, part)
    rounds.open_first_round(days=assumed.DAYS_A_ROUND)
    _stocks(economy, part)


def _thousandths(quantity: float) -> Decimal:
    return Decimal(str(quantity)).quantize(THOUSANDTH)


def _parameters() -> None:
    hours = WEEKLY_HOURS.value * WORKING_WEEKS.value * MONTH
    for code, value, low, high, name_en, name_zh, unit_en, unit_zh in (
        (
            *("hours_a_person", Decimal(str(round(hours, 1))), Decimal(40), Decimal(200)),
            *("Hours a worker offers in a round", "每位劳动者每轮提供的工时", "hours", "小时"),
        ),
        (
            *("leisure_share", assumed.LEISURE_SHARE, Decimal("0.01"), Decimal("0.5")),
            *(
                "How much less work the scenario with more free time asks",
                "“多一些闲暇”方案减少的工时比例",
            ),
            *("share of hours", "占工时的比例"),
        ),
        (
            *("line_hours_minimum", assumed.LINE_MINIMUM, Decimal(0), Decimal(1)),
            *("Hours on the line asked of managers", "管理人员参加生产劳动的最低要求"),
            *("share of their hours", "占其工时的比例"),
        ),
        (
            *("price_band", assumed.PRICE_BAND, Decimal(0), Decimal("0.5")),
            *("How far scarcity may move prices", "积分价随供需浮动的幅度"),
            *("share of the labour value", "占劳动价值的比例"),
        ),
        (
            *("balance_pull", assumed.BALANCE_PULL, Decimal(0), Decimal(1)),
            *(
                "How fast the rate of issue follows the credits and goods left over",
                "积分率随结余的积分与产品调整的快慢",
            ),
            *("share of the gap a round", "每轮占差额的比例"),
        ),
        (
            *("normal_purse", assumed.NORMAL_PURSE, Decimal(0), Decimal(12)),
            *("Credits that people normally keep", "人们平常留存的积分"),
            *("rounds of goods", "相当于几轮的产品"),
        ),
    ):
        record.define_parameter(
            code,
            value=value,
            lowest=low,
            highest=high,
            name_en=name_en,
            name_zh=name_zh,
            unit_en=unit_en,
            unit_zh=unit_zh,
            reason="founding of the country / 建国",
        )


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


def _people(table: SupplyUse, scale: int) -> None:
    rng = np.random.default_rng(assumed.SEED)
    heads = round(assumed.POPULATION / scale)
    jobs = dict(zip(table.industries, table.jobs / scale, strict=True))
    seats = _seats(jobs, round(sum(jobs.values()) / (1.0 - UNEMPLOYMENT.value)))
    special = [
        people.enrol(
            username=person.username,
            name=person.name,
            password=assumed.PASSWORD,
            ground=person.ground,
        )
        for person in SIGN_INS
    ]
    people.give_duty(special[-1], Duty.Kind.PLANNING)
    workers = [
        industry
        for industry, n in seats.items()
        for _ in range(n - sum(person.industry == industry for person in SIGN_INS))
    ]
    others = heads - len(SIGN_INS) - len(workers)
    grounds = [Ground.WORK] * len(workers) + _grounds(others)
    rows = [
        people.NewPerson(
            username=f"p{number:04d}",
            name=f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}",
            ground=ground,
        )
        for number, ground in enumerate(grounds, start=1)
    ]
    enrolled = people.enrol_many(rows)
    places = list(zip(enrolled, workers, strict=False))
    managers = _first_of_each(places)
    enterprises.join_many(
        [
            *(
                enterprises.Place(person=person, enterprise=industry, manages=person in managers)
                for person, industry in places
            ),
            *(
                enterprises.Place(person=person, enterprise=given.industry, manages=given.manages)
                for person, given in zip(special, SIGN_INS, strict=True)
                if given.industry
            ),
        ]
    )


def _homes() -> None:
    """Everyone lives in a region and in a household."""
    rng = np.random.default_rng(assumed.SEED + 2)
    everyone = list(Person.objects.order_by("id"))
    regions = list(assumed.RESIDENCES)
    shares = np.array([share for *_, share in assumed.RESIDENCES.values()])
    for code, (name_en, name_zh, _) in assumed.RESIDENCES.items():
        products.add_region(code, name_en=name_en, name_zh=name_zh)
    lives = rng.choice(len(regions), size=len(everyone), p=shares / shares.sum())
    for at, region in enumerate(regions):
        products.set_residences(
            region, [person for person, where in zip(everyone, lives, strict=True) if where == at]
        )
    children = [person for person in everyone if person.ground == Ground.CHILD]
    adults = [person for person in everyone if person.ground != Ground.CHILD]
    rng.shuffle(adults)
    households: list[list[Person]] = []
    for grown, small in cycle(assumed.HOUSEHOLDS):
        if not adults:
            break
        homes, adults = adults[:grown], adults[grown:]
        households.append([*homes, *children[:small]])
        children = children[small:]
    # Whoever is left finds a home with one of the first.
    for child, home in zip(children, cycle(households)):
        home.append(child)
    people.form_households([home for home in households if len(home) > 1])


def _first_of_each(places: Sequence[tuple[Person, str]]) -> set[Person]:
    """One manager an enterprise; where a sign-in manages, nobody else does."""
    managed = {person.industry for person in SIGN_INS if person.manages}
    first: dict[str, Person] = {}
    for person, industry in places:
        first.setdefault(industry, person)
    return {person for industry, person in first.items() if industry not in managed}


def _seats(jobs: dict[str, float], total: int) -> dict[str, int]:
    """Members of each enterprise, by largest remainder; two at least, so that one can certify
    the other's hours."""
    exact = {industry: n * total / sum(jobs.values()) for industry, n in jobs.items()}
    seats = {industry: max(2, math.floor(n)) for industry, n in exact.items()}
    by_remainder = sorted(exact, key=lambda industry: seats[industry] - exact[industry])
    for industry in by_remainder[: max(0, total - sum(seats.values()))]:
        seats[industry] += 1
    return seats


def _grounds(n: int) -> list[Ground]:
    grounds = [
        ground
        for ground, share in assumed.GROUNDS_OF_OTHERS.items()
        for _ in range(round(n * share))
    ]
    return (grounds + [Ground.PENSION] * n)[:n]


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
