"""Multi-regional tables of pymrio, whatever database they come from, as economies in kind.

Each industry of each region is a technique there, which takes products from the regions that the
table says. A product of one region is no product of another, as in the table.

Source: Stadler 2021 (pymrio); Miller and Blair 2009 (multi-regional input-output models).
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from xietong.planning.economy import Economy
from xietong.planning.sources.accounts import Accounts, Array, Investment, Product, Use
from xietong.planning.sources.assumptions import COMMON, Assumption, choices, published
from xietong.planning.sources.errors import SourceError
from xietong.planning.sources.names import Name
from xietong.planning.sources.tables import FOREIGN_CURRENCY, to_tables

DESCRIPTION = Name(
    "Production and final demand of several regions in kind, from any input-output system that "
    "pymrio has saved.",
    "多个地区的生产与最终需求，以实物计，来自 pymrio 保存的任何投入产出系统。",
)
UNEMPLOYMENT = Assumption(
    0.06,
    "A round figure: what could be worked in each region beyond what was.",
    "取整数：各地区在已有工时之外还能提供的部分。",
)
LABOUR = Assumption(
    ("hour", "employ", "person", "labour", "labor", "compensation", "value added"),
    "Labour is the first row of any account whose name has one of these words, in this order, if "
    "no other is asked for; what it counts stands for hours.",
    "未另行指定时，劳动取账户中名称含有这些词之一（按此顺序）的第一行；其计量单位即当作工时。",
)
FINAL_USES: Assumption[tuple[tuple[str, str], ...]] = Assumption(
    (
        ("household", "household"),
        ("npish", "public"),
        ("non-profit", "public"),
        ("government", "public"),
        ("fixed capital", "capital"),
        ("inventor", "inventory"),
        ("valuable", "inventory"),
    ),
    "A final use is known by the first of these words in its name; others are needs of the reserve "
    "tier. What households took is personal, but for the sectors that are said to be basic.",
    "最终使用按其名称中先出现的词归类，其余列为储备层次的需求。"
    "住户消费归个人需求，指明为基本的部门除外。",
)
ASSUMPTIONS: Mapping[str, Assumption[Any]] = {
    **COMMON,
    "UNEMPLOYMENT": UNEMPLOYMENT,
    "LABOUR": LABOUR,
    "FINAL_USES": FINAL_USES,
}
NOT_USED = ("STOCK_DAYS", "GOODS_LOSS", "EXPORT_MARGIN", "IMPORT_MARGIN")
SKILL = COMMON["SKILL"].value
BETWEEN = "/"  # region and sector in a name; a region has none of its own


def from_pymrio(
    system: Any,
    *,
    labour: tuple[str, Any] | None = None,
    limits: Mapping[str, tuple[str, Any]] | None = None,
    basic: Collection[str] = (),
    periods: int = 1,
) -> Economy:
    """Return the economy that a `pymrio.IOSystem` describes.

    Args:
        system: with Z, Y and x, in one unit.
        labour: the account and the row of its F that count work; it is found by its name if not
            given.
        limits: by the name of a limit, the account and row that count what is limited; no more may
            be taken than the system took.
        basic: the sectors whose products households cannot do without.
        periods: how many years there are to be.

    Raises:
        SourceError: if the system has no such account or row, or does not balance.
    """
    if system.Z is None or system.Y is None:
        raise SourceError("the system has no Z and Y", "该系统缺少 Z 和 Y")
    places = [(_plain(region), str(sector)) for region, sector in system.Z.index]
    codes = tuple(BETWEEN.join(place) for place in places)
    flows = system.Z.to_numpy(float)
    demand = system.Y.to_numpy(float)
    output = flows.sum(axis=1) + demand.sum(axis=1)
    if system.x is not None:
        _agree(codes, system.x.to_numpy(float)[:, 0], output)
    made = output > 0  # what nobody makes, nobody uses
    codes = tuple(code for code, some in zip(codes, made, strict=True) if some)
    places = [place for place, some in zip(places, made, strict=True) if some]
    flows, demand, output = flows[np.ix_(made, made)], demand[made], output[made]
    account, row = _labour(system) if labour is None else labour
    accounts = Accounts(
        products=tuple(Product(code, Name(code, code), False, 0.0) for code in codes),
        industries=codes,
        make=np.diag(output),
        use=flows,
        services=np.zeros_like(flows),
        imports=np.zeros(len(codes)),
        exports=np.zeros(len(codes)),
        earned=np.ones(len(codes)),
        **_final(system, places, demand, basic, flows, output),
        hours=_row(system, account, row)[made],
        taken={name: _row(system, *where)[made] for name, where in (limits or {}).items()},
        unit=str(system.unit.iloc[0, 0]) if system.unit is not None else "unit of the table",
        currency_unit="",
        trader=None,
    )
    tables = _in_regions(to_tables(accounts, choices(ASSUMPTIONS), periods))
    name = str(getattr(system, "name", None) or "pymrio")
    metadata = {
        "name": "mrio",
        "title_zh": name,
        "description": DESCRIPTION.en,
        "description_zh": DESCRIPTION.zh,
        "sources": [{"title": name, "path": "https://pypi.org/project/pymrio/"}],
        "assumptions": published({k: a for k, a in ASSUMPTIONS.items() if k not in NOT_USED}),
    }
    return Economy(tables, title=name, metadata=metadata)


def read(folder: Path, periods: int = 1) -> Economy:
    """Return the economy of a system that `pymrio` has saved in a folder.

    Raises SourceError if pymrio is not installed or cannot read it, and as from_pymrio.
    """
    try:
        import pymrio  # an optional dependency: nothing but reading its folders needs it
    except ModuleNotFoundError as error:
        raise SourceError(
            "pymrio is not installed: pip install 'xietong[pymrio]'",
            "没有安装 pymrio，请运行 pip install 'xietong[pymrio]'",
        ) from error
    try:
        system = pymrio.load_all(folder)
    except Exception as error:  # pymrio lets out whatever pandas trips over in a broken folder
        raise SourceError(
            f"{folder}: not a system that pymrio has saved ({error})",
            f"{folder}：不是 pymrio 保存的系统（{error}）",
        ) from error
    return from_pymrio(system, periods=periods)


def _plain(region: object) -> str:
    return str(region).replace(BETWEEN, "-")


def _agree(codes: tuple[str, ...], found: Array, expected: Array) -> None:
    for place in np.flatnonzero(np.abs(found - expected) > 1e-3 * np.abs(expected) + 1e-6):
        raise SourceError(
            f"x of {codes[place]} is {found[place]:,g} where Z and Y give {expected[place]:,g}",
            f"{codes[place]} 的 x 为 {found[place]:,g}，而按 Z 和 Y 应为 {expected[place]:,g}",
        )


def _labour(system: Any) -> tuple[str, Any]:
    for word in LABOUR.value:
        for account in system.get_extensions():
            for row in getattr(system, account).F.index:
                if word in _label(row).lower():
                    return account, row
    raise SourceError(
        "no account of the system counts work; say which row does",
        "系统中没有计量劳动的账户，请指明是哪一行",
    )


def _label(row: Any) -> str:
    return " ".join(map(str, row)) if isinstance(row, tuple) else str(row)


def _row(system: Any, account: str, row: Any) -> Array:
    if account not in set(system.get_extensions()):
        raise SourceError(f'there is no account "{account}"', f"没有名为“{account}”的账户")
    table = getattr(system, account).F
    if row not in table.index:
        raise SourceError(
            f'account "{account}" has no row "{_label(row)}"',
            f"账户“{account}”没有“{_label(row)}”一行",
        )
    values: Array = np.asarray(table.loc[row], float).reshape(-1)
    return np.maximum(values, 0.0)


def _final(
    system: Any,
    places: list[tuple[str, str]],
    demand: Array,
    basic: Collection[str],
    flows: Array,
    output: Array,
) -> dict[str, Any]:
    """Final uses, fixed capital of each region and growth of stocks, as Accounts has them."""
    tiers = {
        "household": tuple("basic" if s in basic else "personal" for _, s in places),
        "public": ("public",) * len(places),
        "other": ("reserve",) * len(places),
    }
    taken: dict[tuple[str, str], Array] = {}
    for (where, category), column in zip(system.Y.columns, demand.T, strict=True):
        words = str(category).lower()
        kind = next((kind for word, kind in FINAL_USES.value if word in words), "other")
        key = (kind, _plain(where))
        taken[key] = taken.get(key, np.zeros(len(places))) + column
    added = np.maximum(output - flows.sum(axis=0), 0.0)
    investment = []
    for (kind, region), quantity in taken.items():
        if kind == "capital" and quantity.max() > 0:
            own = np.array([place[0] == region for place in places]) * added
            if own.sum() > 0:
                name = Name(region, region)
                investment.append(Investment(region, name, quantity, own / own.sum()))
    stocks = [quantity for (kind, _), quantity in taken.items() if kind == "inventory"]
    return {
        "uses": tuple(
            Use(f"{kind}:{region}", tiers[kind], quantity)
            for (kind, region), quantity in taken.items()
            if kind in tiers
        ),
        "investment": tuple(investment),
        "inventories": np.sum([np.zeros(len(places)), *stocks], axis=0),
    }


def _in_regions(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the tables with region and product apart where a name had both."""
    product = pl.col("product")
    bundle = product.str.starts_with("capital:")
    region = (
        pl.when(bundle)
        .then(product.str.strip_prefix("capital:"))
        .otherwise(product.str.split(BETWEEN).list.first())
    )
    sector = (
        pl.when(bundle)
        .then(pl.lit("capital"))
        .otherwise(product.str.splitn(BETWEEN, 2).struct.field("field_1"))
    )
    of_item = pl.col("name").str.splitn(":", 2).struct.field("field_1").str.split(BETWEEN)

    def placed(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(region=region, product=sector)

    def standing(name: str, key: str) -> pl.DataFrame:
        where = tables[name].select(name=key).select(region=of_item.list.first())["region"]
        return tables[name].with_columns(where)

    world = tables["products"].filter(product != FOREIGN_CURRENCY)
    made = {
        **tables,
        "products": placed(world)
        .with_columns(
            name_en=pl.col("product"), name_zh=pl.col("product").replace("capital", "固定资本")
        )
        .drop("region")
        .unique("product", keep="first", maintain_order=True),
        "techniques": standing("techniques", "technique").drop("enterprise"),
        "means": standing("means", "means"),
        "inputs": placed(tables["inputs"]),
        "outputs": placed(tables["outputs"]),
        "needs": placed(tables["needs"]),
    }
    del made["stocks"]
    regions = made["techniques"]["region"].unique(maintain_order=True)
    made["regions"] = pl.DataFrame({"region": regions, "name_en": regions, "name_zh": regions})
    if "projects" in tables:
        made["projects"] = standing("projects", "project")
        made["project_inputs"] = tables["project_inputs"].with_columns(product=sector)
    worked = (
        made["techniques"]
        .join(tables["labour"], on="technique")
        .group_by("region", maintain_order=True)
        .agg(hours=(pl.col("hours") * pl.col("runs")).sum() / (1.0 - UNEMPLOYMENT.value))
    )
    made["workforce"] = worked.with_columns(skill=pl.lit(SKILL))
    return made
