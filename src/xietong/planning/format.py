"""The format of an economy and of a plan, declared once as data.

Reading, checking, writing, documentation and empty tables all follow from it.
"""

from xietong.planning.declaration import Column, Table


def _id(name: str, en: str, zh: str, refers: str | None = None) -> Column:
    return Column(name, "id", en, zh, refers=refers)


def _text(name: str, en: str, zh: str) -> Column:
    return Column(name, "text", en, zh, required=False)


def _number(
    name: str,
    unit: str,
    en: str,
    zh: str,
    *,
    default: float | None = None,
    least: float | None = 0.0,
    most: float | None = None,
) -> Column:
    return Column(
        name, "number", en, zh, unit, required=default is None, default=default, least=least,
        most=most,
    )  # fmt: skip


def _integer(
    name: str, unit: str, en: str, zh: str, *, default: int | None = None, least: float = 0
) -> Column:
    return Column(
        name, "integer", en, zh, unit, required=default is None, default=default, least=least
    )


PRODUCT = _id("product", "the product", "产品", "products")
TECHNIQUE = _id("technique", "the technique", "工艺", "techniques")
MEANS = _id("means", "the means of production", "生产资料", "means")
PROJECT = _id("project", "the project", "项目", "projects")
SKILL = _id("skill", "the skill", "工种")
REGION = Column(
    "region", "id", "where; may be empty if there is only one region", "地区；只有一个地区时可留空",
    required=False, refers="regions",
)  # fmt: skip
EVERY_PERIOD = Column(
    "period", "integer", "when; empty: in every period", "时期；留空表示每个时期都如此",
    required=False, refers="periods",
)  # fmt: skip

TIERS = ("basic", "public", "personal", "reserve")

