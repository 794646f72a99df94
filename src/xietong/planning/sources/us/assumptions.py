"""What the United States' tables do not say and an economy in kind needs: every choice, and why."""

from collections.abc import Mapping

from xietong.planning.sources.assumptions import COMMON, Assumption, collect

UNIT = Assumption(
    "million dollars of the year at producers' prices",
    "The tables count nothing else in common. What the maker got for it that year fixes the size "
    "of a unit once and for all; it is no price. At producers' prices trade and transport are "
    "products of their own, which users take beside the goods.",
    "原表没有其他共同计量单位。单位的大小按当年生产者所得一次定死，不再是价格。"
    "按生产者价格，商业和运输本身就是产品，由使用者与货物一起取用。",
)
FOREIGN_CURRENCY_UNIT = Assumption(
    "million dollars of the year across the border",
    "Exports earn and imports cost what the tables book for them.",
    "出口所得与进口所费均按原表所记金额计。",
)
MIX_MARGIN = Assumption(
    0.0,
    "At this detail nearly every industry makes one product and some by-products: it runs more or "
    "less, and does not shift.",
    "在这样细的分类下，几乎每个行业都是一种产品加少量副产品：只有多开少开，没有品种调整。",
)
WORKING_HOURS = Assumption(
    1_725.0,
    "A job's hours in a year: about 34.5 a week, which the establishment survey of the Bureau of "
    "Labor Statistics reports, in 50 weeks.",
    "一个岗位一年的工时：劳工统计局企业调查的每周约 34.5 小时，按 50 周计。",
)
BASIC_PRODUCTS: Assumption[Mapping[str, tuple[str, ...]]] = Assumption(
    {
        "food": (
            *("111200", "111300", "112300", "114000", "311210", "311221", "311225", "311230"),
            *("311410", "311420", "311513", "311514", "31151A", "311615", "31161A", "311700"),
            *("311810", "3118A0", "311940", "311990", "445000"),
        ),
        "housing": ("531HSO", "531HST"),
        "health": (
            *("325412", "325413", "325414", "446000", "621100", "621200", "621300", "621400"),
            *("621500", "621600", "621900", "622000", "623A00", "623B00"),
        ),
        "education": ("611100", "611A00", "624400"),
        "water and waste": ("221300", "562000", "562111"),
        "energy": ("221100", "221200"),
        "transport": ("485000",),
    },
    "What people cannot do without: what kitchens get and the shops that bring it, homes, care, "
    "schooling and child care, water, waste, light and heat, and transport for all. What else "
    "households took, private cars and their fuel, drink and meals out included, is personal.",
    "人们生活离不开的东西：进厨房的食物及其商店、住房、医疗、教育与托儿、水与垃圾处理、"
    "照明取暖以及公共交通。住户的其他消费，包括私人汽车及其燃料、酒水和在外就餐，归个人需求。",
)
GOODS = Assumption(
    ("11", "21", "3", "5111", "S00401", "S00402"),
    "Goods, which keep, are what farms, mines and factories make, printed matter, scrap and used "
    "goods: codes that begin so. All else is services and buildings, which do not.",
    "可储存的货物是农业、采矿业、制造业的产品以及印刷品、废料和旧货，即以这些数字开头的代码；"
    "其余是服务和建筑，不能储存。",
)
NO_GOODS = Assumption(
    ("115000", "213111", "21311A", "332710", "332800", "339116"),
    "Services that are classed with farms, mines and factories: support, drilling, work on other "
    "people's material.",
    "归在农、矿、制造业之内的服务：辅助服务、钻井、来料加工。",
)
SPOILS = Assumption(
    ("112120", "311810", "327320"),
    "Raw milk, fresh bread and mixed concrete do not keep.",
    "生鲜乳、新鲜面包和预拌混凝土不能久放。",
)
FOODS = Assumption(
    ("111", "112", "114", "311", "312"),
    "Harvests and foods: codes that begin so.",
    "农产品和食品：以这些数字开头的代码。",
)
FOOD_LOSS = Assumption(
    0.05,
    "Of harvests and foods in store about a twentieth spoils in a year, a cautious round figure.",
    "储存的农产品和食品一年约损耗二十分之一，取谨慎的整数。",
)
INVESTORS = Assumption(
    {
        "residential": ("531HSO", "531HST"),
        "defence": ("S00500",),
        "nondefence": ("S00600",),
        "local": ("GSLGE", "GSLGH", "GSLGO", "S00201", "S00202", "S00203"),
    },
    "The tables say what was invested, not by whom. Homes go to housing and public investment to "
    "its government, in proportion to output; private equipment, structures and intellectual "
    "property to all other industries in proportion to their operating surplus, which is where "
    "capital stands.",
    "原表只说明投资了什么，没有说明由谁投资。住宅归住房业，政府投资归各级政府，均按产出分摊；"
    "私人设备、建筑和知识产权归其他各行业，按营业盈余分摊，因为那里就是资本所在。",
)
ASSUMPTIONS = {**COMMON, **collect(globals())}
