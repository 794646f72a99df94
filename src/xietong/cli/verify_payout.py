"""xietong verify payout.zip: do a round's deductions, prices and rate follow from its plan?"""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from math import isclose
from pathlib import Path

from xietong.cli.terminal import fail, language, say
from xietong.planning import (
    Economy,
    PayoutFiles,
    Plan,
    PlanningError,
    labour_values,
    read_payout,
    verify_payout,
)

PLAN, ECONOMY = "plan.zip", "economy.zip"
EXACT = 1e-6  # relative: a labour value is a float, and computed anew on another machine


def payout(file: Path) -> None:
    """Recompute a payout, and compare it with the plan and economy that lie beside it, if any."""
    packed = file.read_bytes()
    given = read_payout(packed)
    faults = [fault.text(language()) for fault in verify_payout(packed)]
    plan, economy = file.with_name(PLAN), file.with_name(ECONOMY)
    faults += _beside(given, plan if plan.exists() else None, economy if economy.exists() else None)
    if faults:
        fail("\n".join(faults))
    print(
        say(
            f"The payout of round {given.basis.round} follows from its sums: "
            f"{len(given.payout.prices)} prices, an hour issues "
            f"{given.payout.per_hour / 1000:.3f} credits.",
            f"第{given.basis.round}轮的积分核算属实：{len(given.payout.prices)}个积分价，"
            f"每小时得{given.payout.per_hour / 1000:.3f}积分。",
        )
    )
    for path in (plan, economy):
        if not path.exists():
            print(say(f"{path.name} is not beside it.", f"旁边没有 {path.name}。"))
    print(say(f"The hash of the certificate is {given.sha256}", f"证书的哈希值为{given.sha256}"))


def _beside(given: PayoutFiles, plan: Path | None, economy: Path | None) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as place:
        source = drawn = None
        if economy is not None:
            source = Economy.read(_unpack(economy, Path(place) / "economy"))
            if source.sha256 != given.basis.economy_sha256:
                yield _another(economy)
                return
        if plan is not None:
            if sha256(plan.read_bytes()).hexdigest() != given.basis.plan_sha256:
                yield _another(plan)
                return
            drawn = Plan.read(_unpack(plan, Path(place) / "plan"))
        if source is not None and drawn is not None:
            yield from _unlike_plan(given, drawn, source)


def _unlike_plan(given: PayoutFiles, plan: Plan, economy: Economy) -> Iterator[str]:
    """Labour values of the plan's first round that the payout states otherwise."""
    runs = plan.runs.filter(plan.runs["period"] == 1)
    values = dict(labour_values(economy, runs).iter_rows())
    for good in given.basis.goods:
        right = values.get(good.product)
        if right is None or not isclose(good.value, right, rel_tol=EXACT, abs_tol=EXACT):
            yield say(
                f"goods.csv: {good.product} value is {good.value}; {right} follows from the plan",
                f"goods.csv：{good.product} value 为{good.value}，按计划应为{right}",
            )


def _another(file: Path) -> str:
    return say(
        f"{file}: this is not the file from which the payout was computed",
        f"{file}：积分核算所依据的不是这个文件",
    )


def _unpack(file: Path, folder: Path) -> Path:
    try:
        with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
            archive.extractall(folder)
    except zipfile.BadZipFile as broken:
        raise PlanningError(f"{file}: this is no zip", f"{file}：不是压缩包") from broken
    return folder
