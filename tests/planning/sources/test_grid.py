"""Reading CSV files: whatever is wrong names file, row and column."""

from pathlib import Path

import numpy as np
import pytest

from xietong.planning.sources.errors import SourceError
from xietong.planning.sources.grid import agree, digests, read_bare_grid, read_grid


def written(folder: Path, text: str) -> Path:
    file = folder / "table.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_that_numbers_are_found_under_their_labels(tmp_path: Path) -> None:
    grid = read_grid(written(tmp_path, "\ufeff,a,b\nx,1,2\ny,3,4e1\n"))
    assert grid.block(["y", "x"], ["b"]).tolist() == [[40.0], [2.0]]
    assert grid.row("x").tolist() == [1.0, 2.0]


def test_that_bare_numbers_stand_under_the_labels_given(tmp_path: Path) -> None:
    grid = read_bare_grid(written(tmp_path, "1,2\n3,4\n"), ["x", "y"], ["a", "b"])
    assert grid.block(["y"], ["a"]).tolist() == [[3.0]]


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("", "table.csv: is empty", "table.csv：文件为空"),
        (",a,b\nx,1\n", 'table.csv, row "x": has 1 numbers, not 2',
         "table.csv 的“x”行：有 1 个数，应为 2 个"),
        (",a,b\nx,1,n.a.\n", 'table.csv, row "x", column "b": expected a number, found "n.a."',
         "table.csv 的“x”行“b”列：应为数字，实为“n.a.”"),
        (",a\nx,inf\n", 'table.csv, row "x", column "a": expected a number, found "inf"',
         "table.csv 的“x”行“a”列：应为数字，实为“inf”"),
        (",a\nx,1\nx,2\n", 'table.csv: row "x" is there twice', "table.csv：行“x”重复"),
        (",a,a\nx,1,2\n", 'table.csv: column "a" is there twice', "table.csv：列“a”重复"),
    ],
)  # fmt: skip
def test_that_a_broken_file_is_refused_with_the_place(
    text: str, en: str, zh: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError) as refused:
        read_grid(written(tmp_path, text))
    assert refused.value.en.removeprefix(f"{tmp_path}/") == en
    assert refused.value.zh.removeprefix(f"{tmp_path}/") == zh


def test_that_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.csv: cannot be opened \(No such file"):
        read_grid(tmp_path / "none.csv")


def test_that_what_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match="not a CSV file in UTF-8"):
        read_grid(file)


def test_that_a_missing_label_is_named(tmp_path: Path) -> None:
    grid = read_grid(written(tmp_path, ",a\nx,1\n"))
    with pytest.raises(SourceError, match=r'table\.csv: there is no row "z"'):
        grid.block(["z"], ["a"])
    with pytest.raises(SourceError, match=r'table\.csv: there is no column "z"'):
        grid.block(["x"], ["z"])


def test_that_too_few_rows_of_bare_numbers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"table\.csv: has 1 rows, not 2"):
        read_bare_grid(written(tmp_path, "1\n"), ["x", "y"], ["a"])


def test_that_a_number_below_zero_is_refused_with_its_place(tmp_path: Path) -> None:
    grid = read_grid(written(tmp_path, ",a,b\nx,1,-2.5\n"))
    grid.refuse_negative(["x"], ["a"])
    with pytest.raises(SourceError, match=r'row "x", column "b": -2\.5 is below zero'):
        grid.refuse_negative(["x"], ["a", "b"])


def test_that_two_numbers_may_differ_by_the_rounding_and_no_more() -> None:
    labels, found = ("x", "y"), np.array([1.0, 2.0])
    agree("t", labels, "sum", found, np.array([1.4, 2.0]), 0.5)
    with pytest.raises(SourceError, match=r'row "y", column "sum": found 2 where .* give 3'):
        agree("t", labels, "sum", found, np.array([1.4, 3.0]), 0.5)


def test_that_a_file_is_named_with_its_hash(tmp_path: Path) -> None:
    written(tmp_path, "abc")
    assert digests(tmp_path, ["table.csv"]) == [
        {
            "title": "table.csv",
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        }
    ]
