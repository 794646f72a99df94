"""The commands that compare plans, as a person types them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from xietong.planning import Economy, Plan, plan
from xietong.planning.generate import random_economy


def xietong(*words: str | Path, lang: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": lang, "COLUMNS": "120", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-c", "from xietong.cli import main; main()", *map(str, words)],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    economy = random_economy(12, 15, 2, 7)
    economy.write(folder / "economy")
    plan(economy).write(folder / "plan")
    return folder


def test_that_what_if_says_what_differs_and_writes_a_plan_that_verifies(
    made: Path, tmp_path: Path
) -> None:
    economy = Economy.read(made / "economy")
    need = economy.needs["need"][0]
    changes = ["--hours", "skill1=80%", "--target", f"{need}=0.5", "--means", "m01=0"]
    done = xietong("what-if", made / "economy", made / "plan", *changes, "--out", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        f"target of {need} → 0.5; hours of skill1 → 80%; means m01 → 0:\n"
    )
    other = Economy.read(tmp_path / "economy")
    assert other.needs["target"][0] == 0.5
    checked = xietong("verify", tmp_path / "plan", "--economy", tmp_path / "economy")
    assert checked.returncode == 0
    chinese = xietong("what-if", made / "economy", made / "plan", *changes, lang="zh_CN.UTF-8")
    assert chinese.stdout.startswith(f"目标 {need} → 0.5；工时 skill1 → 80%；生产资料 m01 → 0：")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--means", "m99=1"], "means, column means: 'm99' is not there; did you mean 'm09'?"),
        (["--target", "bread"], "'bread' changes nothing; write NAME=AMOUNT, such as bread=90%"),
        (["--hours", "skill1@all=much"],
         "workforce, column skill: 'much' is no share; give an amount, or a share such as '90%'"),
    ],
)  # fmt: skip
def test_that_a_change_that_is_none_is_one_sentence(
    made: Path, words: list[str], sentence: str
) -> None:
    done = xietong("what-if", made / "economy", made / "plan", *words)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (1, "", sentence)


def test_that_alternatives_are_told_and_written(made: Path, tmp_path: Path) -> None:
    asked: list[str | Path] = [
        "alternatives",
        made / "economy",
        made / "plan",
        "--in",
        "skills",
        "--count",
        "2",
    ]
    done = xietong(*asked, "--out", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1. Fewest hours of skill")
    assert "\n2. Fewest hours of skill" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "2"]
    for number in "12":
        checked = xietong("verify", tmp_path / number, "--economy", made / "economy")
        assert checked.returncode == 0
    assert xietong(*asked, lang="zh_CN.UTF-8").stdout.startswith("1. skill")


def test_that_the_first_periods_are_planned_and_verified_alone(made: Path, tmp_path: Path) -> None:
    done = xietong("plan", made / "economy", "--out", tmp_path, "--periods", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert Plan.read(tmp_path).runs["period"].unique().to_list() == [1]
    checked: list[str | Path] = ["verify", tmp_path, "--economy", made / "economy"]
    assert xietong(*checked, "--periods", "1").returncode == 0
    assert "made from another economy" in xietong(*checked).stderr


def test_that_an_explanation_is_drawn_into_a_file(made: Path, tmp_path: Path) -> None:
    need = Plan.read(made / "plan").deliveries["need"][0]
    words: list[str | Path] = ["explain", made / "plan", need, "--chart"]
    assert xietong(*words, tmp_path / "why.svg", "--lang", "zh").returncode == 0
    assert f"{need}：影子价格的构成" in (tmp_path / "why.svg").read_text(encoding="utf-8")
    told = xietong("explain", made / "plan", need, "--economy", made / "economy", "--lang", "en")
    assert told.stdout.startswith(f"{need} (")
    refused = xietong(*words, tmp_path / "why.gif")
    assert refused.returncode == 1
    assert refused.stderr.endswith("why.gif: a picture is one of .svg, .png, .html\n")


def test_that_steps_that_time_cut_short_are_named(made: Path, tmp_path: Path) -> None:
    random_economy(200, 300, 3, 1).write(tmp_path / "economy")
    done = xietong("plan", tmp_path / "economy", "--out", tmp_path / "plan", "--time-limit", "0.8")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-2].startswith("Not solved to the end: ")
    assert done.stdout.splitlines()[-2].endswith("leisure.")


def test_that_what_the_solver_knows_of_a_step_is_shown() -> None:
    from xietong.cli.plan import described
    from xietong.planning import Progress

    assert described(Progress("basic", 1, 6)) == "basic"
    assert (
        described(Progress("basic", 1, 6, iteration=12000, gap=3.21e-4, seconds_left=75.2))
        == "basic · iteration 12,000 · gap 3.2e-04 · 1:15 left"
    )
