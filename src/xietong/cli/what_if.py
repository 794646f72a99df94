"""xietong what-if: the plan again, with something changed, beside the one there is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from xietong.planning.changes import Amount, Changes, Key

Economy = Annotated[Path, typer.Argument(help="Folder of the economy. 经济数据文件夹。")]
Plan = Annotated[Path, typer.Argument(help="Folder of its plan. 计划文件夹。")]
Weight = Annotated[
    list[str] | None, typer.Option(help="NEED=AMOUNT: its weight. 需求=数量：权重。")
]
Target = Annotated[
    list[str] | None,
    typer.Option(help="NEED=AMOUNT, or NEED=90% of what it was. 需求=数量，或 需求=90%。"),
]
Hours = Annotated[
    list[str] | None,
    typer.Option(help="SKILL=90%, or SKILL@REGION=AMOUNT. 工种=90%，或 工种@地区=数量。"),
]
Means = Annotated[
    list[str] | None, typer.Option(help="MEANS=AMOUNT; 0: lost. 生产资料=数量；0 表示失去。")
]
Limit = Annotated[list[str] | None, typer.Option(help="LIMIT=AMOUNT. 限额=数量。")]
Stock = Annotated[list[str] | None, typer.Option(help="PRODUCT=AMOUNT at first. 产品=期初库存。")]
Harmony = Annotated[
    str | None,
    typer.Option(
        help="segments or smooth; by itself that of the plan. "
        "segments（分段）或 smooth（光滑）；不写则与原计划相同。"
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        help="Folder for the new plan and its economy. 新计划与相应经济数据写到这个文件夹。",
    ),
]


def what_if(
    economy: Economy,
    plan: Plan,
    weight: Weight = None,
    target: Target = None,
    hours: Hours = None,
    means: Means = None,
    limit: Limit = None,
    stock: Stock = None,
    harmony: Harmony = None,
    out: Out = None,
) -> None:
    """Plan again with a change, and compare · 改动后重新编制并比较"""
    from xietong.cli.terminal import in_one_sentence

    with in_one_sentence():
        from xietong.cli.plan import progress
        from xietong.cli.terminal import language, say
        from xietong.planning import Economy, Plan

        made = Plan.read(plan, Economy.read(economy))
        with progress() as show:
            other = made.with_changes(
                weights=changes(weight), targets=changes(target), hours=changes(hours),
                means=changes(means), limits=changes(limit), stocks=changes(stock),
                harmony=harmony, progress=show,
            )  # fmt: skip
        print(other.text(language()))
        if out is not None:
            other.economy.write(out / "economy")
            other.plan.write(out / "plan")
            print(
                say(
                    f"The economy and its plan are in {out}/economy and {out}/plan.",
                    f"经济数据与计划已写入 {out}/economy 和 {out}/plan。",
                )
            )


def changes(words: list[str] | None) -> "Changes":
    """Return `NAME=AMOUNT` and `NAME@REGION=AMOUNT` as changes, the last of a name."""
    from xietong.planning import PlanningError

    asked: dict[Key, Amount] = {}
    for word in words or []:
        name, equals, amount = word.rpartition("=")
        if not equals or not name:
            raise PlanningError(
                f"{word!r} changes nothing; write NAME=AMOUNT, such as bread=90%",
                f"{word!r} 不是改动；请写成 名称=数量，如 bread=90%",
            )
        thing, at, region = name.rpartition("@")
        try:
            value: Amount = float(amount)
        except ValueError:
            value = amount
        asked[(thing, region) if at else name] = value
    return asked
