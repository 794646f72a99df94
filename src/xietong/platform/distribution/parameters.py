"""The numbers of the rules, published with the bounds within which a vote may move them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xietong.platform.record.models import Parameter


@dataclass(frozen=True, slots=True)
class Definition:
    """A parameter as it stands until people vote otherwise."""

    code: str
    name_en: str
    name_zh: str
    value: str
    lowest: str
    highest: str
    unit_en: str = ""
    unit_zh: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the rules compare with; field by field the parameter `need_…` of the same name."""

    rounds: int = 3
    cover: float = 1.0
    missed: float = 0.02
    levelled_change: float = 0.1
    levelled_rounds: int = 2
    budget_share: float = 0.02
    trial_rounds: int = 3
    quota_times: float = 1.5
    least_cover: float = 0.9
    most_missed: float = 0.1
    runaway: float = 0.25
    short_rounds: int = 2
    waiting_rounds: int = 6


ROUNDS = ("rounds", "轮")
DEFINITIONS = (
    Definition(
        "need_rounds", "Rounds seen before a step towards need", "迈向按需前须观察的轮数",
        "3", "1", "12", *ROUNDS,
    ),
    Definition(
        "need_cover", "Cover that a step towards need takes", "迈向按需所需的计划满足率",
        "1", "0.8", "1",
    ),
    Definition(
        "need_missed", "Most that may be missing before a step", "迈向按需前允许的缺货比例",
        "0.02", "0", "0.2",
    ),
    Definition(
        "need_levelled_change", "Change of use a round that counts as level",
        "视为用量平稳的每轮变化幅度", "0.1", "0.01", "0.5",
    ),
    Definition(
        "need_levelled_rounds", "Rounds for which use has to be level", "用量须保持平稳的轮数",
        "2", "1", "8", *ROUNDS,
    ),
    Definition(
        "need_budget_share", "Most that one step may cost, of all planned hours",
        "一步最多可占计划总工时的比例", "0.02", "0", "0.5",
    ),
    Definition(
        "need_trial_rounds", "Length of a trial in one region", "一个地区试行的轮数",
        "3", "2", "8", *ROUNDS,
    ),
    Definition(
        "need_quota_times", "A quota, in times of what those who take it take",
        "配额为领取者平均用量的倍数", "1.5", "1", "5",
    ),
    Definition(
        "need_least_cover", "Cover below which a product is rolled back",
        "低于此满足率即自动退回", "0.9", "0.1", "1",
    ),
    Definition(
        "need_most_missed", "Share missing above which a product is rolled back",
        "缺货超过此比例即自动退回", "0.1", "0", "0.9",
    ),
    Definition(
        "need_runaway", "Use above the estimate at which a product is rolled back",
        "用量超出估计上限多少即自动退回", "0.25", "0", "3",
    ),
    Definition(
        "need_short_rounds", "Rounds of shortage after which a product is rolled back",
        "连续短缺几轮后自动退回", "2", "1", "8", *ROUNDS,
    ),
    Definition(
        "need_waiting_rounds", "Waiting time before the next try", "再次尝试前的等待轮数",
        "6", "1", "24", *ROUNDS,
    ),
    Definition(
        "most_free_share", "Fair share of what is free, in times of what those who take it take",
        "免费产品每人每轮上限，为领取者平均用量的倍数", "4", "1.5", "20",
    ),
)  # fmt: skip


def in_force() -> Limits:
    """The limits as people have set them; what a country has not published yet is as above."""
    codes = {f"need_{field}": field for field in Limits.__dataclass_fields__}
    values: dict[str, Decimal] = {
        definition.code: Decimal(definition.value) for definition in DEFINITIONS
    }
    values |= dict(Parameter.objects.filter(code__in=codes).values_list("code", "value"))
    limits: dict[str, Any] = {
        field: int(values[code]) if field.endswith("rounds") else float(values[code])
        for code, field in codes.items()
    }
    return Limits(**limits)
