"""The reference in docs/ says what the code does."""

from pathlib import Path

import pytest

from xietong.planning.faults import Language
from xietong.planning.format import ECONOMY, PLAN
from xietong.planning.reference import markdown

DOCS = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize(("language", "name"), [("en", "format.md"), ("zh", "format.zh.md")])
def test_that_the_page_is_what_the_declaration_gives(language: Language, name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == markdown(language)


def test_that_every_column_is_described_in_both_languages() -> None:
    for table in (*ECONOMY, *PLAN):
        assert table.en
        assert table.zh
        for column in table.columns:
            assert column.en
            assert column.zh
            assert bool(column.unit) == bool(column.unit_zh)
