"""xietong verify: does a plan, a payout or the public record say the truth about itself?"""

from pathlib import Path
from typing import Annotated

import typer

What = Annotated[
    Path,
    typer.Argument(
        help="Folder of a plan, payout.zip, or record.jsonl. 计划文件夹、积分核算或公开档案文件。"
    ),
]
Folder = Annotated[
    Path | None,
    typer.Option("--economy", help="Folder of the plan's economy. 计划所依据的经济数据文件夹。"),
]
Periods = Annotated[
    int | None,
    typer.Option(help="The plan is of so many periods, the first ones. 计划只涵盖最初几期。"),
]


def verify(what: What, economy: Folder = None, periods: Periods = None) -> None:
    """Recompute a plan, a payout or the record's hashes · 重新核算计划、积分率或档案的哈希链"""
    from xietong.cli.terminal import fail, in_one_sentence, say

    with in_one_sentence():
        if what.suffix == ".jsonl":
            _record(what)
        elif what.suffix == ".zip":
            from xietong.cli.verify_payout import payout

            payout(what)
        elif economy is None:
            fail(
                say(
                    "A plan is checked against its economy: --economy FOLDER.",
                    "核对计划需要它所依据的经济数据：--economy 文件夹。",
                )
            )
        else:
            _plan(what, economy, periods)


def _plan(folder: Path, economy: Path, periods: int | None) -> None:
    from xietong.cli.terminal import fail, language, say
    from xietong.planning import Economy, Plan
    from xietong.planning import verify as audit
    from xietong.planning.horizon import first_periods

    made, source = Plan.read(folder), Economy.read(economy)
    if periods is not None:
        source = first_periods(source, periods)
    faults = audit(made, source)
    if faults:
        fail("\n".join(fault.text(language()) for fault in faults))
    c = made.certificate
    print(
        say(
            f"The plan is what it says: largest relative shortage {c.shortage:.2e}, "
            f"gap {c.gap:.2e}.",
            f"计划属实：最大相对短缺 {c.shortage:.2e}，差距 {c.gap:.2e}。",
        )
    )


def _record(file: Path) -> None:
    from xietong.cli.terminal import fail, language, say
    from xietong.platform.record import chain

    try:
        # Not splitlines, which would also break at separators inside a text.
        with file.open(encoding="utf-8", newline="\n") as opened:
            lines = list(opened)
    except UnicodeDecodeError:
        fail(say(f"{file}: this is not text", f"{file}：不是文本文件"))
    faults = chain.verify(lines, language())
    if faults:
        fail("\n".join(faults))
    head = chain.read(lines[-1]).hash if lines else chain.START
    print(
        say(
            f"The record is whole: {len(lines)} entries, the newest hash is {head}",
            f"档案完整：共{len(lines)}条，最新哈希值为{head}",
        )
    )
