"""The reference of the library says what the docstrings say, and leaves no name out."""

from pathlib import Path

import pytest

import xietong.planning as library
from xietong.planning.api_chinese import CHINESE
from xietong.planning.api_reference import markdown, public
from xietong.planning.faults import Language

DOCS = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize(("language", "name"), [("en", "api.md"), ("zh", "api.zh.md")])
def test_that_the_page_is_what_the_docstrings_give(language: Language, name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == markdown(language)


def test_that_every_public_name_is_told_in_both_languages() -> None:
    names = [name for name, _ in public()]
    assert [name for name in names if "." not in name] == library.__all__
    assert set(CHINESE) == set(names)
    for name, item in public():
        assert item.__doc__, name


def test_that_a_signature_and_its_arguments_are_listed() -> None:
    page = markdown("en")
    assert "## `labour_values`\n\n```text\nlabour_values(economy: Economy, " in page
    assert "- `time_limit`: seconds; when they are over, the best plan so far" in page
    assert "### `Plan.met`\n\n```text\nmet() -> DataFrame\n```" in page
