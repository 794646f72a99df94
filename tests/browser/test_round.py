"""A whole round as people walk through it."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visit, may_sign_in
from tests.browser.walker import Walker
from tests.platform import factories
from tests.platform.factories import Country

from xietong.platform.enterprises import actions as enterprises
from xietong.platform.needs import actions as needs
from xietong.platform.needs.models import OrderLine
from xietong.platform.people.models import Person
from xietong.platform.record import chain
from xietong.platform.record.queries import ENTRIES_A_PAGE

pytestmark = pytest.mark.browser


@pytest.fixture
def country(nothing_waits: None) -> Country:
    """Everyone but Ana has ordered; rice can also be made with soap, if with more work."""
    country = factories.found(3)
    enterprises.add_technique(
        enterprises.TechniqueDraft(
            code="wash-rice",
            enterprise="rice-makers",
            name_en="Washing rice",
            name_zh="淘洗稻米",
            hours=Decimal(3),
            inputs={"soap": Decimal("0.1")},
            outputs={"rice": Decimal(1)},
            occupies={},
        )
    )
    for person in country.everyone[1:]:
        needs.place_order(person, quantities={good.code: good.ordered for good in country.goods})
    may_sign_in()
    return country


def test_that_a_person_walks_from_an_order_to_what_became_of_it(
    country: Country, worker: None, visit: Visit
) -> None:
    ana, bruno = visit(), visit()
    ana.sign_in(country.planner)
    bruno.sign_in(country.everyone[1])
    searches(ana)
    orders(ana)
    takes_the_orders(ana)
    votes(ana)
    reports(ana)
    logs_hours(ana)
    certifies(bruno)
    chairs = promised_chairs(country.planner)
    collects(ana, chairs)
    closes_the_round(ana)
    reads_what_became_of_it(ana, chairs)
    checks_the_record(ana)


def searches(ana: Walker) -> None:
    ana.go("/catalogue/")
    ana.reads("3 products", "共3种产品")
    for words in ("rice", "稻米", "daomi", "dm"):
        ana.fill("Search the catalogue", "搜索产品目录", words)
        ana.press("Search", "搜索")
        ana.reads("1 product", "共1种产品")
        assert [row[0] for row in ana.table("Catalogue", "产品目录")] == [ana.say("Rice", "稻米")]


def orders(ana: Walker) -> None:
    ana.fill("Units of Rice", "稻米的数量", "20")
    ana.press("Order Rice", "订购稻米")
    ana.told("Rice: 20 in your basket.", "已把20单位稻米放进需求篮。")
    ana.go("/catalogue/")
    ana.fill("Units of Chair", "椅子的数量", "30")
    ana.press("Order Chair", "订购椅子")
    ana.told("Chair: 30 in your basket.", "已把30单位椅子放进需求篮。")
    ana.go("/basket/")
    assert in_the_basket(ana) == [[ana.say("Chair", "椅子"), "30"], [ana.say("Rice", "稻米"), "20"]]
    ana.fill("Units of Chair", "椅子的数量", "20")
    ana.press("Save the order", "保存订购")
    ana.told("Your order is saved.", "您的订购已保存。")
    assert in_the_basket(ana) == [[ana.say("Chair", "椅子"), "20"], [ana.say("Rice", "稻米"), "20"]]


def in_the_basket(ana: Walker) -> list[list[str]]:
    return [[name, units] for name, _, units, _ in ana.table("My order", "我的订购")]


def takes_the_orders(ana: Walker) -> None:
    ana.go("/round/")
    ana.follow("Take the orders and draft plans", "截止订购，拟定计划")
    ana.press("Take the orders and draft plans", "截止订购，拟定计划")
    ana.told(
        "The orders of round 1 are taken; its plan is being drafted.",
        "第1轮的订购已截止，正在拟定计划。",
    )


def votes(ana: Walker) -> None:
    # The page looks again by itself until the plans are there.
    ana.follow("Vote", "投票")
    ana.titled("Which plan for round 1?", "第1轮采用哪个计划？")
    ana.input("More goods", "多一些产品").check()
    ana.press("Cast my ballot", "投票")
    ana.told(
        "Your ballot is cast. You can change it until the vote ends.",
        "您的选票已投出，表决结束前都可以修改。",
    )
    ana.go("/round/")
    ana.follow("End the vote", "结束表决")
    ana.press("End the vote", "结束表决")
    ana.told("The ballots of round 1 are counted.", "第1轮的选票已清点。")
    ana.reads("The plan “More goods” is at work", "正在执行计划“多一些产品”")
    ana.go("/decisions/")
    [[motion, chosen, ballots, entitled, _]] = ana.table("Decided", "已决定")
    assert motion == ana.say("Which plan for round 1?", "第1轮采用哪个计划？")
    assert (chosen, ballots, entitled) == (ana.say("More goods", "多一些产品"), "1", "8")


def reports(ana: Walker) -> None:
    ana.go("/enterprise/")
    rice = ana.say("Rice piece", "稻米 件")
    assert ana.table("To make", "要生产") == [[rice, "165", "0", "0.0%"]]
    ana.follow("Report what was made", "上报生产")
    expect(ana.input("Rice", "稻米")).to_have_value("165")
    ana.fill("Rice", "稻米", "100")
    ana.press("Report", "上报")
    ana.told("Reported: what was made lies in the store.", "已上报，产品已经入库。")
    assert ana.table("To make", "要生产") == [[rice, "165", "100", "60.6%"]]
    ana.follow("Report what was used", "上报耗用")
    ana.fill("Soap", "肥皂", "2")
    ana.press("Report", "上报")
    ana.told(
        "Reported: what was used is taken out of the stores.",
        "已上报，耗用的产品已从库存中扣除。",
    )
    ana.go("/catalogue/soap/")
    ana.figure("In the stores", "库存", "3")


def logs_hours(ana: Walker) -> None:
    ana.go("/work/")
    for english, chinese in (
        ("Monday", "星期一"),
        ("Tuesday", "星期二"),
        ("Wednesday", "星期三"),
        ("Thursday", "星期四"),
        ("Friday", "星期五"),
    ):
        ana.fill(english, chinese, "7.5")
    ana.press("Log my hours", "登记我的工时")
    assert [row[1:] for row in ana.table("My hours by week", "我每周的工时")] == [
        [
            ana.say(
                "37 h 30 min Monday to Friday 7 h 30 min", "37小时30分 星期一至星期五7小时30分"
            ),
            ana.say("waits for a team-mate", "等待同事核实"),
            "–",
        ]
    ]


def certifies(bruno: Walker) -> None:
    bruno.go("/work/")
    assert [row[:5] for row in bruno.table("Hours I can certify", "等我核实的工时")] == [
        [
            "Ana",
            "1",
            bruno.say(
                "37 h 30 min Monday to Friday 7 h 30 min", "37小时30分 星期一至星期五7小时30分"
            ),
            bruno.say("37 h 30 min", "37小时30分"),
            "Ana",
        ]
    ]
    bruno.press("Certify week 1 of Ana", "核实Ana第1周的工时")
    bruno.told(
        "Certified. 28.912 credits are issued to those who worked.",
        "已核实，28.912积分已发给劳动者。",
    )


def promised_chairs(person: Person) -> int:
    """Some are promised one chair more than others: the lot decides."""
    promised = OrderLine.objects.get(person=person, book=1, product="chair").allotted
    assert promised in (11, 12)
    return promised


def collects(ana: Walker, chairs: int) -> None:
    work = ana.say("37 h 30 min of work in week 1 of round 1", "第1轮第1周劳动37小时30分")
    assert moved(ana) == [[work, "+28.912"]]
    ana.go("/collection/")
    # Of the chairs promised, what is filled in is what the credits reach for.
    assert ana.table("What I can collect", "我可以领取的产品") == [
        [ana.say("Rice", "稻米"), ana.say("piece", "件"), "20", "0", "105", "1.000", "20"],
        [ana.say("Chair", "椅子"), ana.say("piece", "件"), f"{chairs}", "0", "5", "4.000", "2"],
    ]
    ana.press("Collect", "领取")
    ana.told("Collected, for 28.000 credits.", "已领取，注销28.000积分。")
    assert moved(ana) == [
        [ana.say("Collected in round 1", "在第1轮领取产品"), "-28.000"],
        [work, "+28.912"],
    ]
    ana.figure("In my account", "账户中的积分", "0.912")


def moved(ana: Walker) -> list[list[str]]:
    ana.go("/credits/")
    return [[what, credits] for what, _, credits in ana.table("What moved my account", "账户明细")]


def closes_the_round(ana: Walker) -> None:
    ana.go("/round/")
    ana.follow("Close the round", "结束这一轮")
    ana.press("Close the round", "结束这一轮")
    ana.told("Round 1 is closed.", "第1轮已结束。")


def reads_what_became_of_it(ana: Walker, chairs: int) -> None:
    ana.go("/")
    assert [row[:2] for row in ana.table("My orders by round", "我各轮的订购")] == [
        [ana.say("Round 2", "第2轮"), ana.say("taking orders", "接受订购")],
        [ana.say("Round 1", "第1轮"), ana.say("settled", "已结清")],
    ]
    ana.go("/?round=1")
    # Asked, promised, collected, missing when asked for.
    assert ana.table("My order in round 1", "我在第1轮的订购") == [
        [
            *(ana.say("Chair", "椅子"), "20", f"{chairs}", "2", "0"),
            ana.say("Why it was cut", "为什么削减"),
        ],
        [ana.say("Rice", "稻米"), "20", "20", "20", "0", "–"],
    ]
    ana.follow("Why it was cut", "为什么削减")
    ana.titled("Chair", "椅子")
    ana.reads("Why it is cut", "为什么削减")
    ana.go("/basket/")
    cut = 20 - chairs
    carried = ana.say(f"Chair {cut} carried over", f"椅子 其中{cut}为上轮结转")
    assert in_the_basket(ana) == [[carried, f"{cut}"]]


def checks_the_record(ana: Walker) -> None:
    ana.go("/record/")
    titles = ana.page.locator("article h2")
    assert titles.all_inner_texts()[:5] == [
        ana.say("A round was closed", "一轮结束"),
        ana.say("Prices and payout were published", "公布了积分价与积分率"),
        ana.say("Work was opened", "开放了工作"),
        ana.say("A plan was adopted: More goods", "计划获得通过：多一些产品"),
        ana.say("A vote was decided: Which plan for round 1?", "表决结果：第1轮采用哪个计划？"),
    ]
    with ana.page.expect_download() as download:
        ana.follow("Download the whole record", "下载全部档案")
    lines = download.value.path().read_text().splitlines()
    assert chain.verify(lines) == []
    expect(titles).to_have_count(min(len(lines), ENTRIES_A_PAGE))
