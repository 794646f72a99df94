"""What a WIOD table does not say and an economy in kind needs: every choice, and why."""

from collections.abc import Mapping

from xietong.planning.sources.assumptions import COMMON, Assumption, collect

UNIT = Assumption(
    "million dollars of the year at basic prices",
    "The table counts nothing else in common. What the maker got for it that year fixes the size "
    "of a unit once and for all; it is no price.",
    "原表没有其他共同计量单位。单位的大小按当年生产者所得一次定死，不再是价格。",
)
FOREIGN_CURRENCY_UNIT = Assumption(
    "million dollars of the year across the border",
    "Exports earn and imports cost what the table books for them, free on board.",
    "出口所得与进口所费均按原表所记离岸金额计。",
)
ONE_PRODUCT = Assumption(
    None,
    "What is imported and what is made at home under one code are one product, and users take "
    "either.",
    "同一代码之下，进口的与国产的视为同一种产品，使用者不加区分。",
)
VALUE_ADDED_OF_AN_HOUR = Assumption(
    30.0,
    "The table has no labour. Value added stands in for it, thirty dollars an hour, so that an "
    "industry's hours are right among industries as far as its value added is. Give real hours to "
    "`labour` where they are known.",
    "原表没有劳动数据，以增加值代替，三十美元折合一小时；各行业工时的比例因此只与增加值的比例一样可靠。"
    "有真实工时的，请改写 labour 表。",
)
UNEMPLOYMENT = Assumption(
    0.06,
    "A round figure: what could be worked beyond what was.",
    "取整数：在已有工时之外还能提供的部分。",
)
BASIC_PRODUCTS: Assumption[Mapping[str, tuple[str, ...]]] = Assumption(
    {
        "food": ("A01", "A03", "C10-C12"),
        "housing": ("L68",),
        "health": ("C21", "Q"),
        "education": ("P85",),
        "water and waste": ("E36", "E37-E39"),
        "energy": ("D35",),
        "transport": ("H49",),
    },
    "What people cannot do without, as far as the 56 codes tell it apart. What else households "
    "took is personal.",
    "人们生活离不开的东西，以 56 个代码所能区分者为限。住户的其他消费归个人需求。",
)
GOODS = Assumption(
    ("A", "B", "C"),
    "Farms, mines and factories make goods, which keep: codes that begin so. All else does not.",
    "农业、采矿业和制造业的产品可以储存，即以这些字母开头的代码；其余不能。",
)
NO_GOODS = Assumption(
    ("C33",),
    "Repair and installation is a service.",
    "修理与安装是服务。",
)
INVESTORS = Assumption(
    None,
    "The table says what was invested, not by whom: in proportion to value added.",
    "原表只说明投资了什么，没有说明由谁投资：按增加值分摊。",
)
ASSUMPTIONS = {**COMMON, **collect(globals())}
