"""xietong verify: does a plan say the truth about itself?"""

from pathlib import Path
from typing import Annotated

import typer

Plan = Annotated[Path, typer.Argument(help="Folder of the plan. 计划文件夹。")]
Economy = Annotated[Path, typer.Option("--economy", help="Folder of the economy. 经济数据文件夹。")]


def verify(plan: Plan, economy: Economy) -> None:
    """Recompute a plan's certificate from its tables · 凭数据表重新核算计划的证书"""
    from xietong.cli.terminal import fail, in_one_sentence

    with in_one_sentence():
        from xietong.cli.terminal import language, say
        from xietong.planning import Economy, Plan
        from xietong.planning import verify as audit

        made = Plan.read(plan)
        faults = audit(made, Economy.read(economy))
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
