from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xietong.platform.record import chain
from xietong.platform.record.chain import Link

KINDS = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=10)
BODIES = st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=8), max_size=3)


def record(*contents: tuple[str, dict[str, object]]) -> list[str]:
    """An exported record with these kinds and bodies, written without the code under test."""
    lines = []
    previous = "0" * 64
    for number, (kind, body) in enumerate(contents, start=1):
        at, text = f"2026-11-23T09:30:00.{number:06}Z", chain.canonical(body)
        whole = f"{previous}\n{number}\n{at}\n{kind}\n{text}"
        hash = sha256(whole.encode()).hexdigest()
        lines.append(chain.write(Link(number, at, kind, text, previous, hash)))
        previous = hash
    return lines


def test_that_canonical_json_sorts_keys_and_leaves_chinese_readable() -> None:
    body = {"b": [Decimal("0.50"), None, True], "a": {"名": UUID(int=1)}}
    assert chain.canonical(body) == (
        '{"a":{"名":"00000000-0000-0000-0000-000000000001"},"b":["0.5",null,true]}'
    )


@pytest.mark.parametrize("value", [0.5, {1, 2}, b"x", datetime(2026, 1, 1, tzinfo=UTC)])
def test_that_a_value_without_a_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="has no canonical form"):
        chain.canonical({"value": value})


def test_that_a_timestamp_is_in_utc_with_microseconds() -> None:
    beijing = timezone(timedelta(hours=8))
    at = datetime(2026, 11, 23, 17, 30, tzinfo=beijing)
    assert chain.timestamp(at) == "2026-11-23T09:30:00.000000Z"


def test_that_an_empty_record_is_whole() -> None:
    assert chain.verify([]) == []


@given(st.lists(st.tuples(KINDS, BODIES), max_size=5))
def test_that_a_record_left_alone_is_whole(contents: list[tuple[str, dict[str, object]]]) -> None:
    assert chain.verify(record(*contents)) == []


@given(
    st.lists(st.tuples(KINDS, BODIES), min_size=1, max_size=5),
    st.data(),
)
def test_that_any_change_of_an_entry_is_noticed(
    contents: list[tuple[str, dict[str, object]]], data: st.DataObject
) -> None:
    lines = record(*contents)
    place = data.draw(st.integers(0, len(lines) - 1))
    link = chain.read(lines[place])
    name = data.draw(st.sampled_from(["at", "kind", "body", "previous", "hash"]))
    changed = link._replace(**{name: getattr(link, name) + "x"})
    lines[place] = chain.write(changed)
    assert chain.verify(lines)[0].startswith(f"line {place + 1}: ")


def test_that_a_changed_body_is_one_complaint() -> None:
    lines = record(("a", {}), ("b", {"n": 1}), ("c", {}))
    lines[1] = lines[1].replace("1}", "2}")
    assert chain.verify(lines) == ["line 2: entry 2 was changed: its hash is false"]


def test_that_a_dropped_entry_is_noticed() -> None:
    lines = record(("a", {}), ("b", {}), ("c", {}))
    assert chain.verify(lines[:1] + lines[2:]) == ["line 2: entry 3 stands where 2 belongs"]


def test_that_a_record_must_begin_at_its_first_entry() -> None:
    assert chain.verify(record(("a", {}), ("b", {}))[1:]) == [
        "line 1: entry 2 stands where 1 belongs"
    ]


def test_that_a_rewritten_entry_does_not_fit_its_successor() -> None:
    lines = record(("a", {}), ("b", {}), ("c", {}))
    forged = record(("a", {}), ("forged", {}))
    assert chain.verify([lines[0], forged[1], lines[2]]) == [
        "line 3: entry 3 does not follow the one before it"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "entry",
        '{"number": 1}',
        chain.write(Link(1, "t", "a\nb", "{}", chain.START, "")),
        chain.write(Link(True, "t", "a", "{}", chain.START, "")),
        chain.write(Link(1, "t", "a", "{}", chain.START, "")).replace('"t"', "2026"),
        chain.write(Link(1, "t", "a", "{}", chain.START, "")).replace("{", '{"more": 1, ', 1),
    ],
)
def test_that_a_line_which_is_no_entry_is_named(line: str) -> None:
    assert chain.verify([line]) == ["line 1: this is no entry of a record"]


def test_that_complaints_come_in_chinese_too() -> None:
    lines = record(("a", {}), ("b", {"n": 1}), ("c", {}), ("d", {}))
    lines[1] = lines[1].replace("1}", "2}")
    del lines[2]
    lines.append("x")
    assert chain.verify(lines, "zh") == [
        "第2行：第2条被改动过：哈希值不符",
        "第3行：这里应是第3条，却是第4条",
        "第4行：不是档案条目",
    ]
