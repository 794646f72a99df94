"""How the planning commands speak: in the language of the terminal, trouble in one sentence."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xietong.planning.faults import PlanningError

if TYPE_CHECKING:
    import altair

PICTURES = (".svg", ".png", ".html")

Language = Literal["en", "zh"]


def language() -> Language:
    """Return the language of the terminal: Chinese if its locale says so, or else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def say(en: str, zh: str) -> str:
    """Return the text in the language of the terminal."""
    return zh if language() == "zh" else en


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """End the command with exit code 1 and what was wrong, and no traceback."""
    try:
        yield
    except PlanningError as error:
        fail(error.text(language()))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        fail(f"{where}{error.strerror or error}")


def save(chart: "altair.Chart", file: Path) -> None:
    """Write the picture into a file, in the format that its name says."""
    if file.suffix not in PICTURES:
        known = ", ".join(PICTURES)
        fail(
            say(
                f"{file}: a picture is one of {known}",
                f"{file}：图片格式只能是 {'、'.join(PICTURES)}",
            )
        )
    chart.save(file)


def fail(sentence: str) -> None:
    """Print the sentence on standard error and end with exit code 1."""
    print(sentence, file=sys.stderr)
    raise SystemExit(1)
