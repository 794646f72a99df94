"""The hash chain of the public record, checkable with nothing but Python's own library.

An entry's hash is the sha256 of five lines: the hash before it, its number, its time in UTC, its
kind and its body. Whoever changes, drops or moves one entry changes every hash after it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Literal, NamedTuple
from uuid import UUID

START = "0" * 64


class Link(NamedTuple):
    """One entry of the record as it is exported."""

    number: int
    at: str
    kind: str
    body: str
    previous: str
    hash: str


def canonical(body: Mapping[str, object]) -> str:
    """The one way to write a body: sorted keys, no spaces, decimals and identifiers as strings.

    Raises TypeError for a float, whose digits differ between machines, and for anything else
    that is not a mapping, list, text, whole number, truth value, None, Decimal or UUID.
    """
    return json.dumps(_plain(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: object) -> object:
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            # 0.50 and 0.5 are the same amount and must have the same hash.
            return f"{value.normalize():f}"
        case UUID():
            return str(value)
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    raise TypeError(f"{value!r} has no canonical form")


def timestamp(at: datetime) -> str:
    """The aware moment as the chain writes it: 2026-11-23T09:30:00.000000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry_hash(number: int, at: str, kind: str, body: str, previous: str) -> str:
    """The hash of an entry: 64 hexadecimal digits. `at` is as `timestamp` writes it."""
    return sha256("\n".join((previous, str(number), at, kind, body)).encode()).hexdigest()


def write(link: Link) -> str:
    """The entry as one line of an exported record, without the line break."""
    return json.dumps(link._asdict(), ensure_ascii=False)


def read(line: str) -> Link:
    """The entry on one line of an exported record.

    Raises ValueError when the line is not a JSON object with exactly the fields of `Link`, the
    number whole and every other field one line of text.
    """
    try:
        fields = json.loads(line)
        link = Link(**fields)
    except (ValueError, TypeError):
        raise ValueError(line) from None
    if type(link.number) is not int or not all(
        isinstance(text, str) and "\n" not in text for text in link[1:]
    ):
        raise ValueError(line)
    return link


def verify(lines: Iterable[str], language: Literal["en", "zh"] = "en") -> list[str]:
    """What is wrong with an exported record, each complaint with its line; empty when it is whole.

    `lines` are as `write` writes them, from entry 1 on. Behind a false entry checking goes on from
    what that entry says of itself; it ends at a line that is no entry.
    """
    wrong: list[str] = []
    number, previous = 0, START
    for place, line in enumerate(lines, start=1):
        link = _read(line)
        for en, zh in _faults(link, number + 1, previous):
            wrong.append(f"第{place}行：{zh}" if language == "zh" else f"line {place}: {en}")
        if link is None:
            break
        number, previous = link.number, link.hash
    return wrong


def _read(line: str) -> Link | None:
    try:
        return read(line)
    except ValueError:
        return None


def _faults(link: Link | None, number: int, previous: str) -> Iterator[tuple[str, str]]:
    if link is None:
        yield "this is no entry of a record", "不是档案条目"
        return
    if link.number != number:
        yield (
            f"entry {link.number} stands where {number} belongs",
            f"这里应是第{number}条，却是第{link.number}条",
        )
    elif link.previous != previous:
        yield (
            f"entry {number} does not follow the one before it",
            f"第{number}条与前一条接不上",
        )
    if link.hash != entry_hash(*link[:-1]):
        yield (
            f"entry {link.number} was changed: its hash is false",
            f"第{link.number}条被改动过：哈希值不符",
        )
