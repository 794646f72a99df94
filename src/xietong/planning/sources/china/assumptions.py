"""What China's table does not say and an economy in kind needs: every choice, and why."""

from collections.abc import Mapping

from xietong.planning.sources.assumptions import COMMON, Assumption, collect

UNIT = Assumption(
    "million yuan of 2007 at producers' prices",
    "The table counts nothing else in common. What the maker got for it in 2007 fixes the size of "
    "a unit once and for all; it is no price. At producers' prices trade and transport are "
    "products of their own, which users take beside the goods.",
    "原表没有其他共同计量单位。单位的大小按 2007 年生产者所得一次定死，不再是价格。"
    "按生产者价格，商业和运输本身就是产品，由使用者与货物一起取用。",
)
FOREIGN_CURRENCY_UNIT = Assumption(
    "million yuan of 2007 across the border",
    "Exports earn and imports cost what the table books for them.",
    "出口所得与进口所费均按原表所记金额计。",
)
JOBS: Assumption[Mapping[str, float]] = Assumption(
    {"primary": 307.31e6, "secondary": 201.86e6, "tertiary": 244.04e6},
    "The table gives what working people earned, not how many they were. The China Statistical "
    "Yearbook counts them at the end of 2007 in farming, industry with construction, and "
    "services; within each of the three they are shared out by earnings.",
    "原表给出劳动者报酬，没有人数。《中国统计年鉴》给出 2007 年末三次产业的就业人数；"
    "各次产业之内按报酬分摊。",
)
BRANCHES: Assumption[Mapping[str, tuple[str, str]]] = Assumption(
    {"primary": ("001", "005"), "secondary": ("006", "095"), "tertiary": ("096", "135")},
    "The first and last sector of each branch.",
    "各次产业的第一个和最后一个部门。",
)
WORKING_HOURS = Assumption(
    2_200.0,
    "Hours of a working person in a year: some 45 a week, the mean of towns in the labour survey, "
    "in 49 weeks. Farmers work by season and are counted as others are.",
    "一名劳动者一年的工时：劳动力调查中城镇平均每周约 45 小时，按 49 周计。"
    "农民按农时劳作，与其他人同样计算。",
)
UNEMPLOYMENT = Assumption(
    0.04,
    "The rate registered in towns at the end of 2007. Those without work offer as many hours as "
    "everyone else.",
    "2007 年末城镇登记失业率。没有工作的人愿意提供的工时与其他人一样。",
)
BASIC_PRODUCTS: Assumption[Mapping[str, tuple[str, ...]]] = Assumption(
    {
        "food": (
            *("001", "003", "004", "011", "013", "014", "015", "016", "017", "018", "019"),
            *("020", "021"),
        ),
        "clothing": ("030",),
        "housing": ("113",),
        "health": ("046", "127"),
        "education": ("126",),
        "water": ("094",),
        "energy": ("006", "092", "093"),
        "transport": ("098",),
    },
    "What people cannot do without: food that kitchens get, clothes, homes, medicine and care, "
    "schooling, water, light, heat and cooking fuel, and transport for all. What else households "
    "took is personal.",
    "人们生活离不开的东西：进厨房的食物、衣着、住房、医药、教育、水、照明取暖与做饭的燃料"
    "以及公共交通。住户的其他消费归个人需求。",
)
LAST_GOOD = Assumption(
    "091",
    "Goods, which keep, come up to scrap; after it come services and buildings, which do not.",
    "排在“废品废料”及其之前的是可储存的货物，其后是服务和建筑，不能储存。",
)
SPOILS = Assumption(
    ("005",),
    "Services to farming are no good that keeps.",
    "农业服务不是可储存的货物。",
)
FOODS = Assumption(
    ("001", "003", "004", *(f"{code:03}" for code in range(11, 25))),
    "Harvests and foods, drink and tobacco.",
    "农产品、食品、饮料与烟草。",
)
FOOD_LOSS = Assumption(
    0.05,
    "Of harvests and foods in store about a twentieth spoils in a year, a cautious round figure.",
    "储存的农产品和食品一年约损耗二十分之一，取谨慎的整数。",
)
ERRORS = Assumption(
    None,
    "What the table could not place (its column ERR) is booked as a change of stocks.",
    "原表的误差项（ERR 列）计入库存变动。",
)
RENEWAL = Assumption(
    0.35,
    "Depreciation was about a third of fixed capital formed: a country that was building itself. "
    "In a plan of several periods a run takes this as an input, so that capacity lasts by being "
    "renewed; the rest of investment is chosen as projects.",
    "折旧约占固定资本形成的三分之一：当时全国正在大规模建设。"
    "多时期计划把它作为每次运行的投入，能力因不断更新而保持；其余投资作为项目由计划选择。",
)
INVESTORS = Assumption(
    None,
    "The table says what was invested, not by whom: in proportion to depreciation, for that is "
    "where capital stands.",
    "原表只说明投资了什么，没有说明由谁投资：按折旧分摊，因为那里就是资本所在。",
)
ASSUMPTIONS = {**COMMON, **collect(globals())}
