"""What no national table says and an economy in kind needs: chosen values, each with its reason.

The reasons are published with every economy, so they stand here as data, in both languages. What
holds for one country only stands with that country.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Assumption(Generic[T_co]):
    """A chosen value and the reason for it; the value is None where the choice is a method."""

    value: T_co
    en: str
    zh: str


@dataclass(frozen=True)
class Choices:
    """The values by which accounts become an economy; shares unless said otherwise.

    `stock_days` is in days, `projects` the number of steps by which an industry can grow and
    `project_size` how large a step is.
    """

    skill: str
    unemployment: float
    capacity_margin: float
    mix_margin: float
    main_maker: float
    export_margin: float
    import_margin: float
    stock_days: float
    goal: float
    renewal: float
    wear: float
    project_size: float
    projects: float


def collect(namespace: Mapping[str, object]) -> dict[str, Assumption[Any]]:
    """Return the assumptions among the names of a module, in the module's order."""
    return {name: value for name, value in namespace.items() if isinstance(value, Assumption)}


def choices(assumptions: Mapping[str, Assumption[Any]]) -> Choices:
    """Return the values that all conversions need, each from the assumption of its name."""
    return Choices(**{f.name: assumptions[f.name.upper()].value for f in fields(Choices)})


def published(assumptions: Mapping[str, Assumption[Any]]) -> list[dict[str, Any]]:
    """Return the assumptions as they stand in `datapackage.json`."""
    return [
        {"name": name, "value": chosen.value, "reason": chosen.en, "reason_zh": chosen.zh}
        for name, chosen in assumptions.items()
    ]


SKILL = Assumption(
    "work",
    "The tables do not tell one kind of work from another.",
    "原表不区分工种。",
)
CAPACITY_MARGIN = Assumption(
    0.10,
    "A tenth more than the year's output is what can be had everywhere without building; nobody "
    "measures it outside manufacturing.",
    "不新建也能比当年多产一成；制造业以外没有这类统计，因此各行业一律这样假定。",
)
MIX_MARGIN = Assumption(
    0.25,
    "The tables know what an industry made, not what it could have made instead. Each can make "
    "more of one product than its usual mix holds, up to a quarter of what it made of it, within "
    "the same capacity and with its usual inputs and hours.",
    "原表只说明一个行业生产了什么，没有说明它本可以改产什么。各行业可在同一能力之内、"
    "按通常的投入和工时多产某一种产品，最多为该产品原产量的四分之一。",
)
MAIN_MAKER = Assumption(
    0.1,
    "Only who makes at least a tenth of a product can shift towards it; the rest is by-products.",
    "占某产品产量一成以上的行业才能向该产品调整；其余为副产品。",
)
EXPORT_MARGIN = Assumption(
    0.05,
    "The world took what it took; a plan that counts on selling it much more is a guess.",
    "国外的需求就是那么多；指望多卖出许多的计划只是猜测。",
)
IMPORT_MARGIN = Assumption(
    0.10,
    "Contracts, ships and harbours for a product can grow by about a tenth in a year. Without a "
    "bound a plan would import whatever takes the most labour at home.",
    "一种产品的合同、船舶和港口一年内大约能增加一成。"
    "不设上限，计划就会把国内最费劳动的东西全部改为进口。",
)
NEGATIVE_ENTRIES = Assumption(
    None,
    "An input below zero is an output, an output below zero an input, an import below zero an "
    "export. What final users hand back (scrap, used goods) and what imports cost beyond exports "
    "is there every year without any input, up to the year's amount.",
    "负的投入视为产出，负的产出视为投入，负的进口视为出口。最终使用者交回的东西（废料、旧货）"
    "以及进口超过出口的部分，每年无需投入即可得到，以当年数额为限。",
)
INVENTORIES = Assumption(
    None,
    "Where stocks grew, the growth is a need of the reserve tier; where they shrank, what was "
    "drawn is in the initial stock and not asked for back.",
    "库存增加的，增加额列为储备层次的需求；库存减少的，动用的部分计入期初库存，不要求补回。",
)
STOCK_DAYS = Assumption(
    30.0,
    "The tables give changes of stocks, not stocks. A month's supply of every good that keeps is "
    "what trade and industry commonly hold; it must be there again at the end.",
    "原表只有库存变动，没有库存量。凡能储存的货物按一个月的供应量计，"
    "这是工商业通常的库存；期末必须照样留足。",
)
GOODS_LOSS = Assumption(
    0.01,
    "Of goods in store about a hundredth is lost to breakage and rust in a year.",
    "库存货物一年约有百分之一因破损、锈蚀而损失。",
)
GOAL = Assumption(
    0.10,
    "In a plan of several periods people ask for a tenth more than the year gave them, from the "
    "first period on: what cannot be had at once is what investment is for.",
    "多时期计划中，人们从第一期起要求比当年多一成：一时做不到的，正是投资的目的。",
)
RENEWAL = Assumption(
    0.8,
    "Some four fifths of gross investment replaced what had worn out (consumption of fixed "
    "capital). In a plan of several periods a run takes this as an input, so that capacity lasts "
    "by being renewed; the rest of investment is chosen as projects.",
    "总投资约有五分之四用于补偿损耗（固定资本消耗）。多时期计划把它作为每次运行的投入，"
    "能力因不断更新而保持；其余投资作为项目由计划选择。",
)
WEAR = Assumption(
    0.06,
    "Of all fixed capital about a sixteenth wears out in a year: buildings some 2 %, machines 10 "
    "% and more. With what is renewed this tells how much capital a unit of capacity takes.",
    "全部固定资本一年约损耗十六分之一：建筑约 2%，机器 10% 以上。"
    "由更新的数量可推知单位能力需要多少资本。",
)
PROJECT_SIZE = Assumption(
    0.01,
    "A project adds a hundredth of the industry's output, and takes a year to build.",
    "一个项目增加该行业产出百分之一的能力，建设期一年。",
)
PROJECTS = Assumption(
    20.0,
    "No industry grows by more than a fifth in one plan.",
    "一个计划之内，任何行业的能力最多增加五分之一。",
)
COMMON = collect(globals())
