from datetime import UTC, datetime

import pytest
from django.utils import translation

from xietong.platform.record import chain, kinds
from xietong.platform.record.models import Entry


def entry(kind: str, **body: object) -> Entry:
    return Entry(
        number=1, at=datetime(2026, 1, 1, tzinfo=UTC), kind=kind, body=chain.canonical(body)
    )


def facts(entry: Entry) -> list[tuple[str, str]]:
    return [(str(name), text) for name, text in kinds.read(entry).facts]


def test_that_a_described_kind_is_read_in_the_readers_language() -> None:
    vote = entry(
        "vote",
        title_en="Hours",
        title_zh="工时",
        chosen_en="120 hours",
        chosen_zh="120 小时",
        counts={"120": 2, "150": 1},
        tied=[],
        subject="left to the text",
    )
    assert kinds.read(vote).about == "Hours"
    assert facts(vote) == [
        ("Chosen", "120 hours"),
        ("Approvals", "120: 2; 150: 1"),
        ("Equal in first place", "–"),
    ]
    with translation.override("zh-hans"):
        assert (kinds.read(vote).about, facts(vote)[0][1]) == ("工时", "120 小时")


def test_that_codes_are_read_as_words() -> None:
    duty = entry("duty", name="Ana", duty="planning", change="given", person="…")
    assert kinds.read(duty).about == "Ana"
    assert facts(duty) == [("Duty", "planning"), ("Change", "given")]


def test_that_a_kind_nobody_described_is_read_field_by_field() -> None:
    unknown = entry("comet", seen=["a", "b"], tail=None, near=True)
    assert str(kinds.read(unknown).label) == "comet"
    assert facts(unknown) == [("near", "True"), ("seen", "a, b"), ("tail", "–")]


def test_that_a_kind_is_described_once() -> None:
    with pytest.raises(ValueError, match="vote is described twice"):
        kinds.describe("vote", "A vote", {})
