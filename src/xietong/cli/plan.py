"""xietong plan: an economy's folder goes in, a certified plan's folder comes out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from xietong.planning import Plan

Economy = Annotated[Path, typer.Argument(help="Folder of the economy. 经济数据文件夹。")]
Out = Annotated[Path, typer.Option("--out", help="Folder for the plan. 计划写到这个文件夹。")]
Start = Annotated[
    Path | None,
    typer.Option(
        help="Folder of the plan under way; departing from it costs a little. "
        "正在执行的计划；偏离它要付出一点代价。"
    ),
]
Tolerance = Annotated[float, typer.Option(help="Relative gap of each step. 各步骤的相对差距。")]
Limit = Annotated[
    float | None,
    typer.Option(
        "--time-limit", help="Seconds; then the best so far. 限时秒数，到时给出已有最好结果。"
    ),
]


def plan(
    economy: Economy,
    out: Out,
    start: Start = None,
    tolerance: Tolerance = 1e-7,
    time_limit: Limit = None,
) -> None:
    """Plan an economy and certify the plan · 编制计划并出具证书"""
    from xietong.cli.terminal import in_one_sentence

    with in_one_sentence():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        from xietong.cli.terminal import say
        from xietong.planning import Economy, Plan
        from xietong.planning import Progress as Step
        from xietong.planning import plan as make

        console = Console()
        bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console,
            transient=True,
        )  # fmt: skip
        with bar:
            task = bar.add_task(say("reading", "读取"), total=None)
            source = Economy.read(economy)
            running = Plan.read(start) if start is not None else None

            def show(step: Step) -> None:
                bar.update(task, description=step.step, completed=step.done, total=step.steps)

            result = make(
                source, start=running, tolerance=tolerance, time_limit=time_limit, progress=show
            )
            result.write(out)
        console.print(certificate(result))
        console.print(tiers(result))
        print(say(f"The plan is in {out}.", f"计划已写入 {out}。"))


def certificate(result: "Plan") -> "Table":
    """Return the certificate as a table to print."""
    from rich.table import Table

    from xietong.cli.terminal import say

    c = result.certificate
    table = Table(
        title=say("Certificate", "证书"),
        caption=say(
            f"largest relative shortage {c.shortage:.2e}, gap {c.gap:.2e}",
            f"最大相对短缺 {c.shortage:.2e}，差距 {c.gap:.2e}",
        ),
    )
    for head in (
        say("step", "步骤"), say("objective", "目标值"), say("bound", "上界"), say("gap", "差距"),
    ):  # fmt: skip
        table.add_column(head, justify="right" if table.columns else "left")
    for step in c.steps:
        table.add_row(step.step, f"{step.objective:.9f}", f"{step.bound:.9f}", f"{step.gap:.2e}")
    return table


def tiers(result: "Plan") -> "Table":
    """Return the needs met by tier as a table to print."""
    from rich.table import Table

    from xietong.cli.terminal import say

    table = Table(title=say("Needs met", "需求满足情况"))
    for head in (
        say("tier", "层次"), say("met", "已满足"), say("of", "共"), say("worst", "最差"),
        say("mean", "平均"),
    ):  # fmt: skip
        table.add_column(head, justify="right" if table.columns else "left")
    for row in result.met().iter_rows(named=True):
        table.add_row(
            row["tier"], str(row["met"]), str(row["needs"]), f"{row['worst']:.1%}",
            f"{row['mean']:.1%}",
        )  # fmt: skip
    return table
