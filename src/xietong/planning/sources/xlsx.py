"""Reads a sheet of an Office Open XML workbook.

Source: ECMA-376, part 1 (a workbook is a ZIP archive of XML parts).
"""

import re
import zipfile
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from xietong.planning.sources.errors import SourceError
from xietong.planning.sources.sheets import Sheet

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(r"([A-Z]+)(\d+)")


def read_sheet(path: Path, name: str) -> Sheet:
    """Return a sheet by its name; an empty cell is "", a number a float, all else text.

    Raises SourceError if the file is missing or no workbook, or has no such sheet.
    """
    try:
        with zipfile.ZipFile(path) as book:
            part = _part(book, path, name)
            shared = _shared(book)
            rows = _rows(_xml(book, part), shared)
    except OSError as error:
        raise SourceError(
            f"{path}: cannot be opened ({error.strerror})", f"{path}：无法打开（{error.strerror}）"
        ) from error
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, IndexError) as error:
        raise SourceError(
            f"{path}: not a readable Excel workbook", f"{path}：不是可读的 Excel 工作簿"
        ) from error
    return Sheet(path.name, name, rows)


def _xml(book: zipfile.ZipFile, part: str) -> ElementTree.Element:
    # Expat from 2.4.1 on, which every Python from 3.11 on has, bounds what entities grow to.
    return ElementTree.fromstring(book.read(part))  # noqa: S314


def _part(book: zipfile.ZipFile, path: Path, name: str) -> str:
    for sheet in _xml(book, "xl/workbook.xml").iter(f"{_SHEET}sheet"):
        if sheet.get("name") == name:
            link = sheet.get(_LINK)
            break
    else:
        raise SourceError(f'{path}: there is no sheet "{name}"', f"{path}：没有工作表“{name}”")
    for relation in _xml(book, "xl/_rels/workbook.xml.rels").iter(f"{_PACKAGE}Relationship"):
        if relation.get("Id") == link:
            target = PurePosixPath(relation.attrib["Target"])
            return str(target)[1:] if target.is_absolute() else f"xl/{target}"
    raise KeyError(link)


def _shared(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    strings = _xml(book, "xl/sharedStrings.xml").iter(f"{_SHEET}si")
    return ["".join(text.text or "" for text in string.iter(f"{_SHEET}t")) for string in strings]


def _rows(sheet: ElementTree.Element, shared: list[str]) -> list[list[object]]:
    rows: list[list[object]] = []
    for cell in sheet.iter(f"{_SHEET}c"):
        found = _PLACE.fullmatch(cell.attrib["r"])
        if found is None:
            raise ValueError(cell.attrib["r"])
        row, column = int(found[2]) - 1, _number(found[1])
        while len(rows) <= row:
            rows.append([])
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = _value(cell, shared)
    return rows


def _value(cell: ElementTree.Element, shared: list[str]) -> object:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_SHEET}t"))
    text = cell.findtext(f"{_SHEET}v")
    if text is None:
        return ""
    if kind == "s":
        return shared[int(text)]
    return float(text) if kind == "n" else text


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
