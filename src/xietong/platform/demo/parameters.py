"""The numbers of the demo country that its people can move by vote."""

from dataclasses import dataclass
from decimal import Decimal

from xietong.planning.sources.brazil.assumptions import WEEKLY_HOURS, WORKING_WEEKS
from xietong.platform.distribution import actions as distribution
from xietong.platform.record import actions as record

from . import assumptions as assumed


@dataclass(frozen=True, kw_only=True, slots=True)
class Founding:
    """A parameter with the bounds within which a vote may move it."""

    code: str
    value: Decimal
    lowest: str
    highest: str
    name_en: str
    name_zh: str
    unit_en: str
    unit_zh: str


def publish(share_of_year: float) -> None:
    """Define every parameter; hours are those of a round, `share_of_year` of a year's."""
    hours = Decimal(str(round(WEEKLY_HOURS.value * WORKING_WEEKS.value * share_of_year, 1)))
    for each in (
        Founding(
            code="hours_a_person",
            value=hours,
            lowest="40",
            highest="200",
            name_en="Hours a worker offers in a round",
            name_zh="每位劳动者每轮提供的工时",
            unit_en="hours",
            unit_zh="小时",
        ),
        Founding(
            code="leisure_share",
            value=assumed.LEISURE_SHARE,
            lowest="0.01",
            highest="0.5",
            name_en="How much less work the scenario with more free time asks",
            name_zh="“多一些闲暇”方案减少的工时比例",
            unit_en="share of hours",
            unit_zh="占工时的比例",
        ),
        Founding(
            code="line_hours_minimum",
            value=assumed.LINE_MINIMUM,
            lowest="0",
            highest="1",
            name_en="Hours on the line asked of managers",
            name_zh="管理人员参加生产劳动的最低要求",
            unit_en="share of their hours",
            unit_zh="占其工时的比例",
        ),
        Founding(
            code="price_band",
            value=assumed.PRICE_BAND,
            lowest="0",
            highest="0.5",
            name_en="How far scarcity may move prices",
            name_zh="积分价随供需浮动的幅度",
            unit_en="share of the labour value",
            unit_zh="占劳动价值的比例",
        ),
        Founding(
            code="balance_pull",
            value=assumed.BALANCE_PULL,
            lowest="0",
            highest="1",
            name_en="How fast the rate of issue follows the credits and goods left over",
            name_zh="积分率随结余的积分与产品调整的快慢",
            unit_en="share of the gap a round",
            unit_zh="每轮占差额的比例",
        ),
        Founding(
            code="normal_purse",
            value=assumed.NORMAL_PURSE,
            lowest="0",
            highest="12",
            name_en="Credits that people normally keep",
            name_zh="人们平常留存的积分",
            unit_en="rounds of goods",
            unit_zh="相当于几轮的产品",
        ),
    ):
        record.define_parameter(
            each.code,
            value=each.value,
            lowest=Decimal(each.lowest),
            highest=Decimal(each.highest),
            name_en=each.name_en,
            name_zh=each.name_zh,
            unit_en=each.unit_en,
            unit_zh=each.unit_zh,
            reason="founding of the country / 建国",
        )
    distribution.publish_parameters()