ECONOMY: tuple[Table, ...] = (
    Table(
        "products", "goods and services", "产品与服务", ("product",),
        (
            _id("product", "a name without spaces is best", "产品代号，最好不含空格"),
            Column("unit", "text", "what one unit is", "计量单位"),
            _text("name_en", "English name", "英文名称"),
            _text("name_zh", "Chinese name", "中文名称"),
            Column("storable", "boolean", "whether it can be kept from one period to the next",
                   "能否留到下一时期", required=False, default=True),
            _number("loss", "share per period", "share of a stock lost from one period to the next",
                    "库存每期损耗的比例", default=0.0, most=1.0),
            _number("measure", "any measure common to joint products",
                    "size of one unit, by which the labour of a technique is shared among its "
                    "joint outputs (mass, energy, an old price)",
                    "单位大小，用来在联产品之间分摊劳动（质量、能量或旧价格均可）",
                    default=1.0),
        ),
        required=True,
    ),
    Table(
        "regions", "regions; without this table there is one, `all`",
        "地区；没有此表时只有一个地区 `all`", ("region",),
        (
            _id("region", "the region", "地区"),
            _text("name_en", "English name", "英文名称"),
            _text("name_zh", "Chinese name", "中文名称"),
        ),
    ),
    Table(
        "periods", "periods 1, 2, …, T; without this table there is one",
        "时期 1、2……T；没有此表时只有一个时期", ("period",),
        (
            _integer("period", "", "its number, from 1", "序号，从 1 起", least=1),
            _number("days", "days", "how long it is", "天数", default=365.0),
        ),
    ),
    Table(
        "techniques", "ways of producing, each at one place", "工艺：在一处生产的一种方法",
        ("technique",),
        (
            _id("technique", "the technique", "工艺"),
            REGION,
            _text("enterprise", "who works with it", "所属企业"),
            _integer("lead_time", "periods", "outputs appear so many periods after the inputs",
                     "产出比投入晚的时期数", default=0),
            _number("runs", "runs per period",
                    "runs observed before this plan: how much each technique counts in the labour "
                    "values by which needs are compared; where no technique of a product has any, "
                    "the one of least labour counts",
                    "计划之前的实际运行次数：比较各项需求所用的劳动价值按它加权；"
                    "某产品的各工艺都没有此数时，以最省劳动的工艺为准",
                    default=0.0),
        ),
        required=True,
    ),
    Table(
        "inputs", "what a run uses up", "每次运行消耗的产品", ("technique", "product", "region"),
        (
            TECHNIQUE, PRODUCT, _number("quantity", "units per run", "how much", "数量"),
            Column("region", "id", "where from; empty: the technique's own", "来自哪里；留空为本地",
                   required=False, refers="regions"),
        ),
    ),
    Table(
        "outputs", "what a run makes; several are joint products", "每次运行的产出；多项即联产品",
        ("technique", "product", "region"),
        (
            TECHNIQUE, PRODUCT, _number("quantity", "units per run", "how much", "数量"),
            Column("region", "id", "where to; empty: the technique's own", "送到哪里；留空为本地",
                   required=False, refers="regions"),
        ),
        required=True,
    ),
    Table(
        "labour", "hours a run takes, in the technique's region",
        "每次运行所需工时（在工艺所在地区）",
        ("technique", "skill"),
        (TECHNIQUE, SKILL, _number("hours", "hours per run", "how much", "工时")),
    ),
    Table(
        "workforce", "hours that people offer", "人们愿意提供的工时", ("region", "skill", "period"),
        (REGION, SKILL, EVERY_PERIOD, _number("hours", "hours per period", "how much", "工时")),
    ),
    Table(
        "means", "machines, land, berths", "机器、土地、泊位等生产资料", ("means",),
        (
            _id("means", "the means of production", "生产资料"), REGION,
            _number("available", "capacity units per period", "how much there is", "可用能力"),
        ),
    ),
    Table(
        "occupies", "capacity that a run occupies, in the period it starts",
        "每次运行在开始的时期占用的能力", ("technique", "means"),
        (TECHNIQUE, MEANS, _number("quantity", "capacity units per run", "how much", "数量")),
    ),
    Table(
        "needs", "what people have asked for", "人们提出的需求", ("need",),
        (
            _id("need", "the need", "需求"),
            _id("tier", "basic, public, personal or reserve",
                "层次：basic 基本、public 公共、personal 个人、reserve 储备"),
            PRODUCT, REGION, EVERY_PERIOD,
            _number("target", "units per period", "how much", "目标数量"),
            _number("weight", "", "from people's votes", "权重，由表决决定", default=1.0),
        ),
        required=True,
    ),
    Table(
        "stocks", "what there is at first, and the least that must be left at the end",
        "期初库存与期末最低库存", ("product", "region"),
        (
            PRODUCT, REGION,
            _number("initial", "units", "at hand when period 1 opens", "第 1 期开始时的数量",
                    default=0.0),
            _number("final", "units", "least left when the last period closes",
                    "最后一期结束时至少要留下的数量", default=0.0),
        ),
    ),
    Table(
        "projects", "works that add means of production; the plan chooses when, and how many",
        "新增生产资料的建设项目；由计划决定何时开工、开工多少", ("project",),
        (
            _id("project", "the project", "项目"), REGION,
            _integer("earliest", "period", "first period in which it may start", "最早开工时期",
                     default=1, least=1),
            Column("latest", "integer", "last period in which it may start; empty: the last one",
                   "最晚开工时期；留空为最后一期", "period", required=False, least=1),
            _integer("build_time", "periods", "its means are there so many periods after the start",
                     "从开工到能用的时期数"),
            _number("most", "starts", "at most so many, over all periods",
                    "各期合计最多开工数", default=1.0),
        ),
    ),
    Table(
        "project_inputs", "what a start uses up, `offset` periods after it",
        "每次开工在 offset 期之后消耗的产品", ("project", "offset", "product"),
        (
            PROJECT, _integer("offset", "periods", "after the start", "开工之后", default=0),
            PRODUCT, _number("quantity", "units per start", "how much", "数量"),
        ),
    ),
    Table(
        "project_labour", "hours a start takes, `offset` periods after it",
        "每次开工在 offset 期之后所需的工时", ("project", "offset", "skill"),
        (
            PROJECT, _integer("offset", "periods", "after the start", "开工之后", default=0),
            SKILL, _number("quantity", "hours per start", "how much", "工时"),
        ),
    ),
    Table(
        "project_means", "capacity that a start adds", "每次开工新增的能力", ("project", "means"),
        (PROJECT, MEANS, _number("capacity", "capacity units per start", "how much", "数量")),
    ),
    Table(
        "limits", "what may not be exceeded: water, carbon, land",
        "不可超过的限额：用水、碳排放、用地", ("limit", "period"),
        (
            _id("limit", "the limit", "限额"), EVERY_PERIOD,
            _number("amount", "units per period", "how much", "数量"),
        ),
    ),
    Table(
        "emits", "how much of a limit a run takes", "每次运行占用限额的数量",
        ("technique", "limit"),
        (
            TECHNIQUE, _id("limit", "the limit", "限额", "limits"),
            _number("quantity", "units per run", "how much", "数量"),
        ),
    ),
)  # fmt: skip

_PERIOD = Column("period", "integer", "when", "时期")
_WHERE = Column("region", "id", "where", "地区")


def _real(name: str, unit: str, en: str, zh: str) -> Column:
    return Column(name, "number", en, zh, unit)


