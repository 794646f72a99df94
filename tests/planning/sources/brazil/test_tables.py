"""The economy in kind: the year 2021 itself is a plan that it allows."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from xietong.planning.sources.brazil import FOREIGN_CURRENCY, SupplyUse
from xietong.planning.sources.brazil.assumptions import BASIC_PRODUCTS
from xietong.planning.sources.brazil.tables import to_tables

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def tables(table: SupplyUse) -> Tables:
    return to_tables(table)


def quantity(tables: Tables, name: str, technique: str, product: str) -> float:
    rows = tables[name].filter(technique=technique, product=product)
    return float(rows["quantity"].sum())


def targets(tables: Tables, *needs: str) -> list[float]:
    return [float(tables["needs"].row(by_predicate=pl.col("need") == n)[3]) for n in needs]


def test_that_the_activity_of_2021_meets_every_balance_with_every_need_of_2021_met(
    tables: Tables,
) -> None:
    runs = tables["techniques"].select("technique", "runs")

    def flow(name: str, sign: int) -> pl.DataFrame:
        amount = sign * pl.col("quantity") * pl.col("runs")
        return tables[name].join(runs, on="technique").select("product", amount=amount)

    kept = pl.col("initial") * (1 - pl.col("loss")) - pl.col("final")
    balance = (
        pl.concat(
            [
                flow("outputs", 1),
                flow("inputs", -1),
                tables["needs"].select("product", amount=-pl.col("target")),
                tables["stocks"]
                .join(tables["products"], on="product")
                .select("product", amount=kept),
            ]
        )
        .group_by("product")
        .agg(net=pl.col("amount").sum(), gross=pl.col("amount").abs().sum())
    )
    assert set(balance["product"]) == set(tables["products"]["product"])
    assert np.abs(balance["net"].to_numpy() / balance["gross"].to_numpy()).max() <= 1e-14


def test_that_the_activity_of_2021_leaves_the_stated_margin_of_every_means(
    tables: Tables,
) -> None:
    techniques = tables["techniques"].join(tables["occupies"], on="technique")
    used = techniques.group_by("means").agg(used=(pl.col("runs") * pl.col("quantity")).sum())
    room = (
        tables["means"]
        .join(used, on="means")
        .with_columns(
            way=pl.col("means").str.split(":").list.first(),
            ratio=pl.col("available") / pl.col("used"),
        )
    )
    assert room.height == tables["means"].height == tables["techniques"].height
    for way, ratio in (("industry", 1.10), ("import", 1.10), ("export", 1.05)):
        np.testing.assert_allclose(room.filter(way=way)["ratio"], ratio, rtol=1e-12)


def test_that_the_work_of_2021_is_what_those_offer_who_had_work(tables: Tables) -> None:
    worked = tables["labour"].join(tables["techniques"], on="technique")
    hours = (worked["hours"] * worked["runs"]).sum()
    assert hours == pytest.approx(105_065_178 * 39 * 46, rel=1e-12)
    offered = 105_065_178 * 39 * 46 / 0.868
    assert tables["workforce"]["hours"].to_list() == [pytest.approx(offered, rel=1e-12)]


def test_that_a_run_of_an_industry_makes_one_million_reais_of_output(tables: Tables) -> None:
    made = tables["outputs"].filter(pl.col("technique").str.starts_with("industry:"))
    net = made.group_by("technique").agg(pl.col("quantity").sum()).sort("technique")
    whole = net.filter(pl.col("technique") != "industry:5600")["quantity"]
    np.testing.assert_allclose(whole, 1.0, rtol=1e-12)


def test_that_an_output_below_zero_in_the_source_becomes_an_input(
    table: SupplyUse, tables: Tables
) -> None:
    trade, restaurants = table.products.index("46801"), table.industries.index("5600")
    assert table.make[trade, restaurants] == -294
    taken = quantity(tables, "inputs", "industry:5600", "46801")
    assert taken == pytest.approx(294 / table.output[restaurants], rel=1e-12)
    assert quantity(tables, "outputs", "industry:5600", "46801") == 0
    assert (tables["inputs"]["quantity"] > 0).all()
    assert (tables["outputs"]["quantity"] > 0).all()


def test_that_a_unit_is_one_million_reais_and_of_currency_one_at_the_border(
    tables: Tables,
) -> None:
    units = dict(tables["products"].select("product", "unit").iter_rows())
    assert units.pop(FOREIGN_CURRENCY) == "million reais of 2021 across the border"
    assert set(units.values()) == {"million reais of 2021 at basic prices, delivered"}


def test_that_there_is_one_technique_for_each_industry_and_each_product_traded(
    table: SupplyUse, tables: Tables
) -> None:
    usual = tables["techniques"].filter(~pl.col("technique").str.starts_with("shift:"))
    assert usual["technique"].to_list() == [
        *(f"industry:{code}" for code in table.industries),
        *(f"import:{p}" for p, v in zip(table.products, table.imports, strict=True) if v),
        *(f"export:{p}" for p, v in zip(table.products, table.exports, strict=True) if v),
    ]


def test_that_industries_are_enterprises_and_trade_abroad_belongs_to_wholesale(
    tables: Tables,
) -> None:
    industries = tables["techniques"].filter(pl.col("technique").str.starts_with("industry:"))
    abroad = tables["techniques"].filter(
        pl.col("technique").str.starts_with("import:")
        | pl.col("technique").str.starts_with("export:")
    )
    assert (industries["technique"] == "industry:" + industries["enterprise"]).all()
    assert set(abroad["enterprise"]) == {"4680"}


def test_that_an_industry_shifts_to_a_product_with_its_usual_inputs_and_hours_within_its_capacity(
    table: SupplyUse, tables: Tables
) -> None:
    shift, industry, product = "shift:0191:01917", "industry:0191", "01917"
    hours = dict(tables["labour"].select("technique", "hours").iter_rows())
    means = dict(tables["means"].select("means", "available").iter_rows())
    made = table.make[table.products.index(product), table.industries.index("0191")]
    assert tables["outputs"].filter(technique=shift).select("product", "quantity").rows() == [
        (product, 1.0)
    ]
    assert hours[shift] == hours[industry]
    assert means[shift] == made * 0.25
    assert set(tables["occupies"].filter(technique=shift)["means"]) == {shift, industry}
    assert tables["techniques"].filter(technique=shift)["runs"].to_list() == [0.0]


def test_that_who_makes_one_product_only_has_nothing_to_shift(
    table: SupplyUse, tables: Tables
) -> None:
    shifting = tables["techniques"].filter(pl.col("technique").str.starts_with("shift:"))
    several = {
        code
        for code, column in zip(table.industries, table.make.T, strict=True)
        if (column > 0).sum() > 1
    }
    assert set(shifting["enterprise"]) <= several


def test_that_an_import_takes_foreign_currency_and_the_services_that_bring_it(
    tables: Tables,
) -> None:
    assert dict(
        tables["inputs"].filter(technique="import:29911").select("product", "quantity").iter_rows()
    ) == pytest.approx(
        {
            "45001": 48_807 / 180_815,
            "49001": 4_077 / 180_815 * 104_703 / 112_703,
            "50001": 4_077 / 180_815 * 8_000 / 112_703,
            FOREIGN_CURRENCY: 1.0,
        },
        rel=1e-12,
    )
    assert quantity(tables, "outputs", "import:29911", "29911") == 1.0


def test_that_an_export_earns_what_the_world_paid_for_a_unit(tables: Tables) -> None:
    assert quantity(tables, "inputs", "export:01915", "01915") == 1.0
    earned = quantity(tables, "outputs", "export:01915", FOREIGN_CURRENCY)
    assert earned == pytest.approx(345_837 / 331_478, rel=1e-12)


def test_that_the_trade_surplus_of_2021_is_a_need_of_the_reserve(tables: Tables) -> None:
    need = tables["needs"].row(by_predicate=pl.col("product") == FOREIGN_CURRENCY, named=True)
    assert need == {
        "need": "abroad:foreign_currency",
        "tier": "reserve",
        "product": FOREIGN_CURRENCY,
        "target": 1_722_169 - 1_671_473,
    }


def test_that_households_public_services_investment_and_inventories_are_needs(
    table: SupplyUse, tables: Tables
) -> None:
    kinds = tables["needs"].with_columns(kind=pl.col("need").str.split(":").list.first())
    assert set(kinds.select("kind", "tier").unique().iter_rows()) == {
        ("household", "basic"),
        ("household", "personal"),
        ("public", "public"),
        ("investment", "reserve"),
        ("inventory", "reserve"),
        ("abroad", "reserve"),
    }
    health = float(table.basic_ratio[table.products.index("86921")])
    assert targets(tables, "household:86921", "public:86921") == [
        274_870 * health,
        (61_105 + 10_067) * health,
    ]
    maize = float(table.basic_ratio[table.products.index("01912")])
    assert targets(tables, "inventory:01912") == [30_117 * maize]
    buildings = float(table.basic_ratio[table.products.index("41801")])
    assert targets(tables, "investment:41801") == [372_106 * buildings]


def test_that_basic_needs_are_the_stated_products_and_each_of_them_is_consumed(
    tables: Tables,
) -> None:
    stated = [product for products in BASIC_PRODUCTS.value.values() for product in products]
    assert set(BASIC_PRODUCTS.value) == {
        *("food", "housing", "health", "education", "water", "energy", "transport")
    }
    assert len(stated) == len(set(stated))
    assert set(tables["needs"].filter(tier="basic")["product"]) == set(stated)


def test_that_only_goods_keep_and_only_what_keeps_is_lost_or_stocked(tables: Tables) -> None:
    products = tables["products"]
    keeps = set(products.filter("storable")["product"])
    assert {"01911", "10911", "14001", "58001", FOREIGN_CURRENCY} <= keeps
    assert keeps.isdisjoint({"01914", "01922", "33001", "35001", "41801", "56001", "97001"})
    assert products.filter(~pl.col("storable"))["loss"].unique().to_list() == [0.0]
    loss = dict(products.select("product", "loss").iter_rows())
    assert [loss[p] for p in ("01912", "10911", "14001", FOREIGN_CURRENCY)] == [
        *(0.05, 0.05, 0.01, 0.0)
    ]
    assert set(tables["stocks"]["product"]) == keeps - {FOREIGN_CURRENCY}


def test_that_what_2021_drew_from_stock_is_there_at_first_beside_a_month_of_supply(
    table: SupplyUse, tables: Tables
) -> None:
    oil = table.products.index("06801")
    stock = tables["stocks"].row(by_predicate=pl.col("product") == "06801", named=True)
    assert stock["final"] == pytest.approx(402_331 * 30 / 365, rel=1e-12)
    drawn = 12_672 * float(table.basic_ratio[oil])
    assert stock["initial"] == pytest.approx((stock["final"] + drawn) / 0.99, rel=1e-12)


def test_that_a_service_drawn_from_stock_comes_back_without_input(table: SupplyUse) -> None:
    inventories = table.inventories.copy()
    meals = table.products.index("56001")
    inventories[meals] = -1.0
    made = to_tables(replace(table, inventories=inventories))
    assert made["means"].filter(means="return:56001")["available"].to_list() == [
        table.basic_ratio[meals]
    ]
    assert quantity(made, "outputs", "return:56001", "56001") == 1.0
