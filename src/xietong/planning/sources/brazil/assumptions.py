"""What Brazil's tables do not say and an economy in kind needs: every choice, and why."""

from collections.abc import Mapping
from dataclasses import replace

from xietong.planning.sources.assumptions import COMMON, Assumption, collect

YEAR = 2021


def of_year(text: str, year: int) -> str:
    """Return what is said of 2021 as it holds for another year."""
    return text.replace(str(YEAR), str(year))


UNIT = Assumption(
    "million reais of 2021 at basic prices, delivered",
    "The tables count nothing else in common. What the maker got for it in 2021 fixes the size of "
    "a unit once and for all; it is no price. Taxes are left out. Every user of a product is taken "
    "to have paid the same tax and margin on a unit, since the tables give them by product only.",
    "原表没有其他共同计量单位。单位的大小按 2021 年生产者所得一次定死，不再是价格。税收剔除不计。"
    "原表只按产品给出税收和流通费用，因此假定同一产品的各使用者每单位负担相同。",
)
MARGINS = Assumption(
    None,
    "What trade and transport add to a product is a service that whoever supplies it takes as an "
    "input, so that a delivered unit is whole and nobody has to order retail trade.",
    "商业和运输附加在产品上的部分，作为供应者的服务投入，这样交付的一单位就是完整的，"
    "谁也不必另外订购“零售”。",
)
VEHICLE_TRADE = Assumption(
    "45001",
    "Trade and repair of vehicles hands out margins of its own, beside general trade.",
    "汽车销售与维修与一般批发零售分开，有自己的商业费用。",
)
VEHICLE_TRADE_GOODS = Assumption(
    ("29911", "29912", "29921", "30001", "22001", "27001"),
    "The tables do not say which goods the trade in vehicles handles. These are the ones it sells: "
    "cars, trucks and buses, parts, motorcycles, tyres, batteries. In this order it takes all of "
    "their trade margins until its own are handed out; all other goods go through general trade.",
    "原表没有说明汽车商业经销哪些商品。这里按其实际经营的商品：轿车、卡车与客车、零部件、摩托车、"
    "轮胎、蓄电池，依次承担它们的全部商业费用，直到汽车商业的总额分完；其余商品由一般批发零售承担。",
)
CARRIERS = Assumption(
    None,
    "The tables do not say which goods go by road or rail and which by water, so each product "
    "takes both in the proportion of the whole country.",
    "原表没有说明各产品走陆路还是水路，因此每种产品都按全国的比例使用两者。",
)
SKILL = Assumption(
    "work",
    "The tables count jobs and do not tell one kind of work from another.",
    "原表只统计就业岗位，不区分工种。",
)
WEEKLY_HOURS = Assumption(
    39.0,
    "About the usual week of all workers in IBGE's household survey (PNAD Contínua).",
    "约等于巴西地理统计局住户调查（PNAD Contínua）中全体劳动者的通常周工时。",
)
WORKING_WEEKS = Assumption(
    46.0,
    "A year less thirty days of paid leave and some ten public holidays.",
    "全年减去三十天带薪假和约十天公共假日。",
)
UNEMPLOYMENT = Assumption(
    0.132,
    "The mean of 2021 in IBGE's household survey: so large a share of those who wanted work had "
    "none. They offer as many hours as everyone else.",
    "巴西地理统计局住户调查 2021 年平均失业率：想工作的人中有这么多没有工作。"
    "他们愿意提供的工时与其他人一样。",
)
CAPACITY_MARGIN = Assumption(
    0.10,
    "Manufacturing ran at some four fifths of its capacity in 2021. A tenth more everywhere is "
    "what can be had without building, farms and services included, where nobody measures it.",
    "2021 年制造业产能利用率约为八成。农业和服务业没有这类统计，"
    "因此各行业一律假定不新建也能多产一成。",
)
MIX_MARGIN = Assumption(
    0.25,
    "The tables know what an industry made, not what it could have made instead. Farms, mills and "
    "shops change what they make from season to season; without this, an eighth more milk would "
    "take an eighth more of everything that livestock farms give. So each industry can make more "
    "of one product than its usual mix holds, up to a quarter of what it made of it, within the "
    "same capacity and with its usual inputs and hours.",
    "原表只说明一个行业生产了什么，没有说明它本可以改产什么。农场、工厂和服务单位年年都在调整品种；"
    "不允许调整，多要八分之一的牛奶就得让畜牧业样样都多产八分之一。因此各行业可在同一能力之内、"
    "按通常的投入和工时多产某一种产品，最多为该产品原产量的四分之一。",
)
IMPORT_MARGIN = Assumption(
    0.10,
    "Contracts, ships and harbours for a product can grow by about a tenth in a year. Without a "
    "bound a plan would import whatever takes the most labour at home, meals at restaurants first.",
    "一种产品的合同、船舶和港口一年内大约能增加一成。不设上限，计划就会把国内最费劳动的东西"
    "全部改为进口，首先就是餐馆里的饭菜。",
)
TRADE_ENTERPRISE = Assumption(
    "4680",
    "Imports and exports are the business of wholesale trade.",
    "进出口归批发商业办理。",
)
FOREIGN_CURRENCY_UNIT = Assumption(
    "million reais of 2021 across the border",
    "Exports earn what the world paid for them on departure, imports take what they cost on "
    "arrival.",
    "出口所得按离境时国外支付的金额计，进口所用按到岸金额计。",
)
TRADE_SURPLUS = Assumption(
    None,
    "What exports brought beyond imports in 2021 paid incomes abroad. It is kept as a need of the "
    "reserve tier, so that the plan goes on earning it while it can and cuts it first.",
    "2021 年出口多于进口的部分用来支付国外收益。把它列为储备层次的需求，"
    "有余力时继续挣得，不足时首先削减。",
)
BASIC_PRODUCTS: Assumption[Mapping[str, tuple[str, ...]]] = Assumption(
    {
        "food": (
            *("01911", "01912", "01914", "01915", "01916", "01917", "01918", "01919"),
            *("01921", "01922", "01923", "01924", "02802"),
            *("10911", "10912", "10913", "10914", "10915", "10916", "10921"),
            *("10931", "10932", "10933", "10934", "10935", "10937"),
        ),
        "housing": ("68001", "68002", "78801"),
        "health": ("21001", "86921"),
        "education": ("85921",),
        "water": ("36801",),
        "energy": ("02801", "19916", "35001"),
        "transport": ("49002", "50001"),
    },
    "What people cannot do without: what kitchens get, homes, care, schooling, water, light and "
    "cooking fuel (bottled gas, firewood), and transport for all. What else households took, "
    "private cars and their fuel, drink and meals out included, is personal.",
    "人们生活离不开的东西：进厨房的食物、住房、医疗、教育、水、照明与做饭的燃料（液化气、柴火）"
    "以及公共交通。住户的其他消费，包括私人汽车及其燃料、酒水和在外就餐，归个人需求。",
)
FIRST_SERVICE = Assumption(
    "33001",
    "The codes follow the classification of activities: goods, which keep, come before repair, and "
    "services after it.",
    "代码按经济活动分类排列：维修之前是可储存的货物，从维修起是服务。",
)
GOODS_AMONG_SERVICES = Assumption(
    ("58001",),
    "Books, newspapers and magazines are classed with publishing, and keep.",
    "图书、报纸与杂志归在出版业，但可以储存。",
)
SPOILS = Assumption(
    ("01914", "01922"),
    "Cut cane and raw milk have to be processed within days.",
    "砍下的甘蔗和生鲜乳几天之内就得加工。",
)
FOOD_LOSS = Assumption(
    0.05,
    "Of harvests and foods in store about a twentieth spoils in a year, a cautious round figure.",
    "储存的农产品和食品一年约损耗二十分之一，取谨慎的整数。",
)

