"""The reference of the format, written from its declaration."""

from collections.abc import Iterable

from xietong.planning.declaration import Column, Table
from xietong.planning.faults import Language
from xietong.planning.format import ECONOMY, PLAN

HEADS = {
    "en": ("column", "type", "unit", "required", "default", "meaning"),
    "zh": ("列", "类型", "单位", "必填", "默认值", "含义"),
}
TITLES = {
    "en": ("The format of economies and plans", "Tables of an economy", "Tables of a plan"),
    "zh": ("经济数据与计划的格式", "经济数据的表", "计划的表"),
}
WORDS = {
    "en": {
        "intro": "A folder of tables, each CSV or Parquet, described by `datapackage.json` "
        "(Frictionless Data Package). An optional table that has no rows may be absent, and so "
        "may a column that is not required; an empty cell then has the default. This page is "
        "written from the declaration in `xietong.planning.format`.",
        "key": "One row for each",
        "needed": "Required.",
        "yes": "yes",
    },
    "zh": {
        "intro": "一个文件夹，内含若干数据表（CSV 或 Parquet），由 `datapackage.json` 说明"
        "（Frictionless 数据包）。选填的表没有内容时可以不写，"
        "非必填的列也可以不写；空单元格取默认值。"
        "本页由 `xietong.planning.format` 中的声明生成。",
        "key": "每行对应一组",
        "needed": "必有此表。",
        "yes": "是",
    },
}


def markdown(language: Language) -> str:
    """Return the reference page in English (`en`) or Chinese (`zh`), as Markdown."""
    title, economy, plan = TITLES[language]
    parts = [f"# {title}", WORDS[language]["intro"]]
    for head, tables in ((economy, ECONOMY), (plan, PLAN)):
        parts += [f"## {head}", *_sections(tables, language)]
    return "\n\n".join(parts) + "\n"


def _sections(tables: Iterable[Table], language: Language) -> list[str]:
    words = WORDS[language]
    sections = []
    for table in tables:
        says = table.en if language == "en" else table.zh
        key = (", " if language == "en" else "、").join(f"`{name}`" for name in table.key)
        stop = "." if language == "en" else "。"
        space = " " if language == "en" else ""
        notes = [f"{says[0].upper()}{says[1:]}{stop}", f"{words['key']} {key}{stop}"]
        if table.required:
            notes.append(words["needed"])
        rows = [HEADS[language], ("---",) * 6, *(_row(c, language) for c in table.columns)]
        grid = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        sections.append(f"### `{table.name}`\n\n{space.join(notes)}\n\n{grid}")
    return sections


def _row(column: Column, language: Language) -> tuple[str, ...]:
    return (
        f"`{column.name}`",
        column.kind,
        column.unit if language == "en" else column.unit_zh,
        WORDS[language]["yes"] if column.required else "",
        "" if column.default is None else f"{column.default}".lower(),
        column.en if language == "en" else column.zh,
    )
