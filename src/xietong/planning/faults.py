"""What is wrong with an economy or a plan, said to people in their language."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, what, and what would be right.

    `row` counts the rows of data from 1 (a heading line is not counted); `row` and `column` are
    None where the fault is of the whole table.
    """

    table: str
    row: int | None
    column: str | None
    en: str
    zh: str

    def text(self, language: Language = "en") -> str:
        """Return the fault as one sentence in English (`en`) or Chinese (`zh`)."""
        if language == "zh":
            row = f"第 {self.row} 行" if self.row is not None else ""
            column = f" {self.column} 列" if self.column is not None else ""
            return f"{self.table}{' 表' if self.table else ''}{row}{column}：{self.zh}"
        row = f", row {self.row}" if self.row is not None else ""
        column = f", column {self.column}" if self.column is not None else ""
        return f"{self.table}{row}{column}: {self.en}"

    def __str__(self) -> str:
        return self.text("en")


class PlanningError(Exception):
    """Something that can be told to a person in one sentence, in English and in Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh

    def text(self, language: Language = "en") -> str:
        """Return the sentence in English (`en`) or Chinese (`zh`)."""
        return self.zh if language == "zh" else self.en


class EconomyError(PlanningError):
    """An economy that cannot be planned with; `faults` names everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "\n".join(fault.text("en") for fault in faults),
            "\n".join(fault.text("zh") for fault in faults),
        )


@dataclass(frozen=True)
class Commitment:
    """A final stock: `final` units of `product` in `region` are to be left.

    It would have to be `short` by so many units if it alone gave way, of those in its conflict.
    """

    product: str
    region: str
    final: float
    short: float


@dataclass(frozen=True)
class Conflict:
    """Commitments that no plan can keep together, while without any one of them some plan can."""

    commitments: tuple[Commitment, ...]

    def text(self, language: Language = "en") -> str:
        """Return the conflict as a clause in English (`en`) or Chinese (`zh`)."""
        if len(self.commitments) == 1:
            (c,) = self.commitments
            if language == "zh":
                return f"{c.region} 的 {c.product} 要求 {c.final:g}，还差 {c.short:g}"
            return f"{c.product} in {c.region} is short by {c.short:g} of {c.final:g}"
        if language == "zh":
            asked = "、".join(f"{c.region} 的 {c.product}（{c.final:g}）" for c in self.commitments)
            less = "，或 ".join(f"{c.product} 少留 {c.short:g}" for c in self.commitments)
            return f"{asked}不能同时留足：{less}"
        asked = " and ".join(f"{c.product} in {c.region} ({c.final:g})" for c in self.commitments)
        less = " or ".join(f"{c.short:g} less of {c.product}" for c in self.commitments)
        return f"{asked} contradict each other: leave {less}"


class ContradictionError(PlanningError):
    """Commitments that contradict what there is; `conflicts` names them and by how much.

    The conflicts share no commitment, and each stands in the way by itself.
    """

    def __init__(self, conflicts: list[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(
            "no plan leaves the final stocks asked for: "
            + "; ".join(c.text("en") for c in conflicts),
            "没有任何计划能留下所要求的期末库存：" + "；".join(c.text("zh") for c in conflicts),
        )