ASSUMPTIONS: Mapping[str, Assumption[object]] = {**COMMON, **collect(globals())}

UNEMPLOYMENT_BY_YEAR: Mapping[int, float] = dict(
    zip(
        range(2000, 2022),
        (
            *(0.095, 0.095, 0.09, 0.095, 0.09, 0.095, 0.085, 0.08, 0.07, 0.085, 0.075),
            *(0.065, 0.075, 0.07, 0.07, 0.085, 0.115, 0.125, 0.125, 0.12, 0.135, 0.132),
        ),
        strict=True,
    )
)
FINEST_ONLY = (
    *("VEHICLE_TRADE", "VEHICLE_TRADE_GOODS", "TRADE_ENTERPRISE", "BASIC_PRODUCTS"),
    *("FIRST_SERVICE", "GOODS_AMONG_SERVICES", "SPOILS"),
)


def assumptions(year: int, *, finest: bool) -> Mapping[str, Assumption[object]]:
    """Return the assumptions for the table of a year, of the finest level or a coarser one."""
    if year == YEAR and finest:
        return ASSUMPTIONS
    chosen = {
        name: replace(
            a,
            value=of_year(a.value, year) if isinstance(a.value, str) else a.value,
            en=of_year(a.en, year),
            zh=of_year(a.zh, year),
        )
        for name, a in ASSUMPTIONS.items()
        if finest or name not in FINEST_ONLY
    }
    chosen["UNEMPLOYMENT"] = Assumption(
        UNEMPLOYMENT_BY_YEAR[year],
        "About the mean of the year in IBGE's household surveys, to half a point; 2000 and 2010 "
        "had none and lie between their neighbours. Those without work offer as many hours as "
        "everyone else.",
        "约为巴西地理统计局住户调查的当年平均失业率，取整到半个百分点；2000 年和 2010 年没有调查，"
        "取相邻年份之间的值。没有工作的人愿意提供的工时与其他人一样。",
    )
    chosen["CAPACITY_MARGIN"] = COMMON["CAPACITY_MARGIN"]
    if not finest:
        chosen["BASIC_PRODUCTS"] = Assumption(
            None,
            "At this level food, homes, health, schooling, water, energy and transport for all are "
            "told from the rest as far as the products are apart.",
            "在这一级，食物、住房、医疗、教育、水、能源和公共交通只能按产品分类的粗细与其他需求分开。",
        )
    return chosen
