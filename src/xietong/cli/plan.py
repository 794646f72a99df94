"""xietong plan: an economy's folder goes in, a certified plan's folder comes out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from xietong.planning import Plan, Progress

WIDE = 1e-3  # gap from which on a step counts as not solved to the end

Economy = Annotated[Path, typer.Argument(help="Folder of the economy. 经济数据文件夹。")]
Out = Annotated[Path, typer.Option("--out", help="Folder for the plan. 计划写到这个文件夹。")]
Start = Annotated[
    Path | None,
    typer.Option(
        help="Folder of the plan under way; departing from it costs a little. "
        "正在执行的计划；偏离它要付出一点代价。"
    ),
]
Periods = Annotated[
    int | None, typer.Option(help="Plan only so many periods, the first ones. 只编制最初几期。")
]
Harmony = Annotated[
    str | None,
    typer.Option(
        help="segments, solved to a corner, or smooth, for any size; by itself what fits the size. "
        "segments（分段，求到顶点）或 smooth（光滑，规模不限）；不写则按规模选定。"
    ),
]
Tolerance = Annotated[
    float | None,
    typer.Option(
        help="Relative gap of each step; by itself 1e-7, smooth 1e-3. "
        "各步骤的相对差距；默认 1e-7，光滑时 1e-3。"
    ),
]
Limit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        help="Seconds; then, or at Ctrl-C, the best so far. "
        "限时秒数；到时或按 Ctrl-C，给出已有的最好结果。",
    ),
]


def plan(
    economy: Economy,
    out: Out,
    start: Start = None,
    harmony: Harmony = None,
    tolerance: Tolerance = None,
    time_limit: Limit = None,
    periods: Periods = None,
) -> None:
    """Plan an economy and certify the plan · 编制计划并出具证书"""
    from xietong.cli.terminal import in_one_sentence

    with in_one_sentence():
        from rich.console import Console

        from xietong.cli.terminal import say
        from xietong.planning import Economy, Plan
        from xietong.planning import plan as make
        from xietong.planning.horizon import first_periods

        console = Console()
        with progress() as show:
            source = Economy.read(economy)
            if periods is not None:
                source = first_periods(source, periods)
            running = Plan.read(start) if start is not None else None
            result = make(
                source, start=running, harmony=harmony, tolerance=tolerance,
                time_limit=time_limit, progress=show,
            )  # fmt: skip
            result.write(out)
        console.print(certificate(result))
        console.print(tiers(result))
        if left := [step.step for step in result.certificate.steps if step.gap > WIDE]:
            print(
                say(
                    f"Not solved to the end: {', '.join(left)}.",
                    f"未求解到底的步骤：{'、'.join(left)}。",
                )
            )
        print(say(f"The plan is in {out}.", f"计划已写入 {out}。"))


@contextmanager
def progress() -> "Iterator[Callable[[Progress], None]]":
    """Show how far a plan is, and as much as the solver knows of the step it is in."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    from xietong.cli.terminal import say

    console = Console(stderr=True)
    bar = Bar(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console,
        transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task(say("reading", "读取"), total=None)

        def show(step: "Progress") -> None:
            bar.update(task, description=described(step), completed=step.done, total=step.steps)

        yield show


def described(step: "Progress") -> str:
    """Return the step with its iteration, gap and time left, of those that are known."""
    from xietong.cli.terminal import say

    parts = [step.step]
    if step.iteration is not None:
        parts.append(say(f"iteration {step.iteration:,}", f"第 {step.iteration:,} 次迭代"))
    if step.gap is not None:
        parts.append(say(f"gap {step.gap:.1e}", f"差距 {step.gap:.1e}"))
    if step.seconds_left is not None:
        minutes, seconds = divmod(round(step.seconds_left), 60)
        parts.append(say(f"{minutes}:{seconds:02} left", f"还需 {minutes}:{seconds:02}"))
    return " · ".join(parts)


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
