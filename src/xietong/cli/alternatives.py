"""xietong alternatives: plans nearly as good that differ most."""

from pathlib import Path
from typing import Annotated

import typer

Economy = Annotated[Path, typer.Argument(help="Folder of the economy. 经济数据文件夹。")]
Plan = Annotated[Path, typer.Argument(help="Folder of its best plan. 最优计划文件夹。")]
Differ = Annotated[
    str,
    typer.Option(
        "--in",
        help="leisure, skills, limits, regions, or one: skill:nurse, limit:carbon, region:north, "
        "means:oven, need:bread. 按什么拉开差别，或只看一项。",
    ),
]
Count = Annotated[int, typer.Option(help="How many at most. 最多几个。", min=1)]
Within = Annotated[
    float, typer.Option(help="What each step may lose. 各步骤最多损失的比例。", min=0.0)
]
Out = Annotated[
    Path | None,
    typer.Option("--out", help="Folder for the plans, 1, 2, … 各计划写到此文件夹的 1、2……"),
]


def alternatives(
    economy: Economy,
    plan: Plan,
    differ_in: Differ = "leisure",
    count: Count = 3,
    within: Within = 0.01,
    out: Out = None,
) -> None:
    """Plans nearly as good that differ most · 几乎同样好的备选方案"""
    from xietong.cli.terminal import in_one_sentence

    with in_one_sentence():
        from xietong.cli.plan import progress
        from xietong.cli.terminal import language, say
        from xietong.planning import Economy, Plan
        from xietong.planning import alternatives as find

        best = Plan.read(plan, Economy.read(economy))
        with progress() as show:
            found = find(best, differ_in, count=count, within=within, progress=show)
        if not found:
            print(say("No plan that differs is as good.", "没有既有差别又同样好的计划。"))
        for number, each in enumerate(found, 1):
            print(f"{number}. {each.text(language())}\n")
            if out is not None:
                each.plan.write(out / str(number))
