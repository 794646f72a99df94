"""xietong explain: why a need is met or cut."""

from pathlib import Path
from typing import Annotated

import typer

Plan = Annotated[Path, typer.Argument(help="Folder of the plan. 计划文件夹。")]
Need = Annotated[str, typer.Argument(help="The need. 需求代号。")]
Lang = Annotated[
    str | None, typer.Option("--lang", help="en or zh; the terminal's if not given. en 或 zh。")
]
Economy = Annotated[
    Path | None,
    typer.Option(
        help="Folder of the plan's economy: large plans need it. 经济数据文件夹，大型计划需要。"
    ),
]
Chart = Annotated[
    Path | None,
    typer.Option(
        help="File for the picture as well: svg, png or html. 同时把图写入 svg、png 或 html 文件。"
    ),
]


def explain(
    plan: Plan, need: Need, lang: Lang = None, economy: Economy = None, chart: Chart = None
) -> None:
    """Say why a need is met or cut, and what it takes · 说明需求为何满足或削减"""
    from xietong.cli.terminal import fail, in_one_sentence

    with in_one_sentence():
        from xietong.cli.terminal import language, save, say
        from xietong.planning import Economy, Plan

        if lang not in (None, "en", "zh"):
            fail(say(f"--lang is en or zh, not {lang}", f"--lang 只能是 en 或 zh，不能是 {lang}"))
        tongue = language() if lang is None else "zh" if lang == "zh" else "en"
        source = Economy.read(economy) if economy is not None else None
        explanation = Plan.read(plan, source).explain(need)
        print(explanation.text(tongue))
        if chart is not None:
            save(explanation.plot(tongue), chart)
