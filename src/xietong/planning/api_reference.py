"""The reference of the library's public names, written from their docstrings."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import Any

import xietong.planning as library
from xietong.planning.api_chinese import CHINESE
from xietong.planning.faults import Language

TITLES = {"en": "The library", "zh": "程序库"}
INTROS = {
    "en": "`from xietong.planning import Economy, plan` and the other names on this page are all "
    "that there is to know. Tables are Polars frames; [format.md](format.md) says what their "
    "columns mean. This page is written from the docstrings.",
    "zh": "用 `from xietong.planning import Economy, plan` 导入；公开的名称全部列在本页。"
    "数据表都是 Polars 数据框，各列的含义见 [format.zh.md](format.zh.md)。本页由程序生成。",
}
FIELDS = {"en": ("Attributes: ", ", "), "zh": ("属性：", "、")}
SECTIONS = ("Args", "Returns", "Raises", "Source", "Sources")
WIDTH = 88


def markdown(language: Language) -> str:
    """Return the reference page in English (`en`) or Chinese (`zh`), as Markdown."""
    parts = [f"# {TITLES[language]}", INTROS[language]]
    for name, item in public():
        level = "###" if "." in name else "##"
        parts += [f"{level} `{name}`", *_signature(name, item), _text(name, item, language)]
        if is_dataclass(item):
            head, comma = FIELDS[language]
            parts.append(head + comma.join(f"`{f.name}`" for f in fields(item)))
    return "\n\n".join(part for part in parts if part) + "\n"


def public() -> Iterator[tuple[str, Any]]:
    """Yield each public name and, as `Class.name`, what it offers, with the thing itself."""
    for name in library.__all__:
        item = getattr(library, name)
        yield name, item
        if not inspect.isclass(item):
            continue
        for own, member in vars(item).items():
            offered = isinstance(member, property | cached_property | classmethod)
            if not own.startswith("_") and (offered or inspect.isfunction(member)):
                bound = getattr(item, own) if isinstance(member, classmethod) else member
                yield f"{name}.{own}", bound


def _signature(name: str, item: Any) -> list[str]:
    """How it is called, as a block of code; nothing for errors and attributes."""
    if isinstance(item, property | cached_property) or (
        inspect.isclass(item) and (is_dataclass(item) or issubclass(item, Exception))
    ):
        return []
    shown = inspect.signature(item)
    parameters = [p for p in shown.parameters.values() if p.name not in ("self", "cls")]
    shown = shown.replace(
        parameters=parameters,
        return_annotation=shown.empty if inspect.isclass(item) else shown.return_annotation,
    )
    called = name.rpartition(".")[2]
    line = _plain(f"{called}{shown}")
    if len(line) > WIDTH:
        inside = [_plain(str(p)) for p in parameters]
        keyword = next(
            (k for k, p in enumerate(parameters) if p.kind is p.KEYWORD_ONLY), len(inside)
        )
        if keyword < len(inside):
            inside.insert(keyword, "*")
        returned = line[line.rindex(")") + 1 :] if ")" in line else ""
        line = "\n".join([f"{called}(", *(f"    {one}," for one in inside), f"){returned}"])
    return [f"```text\n{line}\n```"]


def _plain(signature: str) -> str:
    """The signature with short names: no modules, no quotes around types."""
    short = re.sub(r"\b(?:[A-Za-z_]\w*\.)+([A-Za-z_]\w*)", r"\1", signature)
    return re.sub(r"(?<=: |> )'([^']*)'", r"\1", short)


def _text(name: str, item: Any, language: Language) -> str:
    if language == "zh":
        return CHINESE[name]
    told = inspect.cleandoc(item.__doc__ or "")
    if inspect.isclass(item) and not is_dataclass(item) and item.__init__.__doc__:
        told += "\n\n" + inspect.cleandoc(item.__init__.__doc__)
    return "\n\n".join(_paragraphs(told))


def _paragraphs(told: str) -> Iterator[str]:
    """The paragraphs of a docstring; its sections become lists."""
    for block in re.split(r"\n\s*\n", told):
        head, _, rest = block.partition("\n")
        name, colon, more = head.partition(":")
        if not colon or name not in SECTIONS:
            yield " ".join(block.split())
        elif more:
            yield f"**{name}.** " + " ".join(f"{more}\n{rest}".split())
        elif name == "Returns":
            yield f"**{name}.** " + " ".join(rest.split())
        else:
            items = re.split(r"\n(?=    \S)", "\n" + rest)
            listed = (" ".join(item.split()).partition(": ") for item in items if item.strip())
            yield f"**{name}**\n\n" + "\n".join(f"- `{a}`: {b}" for a, _, b in listed)
