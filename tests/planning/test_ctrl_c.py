"""Ctrl-C in the middle of a search gives the best plan so far, certified."""

import signal
import subprocess
import sys

import pytest

from xietong.planning import Economy, Progress, plan, verify

SEARCH = """
from xietong.planning import plan, verify
from xietong.planning.generate import random_economy

economy = random_economy(300, 450, 3, 1)
result = plan(economy, progress=lambda now: print(now.step, now.done, flush=True))
print("solved", *[step.step for step in result.certificate.steps if step.gap < 1e-6])
print("faults", verify(result, economy))
"""


def test_that_ctrl_c_gives_the_plan_of_the_steps_that_were_solved() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SEARCH], stdout=subprocess.PIPE, text=True
    ) as search:
        assert search.stdout is not None
        for line in search.stdout:
            if line.startswith("personal"):
                search.send_signal(signal.SIGINT)
                break
        rest = search.stdout.read().splitlines()
    assert search.returncode == 0
    solved = next(line for line in rest if line.startswith("solved")).split()[1:]
    assert solved[:3] == ["worst", "basic", "public"]
    assert "leisure" not in solved
    assert rest[-1] == "faults []"


def test_that_ctrl_c_between_two_steps_gives_the_steps_before(bakery: Economy) -> None:
    def press(now: Progress) -> None:
        if now.step == "public":
            raise KeyboardInterrupt

    cut_short = plan(bakery, progress=press)
    gaps = {step.step: step.gap for step in cut_short.certificate.steps}
    assert max(gaps["worst"], gaps["basic"]) < 1e-6 < gaps["public"]
    assert cut_short.certificate.valuation is None
    assert verify(cut_short, bakery) == []


def test_that_ctrl_c_before_there_is_any_plan_ends_the_search(bakery: Economy) -> None:
    def press(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plan(bakery, progress=press)
