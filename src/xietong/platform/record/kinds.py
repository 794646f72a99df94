"""What the record speaks of, in words: each room describes the kinds of entry that it submits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from xietong.platform.ui.formats import chinese, number

from .models import Entry

Text = str | Promise
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of entry is called; its fields, in the order in which they are read; its codes.

    A field ``chosen`` stands for ``chosen_en`` and ``chosen_zh`` where the body has these.
    """

    label: Text
    fields: Mapping[str, Text]
    words: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Reading:
    """An entry in words: what it is, what it is about, and its fields as (name, text)."""

    entry: Entry
    label: Text
    about: str
    facts: list[tuple[Text, str]]


_kinds: dict[str, Kind] = {}


def describe(
    kind: str,
    label: Text,
    fields: Mapping[str, Text],
    words: Mapping[str, Text] | None = None,
) -> None:
    """Give a kind of entry its words: its label, its fields' names, what codes in them mean.

    Raises ValueError for a kind described already.
    """
    if kind in _kinds:
        raise ValueError(f"{kind} is described twice")
    _kinds[kind] = Kind(label, fields, words or {})


def read(entry: Entry) -> Reading:
    """An entry in the reader's language; one that nobody described, field by field as it is."""
    body: dict[str, object] = json.loads(entry.body)
    kind = _kinds.get(entry.kind) or Kind(entry.kind, {name: name for name in body}, {})
    language = "zh" if chinese() else "en"
    local = {**body, **{name[:-3]: body[name] for name in body if name.endswith(f"_{language}")}}
    return Reading(
        entry=entry,
        label=kind.label,
        about=str(local.get("title") or local.get("name") or ""),
        facts=[
            (label, _text(local[name], kind.words))
            for name, label in kind.fields.items()
            if name in local
        ],
    )


def _text(value: object, words: Mapping[str, Text]) -> str:
    match value:
        case None | "":
            return NOTHING
        case dict() | list() if not value:
            return NOTHING
        case dict():
            return "; ".join(f"{name}: {_text(inner, words)}" for name, inner in value.items())
        case list():
            return ", ".join(_text(inner, words) for inner in value)
        case int() if not isinstance(value, bool):
            return number(value)
    return str(words.get(str(value), value))
