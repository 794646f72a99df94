"""The examples in the documents run as they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DATA = Path(os.environ.get("XIETONG_DATA", ROOT.parent / "shared" / "data"))
NEEDS = re.compile(r"^<!-- needs: (\w+) -->$", re.MULTILINE)
LONG = "<!-- long -->"
DOCUMENTS = sorted(
    document
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.md")]
    if BLOCK.search(document.read_text())
)


def run(line: str, folder: Path) -> None:
    told = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": f"{PROGRAMS}:{os.environ['PATH']}"},
    )
    assert told.returncode == 0, f"{line}\n{told.stdout}{told.stderr}"


def cases() -> list[ParameterSet]:
    return [
        pytest.param(
            document,
            id=str(document.relative_to(ROOT)),
            marks=[pytest.mark.long] if LONG in document.read_text() else [],
        )
        for document in DOCUMENTS
    ]


@pytest.mark.parametrize("document", cases())
def test_that_every_example_of_a_document_runs(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in NEEDS.findall(document.read_text()):
        if not (DATA / folder).is_dir():
            pytest.skip(f"{folder} is not at hand; XIETONG_DATA names the folder that has it")
        (tmp_path / folder).symlink_to(DATA / folder)
    names: dict[str, object] = {}
    examples = BLOCK.findall(document.read_text())
    assert examples
    for language, text in examples:
        if language == "python":
            exec(compile(text, document, "exec"), names)  # noqa: S102
            continue
        for line in text.splitlines():
            match line.split():
                case ["xietong", *_]:
                    run(line, tmp_path)
                # These start the platform in the repository: they have to be known, and their own
                # tests run them.
                case [".venv/bin/xietong", *_]:
                    run(
                        f"{PROGRAMS}/xietong {line.partition('#')[0].split(' ', 1)[1]} --help", ROOT
                    )
                case ["make", target, *_]:
                    run(f"make --dry-run {target}", ROOT)
