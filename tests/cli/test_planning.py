"""The planning commands, as a person types them."""

import os
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from xietong.planning import Economy, Plan
from xietong.planning.generate import random_economy


def xietong(*words: str | Path, lang: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": lang, "COLUMNS": "120", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-c", "from xietong.cli import main; main()", *map(str, words)],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an economy and its plan, both made by the command."""
    folder = tmp_path_factory.mktemp("made")
    size = ["--products", "12", "--techniques", "15", "--periods", "2", "--seed", "7"]
    generated = xietong("economy", "generate", *size, folder / "economy")
    assert (generated.returncode, generated.stderr) == (0, "")
    planned = xietong("plan", folder / "economy", "--out", folder / "plan")
    assert (planned.returncode, planned.stderr) == (0, "")
    for words in ("Certificate", "largest relative shortage", "leisure", "Needs met", "personal"):
        assert words in planned.stdout
    return folder


def test_that_generate_writes_the_economy_of_its_seed(made: Path) -> None:
    assert Economy.read(made / "economy").sha256 == random_economy(12, 15, 2, 7).sha256


def test_that_disaggregate_writes_an_economy_of_so_many_products(
    made: Path, tmp_path: Path
) -> None:
    words = ["--products", "30", "--seed", "3"]
    done = xietong("economy", "disaggregate", made / "economy", tmp_path / "split", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "30 products" in done.stdout
    assert Economy.read(tmp_path / "split").metadata["disaggregation"]["seed"] == 3


@pytest.mark.parametrize(("harmony", "gap"), [("segments", 1e-7), ("smooth", 1e-3)])
def test_that_a_plan_of_either_harmony_is_certified_to_its_own_gap_and_verified(
    made: Path, tmp_path: Path, harmony: str, gap: float
) -> None:
    planned = xietong("plan", made / "economy", "--out", tmp_path, "--harmony", harmony)
    assert (planned.returncode, planned.stderr) == (0, "")
    certificate = Plan.read(tmp_path).certificate
    assert certificate.harmony == harmony
    assert certificate.gap <= gap
    verified = xietong("verify", tmp_path, "--economy", made / "economy")
    assert (verified.returncode, verified.stderr) == (0, "")


def test_that_a_harmony_there_is_not_is_one_sentence(made: Path, tmp_path: Path) -> None:
    done = xietong("plan", made / "economy", "--out", tmp_path / "plan", "--harmony", "loud")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "harmony is segments or smooth, not 'loud'\n"
    assert not (tmp_path / "plan").exists()


def test_that_a_plan_is_verified(made: Path) -> None:
    done = xietong("verify", made / "plan", "--economy", made / "economy")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The plan is what it says: largest relative shortage")


def test_that_a_changed_plan_is_refused_with_the_place_of_the_change(
    made: Path, tmp_path: Path
) -> None:
    plan = Plan.read(made / "plan")
    plan.write(tmp_path)
    runs = plan.runs.with_columns(pl.col("runs") * 1.01)
    runs.write_csv(tmp_path / "runs.csv")
    done = xietong("verify", tmp_path, "--economy", made / "economy")
    assert done.returncode == 1
    assert "runs: the table is not the one that was certified: its hash differs" in done.stderr
    assert "the plan cannot be carried out" in done.stderr
    assert "Traceback" not in done.stderr


def test_that_a_need_is_explained_in_the_language_asked_for(made: Path) -> None:
    need = Plan.read(made / "plan").deliveries["need"][0]
    english = xietong("explain", made / "plan", need)
    assert english.stdout.startswith(f"{need} (")
    assert "A unit takes" in english.stdout
    chinese = xietong("explain", made / "plan", need, "--lang", "zh")
    assert "各环节合计，每单位需要" in chinese.stdout
    assert xietong("explain", made / "plan", need, lang="zh_CN.UTF-8").stdout == chinese.stdout


def test_that_values_are_printed_and_written(made: Path, tmp_path: Path) -> None:
    printed = xietong("values", made / "economy")
    assert "hours per unit" in printed.stdout
    assert "p12" in printed.stdout
    out = tmp_path / "values.csv"
    assert xietong("values", made / "economy", "--plan", made / "plan", "--out", out).stdout == ""
    assert pl.read_csv(out).columns == ["product", "hours"]
    assert pl.read_csv(out).equals(Plan.read(made / "plan").labour_values)


def test_that_a_sound_economy_is_said_to_be_sound(made: Path) -> None:
    done = xietong("economy", "check", made / "economy")
    assert done.returncode == 0
    assert done.stdout.startswith("Nothing is wrong: <Economy")


def test_that_every_fault_of_a_folder_is_one_line_and_the_exit_is_1(
    made: Path, tmp_path: Path
) -> None:
    economy = Economy.read(made / "economy")
    economy.write(tmp_path)
    economy.needs.with_columns(tier=pl.lit("luxury")).write_csv(tmp_path / "needs.csv")
    economy.inputs.with_columns(-pl.col("quantity")).write_csv(tmp_path / "inputs.csv")
    done = xietong("economy", "check", tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert "needs, row 1, column tier: 'luxury' is no tier; " in done.stderr
    assert sum("column tier" in line for line in lines) == min(economy.needs.height, 21)
    assert sum("column quantity" in line for line in lines) == 21
    chinese = xietong("plan", tmp_path, "--out", tmp_path / "plan", lang="zh_CN.UTF-8")
    assert "needs 表第 1 行 tier 列：'luxury' 不是需求层次" in chinese.stderr
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["economy", "check", "nowhere"], "nowhere: is no folder"),
        (["economy", "import", "us-2012", "x"], "say where the files of this source lie (--data)"),
        (["economy", "generate", "--products", "5", "--techniques", "2", "x"],
         "give at least 1 product, 1 period, and as many techniques as products"),
    ],
)  # fmt: skip
def test_that_trouble_is_one_sentence_and_exit_code_1(words: list[str], sentence: str) -> None:
    done = xietong(*words)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (1, "", sentence)


def test_that_a_plan_that_cannot_be_written_leaves_one_sentence(made: Path) -> None:
    done = xietong("plan", made / "economy", "--out", "/proc/nowhere/plan")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_that_an_unknown_need_is_one_sentence(made: Path) -> None:
    done = xietong("explain", made / "plan", "cake")
    assert (done.returncode, done.stderr) == (1, "the plan has no need 'cake'\n")


def test_that_help_lists_the_commands_without_loading_the_solver() -> None:
    began = time.monotonic()
    done = xietong("--help")
    took = time.monotonic() - began
    for command in ("plan", "verify", "explain", "values", "economy"):
        assert f"  {command} " in done.stdout
    assert took < 5
    loaded = subprocess.run(
        [sys.executable, "-c",
         "import sys\nfrom xietong.cli import main\nsys.argv = ['xietong', 'plan', '--help']\n"
         "try:\n    main()\nexcept SystemExit:\n    pass\n"
         "sys.exit(any(m in sys.modules for m in ('polars', 'ortools', 'scipy', 'django')))"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert loaded.returncode == 0


def test_that_without_django_there_are_the_planning_commands_alone() -> None:
    script = (
        "import sys, importlib.util as u\n"
        "find = u.find_spec\n"
        "class Blocked:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] == 'django': raise ImportError(name)\n"
        "sys.meta_path.insert(0, Blocked())\n"
        "sys.argv = ['xietong', '--help']\n"
        "from xietong.cli import main\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert "  plan " in done.stdout, done.stderr
    assert "  demo " not in done.stdout
