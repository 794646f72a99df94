"""Sheets of the old workbooks in which Brazil's tables come."""

import io
from collections.abc import Sequence
from pathlib import Path

from xietong.planning.sources.errors import SourceError
from xietong.planning.sources.sheets import Sheet, column_letters

__all__ = ["Sheet", "column_letters", "not_installed", "read_sheets"]


def read_sheets(path: Path, names: Sequence[str]) -> dict[str, Sheet]:
    """Read the named sheets of an Excel 97-2003 workbook.

    Returns the sheets by name. Raises SourceError if the file is missing or unreadable, or has no
    sheet of a name.
    """
    try:
        import xlrd  # an optional dependency: nothing but reading a workbook needs it
    except ModuleNotFoundError as error:
        raise not_installed() from error
    try:
        book = xlrd.open_workbook(file_contents=path.read_bytes(), logfile=io.StringIO())
    except OSError as error:
        raise SourceError(
            f"{path}: cannot be opened ({error.strerror})", f"{path}：无法打开（{error.strerror}）"
        ) from error
    except Exception as error:  # xlrd lets out whatever its parser trips over in a broken file
        raise SourceError(
            f"{path}: not a readable Excel 97-2003 workbook",
            f"{path}：不是可读的 Excel 97-2003 工作簿",
        ) from error
    sheets = {}
    for name in names:
        if name not in book.sheet_names():
            raise SourceError(f'{path}: there is no sheet "{name}"', f"{path}：没有工作表“{name}”")
        sheet = book.sheet_by_name(name)
        rows = [sheet.row_values(row) for row in range(sheet.nrows)]
        sheets[name] = Sheet(path.name, name, rows)
    return sheets


def not_installed() -> SourceError:
    """Return the error that says how to install what the source needs."""
    return SourceError(
        "the source tables are not installed: pip install 'xietong[brazil]'",
        "没有安装来源数据，请运行 pip install 'xietong[brazil]'",
    )