PLAN: tuple[Table, ...] = (
    Table(
        "runs", "how often each technique is run", "各工艺的运行次数", ("technique", "period"),
        (
            _id("technique", "the technique", "工艺"), _PERIOD,
            _real("runs", "runs", "how often", "次数"),
        ),
    ),
    Table(
        "deliveries", "what each need gets", "各项需求得到的数量", ("need", "period"),
        (
            _id("need", "the need", "需求"), _id("tier", "its tier", "层次"),
            _id("product", "the product", "产品"), _WHERE, _PERIOD,
            _real("target", "units", "what was asked for", "目标"),
            _real("delivered", "units", "what is delivered", "交付"),
            _real("share", "share", "delivered / target; 1 where the target is 0",
                  "交付占目标的比例；目标为 0 时记为 1"),
            _real("value", "hours per unit", "by which the need is compared with others",
                  "与其他需求比较时所用的劳动价值"),
        ),
    ),
    Table(
        "stocks", "what is left when a period closes", "每期结束时的库存",
        ("product", "region", "period"),
        (
            _id("product", "the product", "产品"), _WHERE, _PERIOD,
            _real("stock", "units", "what is left", "库存"),
        ),
    ),
    Table(
        "starts", "how many starts each project makes", "各项目的开工数", ("project", "period"),
        (
            _id("project", "the project", "项目"), _PERIOD,
            _real("starts", "starts", "how many", "开工数"),
        ),
    ),
    Table(
        "prices", "the prices that prove each step of the objective",
        "证明目标各步骤最优的影子价格", ("step", "kind", "id", "region", "period"),
        (
            _id("step", "the step", "步骤"),
            _id("kind", "product, skill, means, strain, limit, project, worst or step",
                "类别：product 产品、skill 工种、means 生产资料、strain 紧张、limit 限额、"
                "project 项目、worst 最差的基本需求、step 之前的步骤"),
            _id("id", "of what", "对象"),
            Column("region", "id", "where", "地区", required=False),
            Column("period", "integer", "when", "时期", required=False),
            _real("value", "the step's objective per unit", "the price", "价格"),
        ),
    ),
    Table(
        "valuations", "shadow prices in hours: what one more unit would save",
        "以工时计的影子价格：多一单位能省下多少工时", ("kind", "id", "region", "period"),
        (
            _id("kind", "product, skill, means, limit or need",
                "类别：product 产品、skill 工种、means 生产资料、limit 限额、need 需求"),
            _id("id", "of what", "对象"),
            Column("region", "id", "where", "地区", required=False),
            Column("period", "integer", "when", "时期", required=False),
            _real("value", "hours per unit", "the valuation", "影子价格"),
        ),
    ),
    Table(
        "contents", "what a unit of each needed product takes, all stages together",
        "每单位所需产品在各环节合计占用了什么",
        ("product", "region", "period", "kind", "id", "at", "when"),
        (
            _id("product", "the product", "产品"), _WHERE, _PERIOD,
            _id("kind", "skill, means, limit or stock",
                "类别：skill 工种、means 生产资料、limit 限额、stock 期初库存"),
            _id("id", "of what", "对象"),
            Column("at", "id", "where that is", "对象所在地区", required=False),
            Column("when", "integer", "when it is taken", "占用的时期"),
            _real("quantity", "units of the thing per unit", "how much it takes", "数量"),
            _real("value", "hours per unit", "what that is worth in hours", "折合工时"),
        ),
    ),
    Table(
        "labour_values", "hours that a unit takes, on the techniques in use",
        "按实际采用的工艺计算的劳动价值", ("product",),
        (
            _id("product", "the product", "产品"),
            Column("hours", "number", "empty: nothing makes it", "工时；留空表示无法生产",
                   "hours per unit", required=False),
        ),
    ),
    Table(
        "use_of_means", "how far each means is used", "生产资料利用情况", ("means", "period"),
        (
            _id("means", "the means of production", "生产资料"), _WHERE, _PERIOD,
            _real("available", "capacity units", "with what projects have added", "可用（含新建）"),
            _real("used", "capacity units", "by runs", "已用"),
        ),
    ),
    Table(
        "use_of_labour", "how many of the hours offered are worked", "劳动力利用情况",
        ("region", "skill", "period"),
        (
            _WHERE, _id("skill", "the skill", "工种"), _PERIOD,
            _real("offered", "hours", "by people", "可提供"),
            _real("used", "hours", "by runs and projects", "已用"),
        ),
    ),
    Table(
        "use_of_limits", "how much of each limit is taken", "限额占用情况", ("limit", "period"),
        (
            _id("limit", "the limit", "限额"), _PERIOD,
            _real("amount", "units", "allowed", "限额"), _real("used", "units", "taken", "已用"),
        ),
    ),
    Table(
        "running", "the runs of the plan that was running before, if there was one",
        "之前正在执行的计划的运行次数（如有）", ("technique", "period"),
        (
            _id("technique", "the technique", "工艺"), _PERIOD,
            _real("runs", "runs", "how often", "次数"),
        ),
    ),
)  # fmt: skip


def table(tables: tuple[Table, ...], name: str) -> Table:
    """Return the declaration of the table called `name`; raise KeyError if there is none."""
    for candidate in tables:
        if candidate.name == name:
            return candidate
    raise KeyError(name)
