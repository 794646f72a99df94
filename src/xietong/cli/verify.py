"""xietong verify: does a plan, the public record or a drawn rota say the truth about itself?"""

from pathlib import Path
from typing import Annotated

import typer

What = Annotated[
    Path,
    typer.Argument(
        help="Folder of a plan, record.jsonl, or rota-N.json. "
        "计划文件夹、公开档案文件，或值勤表文件。"
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
    """Recompute a certificate, the record's hashes or a draw · 重新核算证书、哈希链或抽签"""
    from xietong.cli.terminal import fail, in_one_sentence, say

    with in_one_sentence():
        if what.suffix == ".jsonl":
            _record(what)
        elif what.suffix == ".json":
            _rota(what)
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


def _rota(file: Path) -> None:
    from xietong.cli.terminal import fail, language, say
    from xietong.platform.labour import draw, solve

    try:
        drawn = draw.Drawn.read(file.read_text(encoding="utf-8"))
    except ValueError:
        fail(say(f"{file}: this is no drawn rota", f"{file}：不是值勤表文件"))
    if faults := draw.faults(drawn):
        fail("\n".join(chinese if language() == "zh" else english for english, chinese in faults))
    again = solve.draw(
        drawn.roll,
        seed_entry=drawn.seed_entry,
        entry_hash=drawn.entry_hash,
        away=drawn.away,
    )
    if again.measures < drawn.measures:
        fail(say("Drawn again, the rota is better.", "重新抽签得到更好的结果。"))
    if again.measures == drawn.measures and again.places != drawn.places:
        fail(
            say(
                "Drawn again, others are chosen. Is your OR-tools of the same version?",
                "重新抽签的结果不同。您的OR-tools版本是否一致？",
            )
        )
    print(
        say(
            f"The rota is what it says: {len(drawn.places)} places from entry "
            f"{drawn.seed_entry} of the record, hash {drawn.entry_hash}. "
            f"Its list has the hash {draw.lot(drawn.roll.text())}.",
            f"值勤表属实：由公开档案第{drawn.seed_entry}条（哈希值{drawn.entry_hash}）"
            f"抽出{len(drawn.places)}个名额，名单的哈希值为{draw.lot(drawn.roll.text())}。",
        )
    )
