from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from xietong.platform.ui import messages

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
title = gettext_lazy("Rice")
# Translators: on a door
door = pgettext("door", "Open")
count = ngettext("%(n)s bag", "%(n)s bags", 2)
plain = "not a message"
"""

TEMPLATE = """{% extends "ui/base.html" %}
{% pageheader _("Granary") lede=_("What is in store") %}{% endpageheader %}
<div>
      {% translate "Steel" %} isn't {% translate "it's" context "verb" %}
  {% blocktranslate trimmed count n=bags %}
      {{ n }} sack
      of grain
  {% plural %}
      {{ n }} sacks of grain
  {% endblocktranslate %}
 {{ _("Filtered") }}
</div>
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """An app folder with messages in Python and in a template."""
    folder = tmp_path / "granary"
    (folder / "templates/granary").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "labels.py").write_text(PYTHON)
    (folder / "templates/granary/page.html").write_text(TEMPLATE)
    return folder


def write(room: Path, entries: str) -> None:
    path = room / messages.CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(messages.HEADER + entries, "utf-8")


def only(room: Path, message: str) -> None:
    """Leave the room with this one message in its source."""
    (room / "labels.py").write_text(f"from x import gettext\ntext = gettext({message!r})\n")
    (room / "templates/granary/page.html").write_text("")


def test_that_every_message_of_the_platform_has_its_chinese() -> None:
    found = [problem for room in messages.rooms() for problem in messages.problems(room)]
    assert found + list(messages.conflicts(messages.rooms())) == []


def test_that_messages_are_found_in_python_and_in_templates(room: Path) -> None:
    found = {(message.id, message.context) for message in messages.source(room) if message.id}
    assert found == {
        ("Rice", None),
        ("Open", "door"),
        (("%(n)s bag", "%(n)s bags"), None),
        ("Steel", None),
        ("it's", "verb"),
        (("%(n)s sack of grain", "%(n)s sacks of grain"), None),
        ("Filtered", None),
        ("Granary", None),
        ("What is in store", None),
    }


def test_that_a_note_to_the_writer_of_chinese_is_kept(room: Path) -> None:
    door = messages.source(room).get("Open", "door")
    assert door is not None
    assert door.auto_comments == ["on a door"]


def test_that_update_writes_what_is_new_and_then_nothing(room: Path) -> None:
    assert messages.update(room) is True
    before = (room / messages.CATALOGUE).read_bytes()
    assert messages.update(room) is False
    assert (room / messages.CATALOGUE).read_bytes() == before
    assert len(messages.kept(room)) == 9


def test_that_update_keeps_the_chinese_and_drops_what_is_gone(room: Path) -> None:
    write(room, 'msgid "Rice"\nmsgstr "稻米"\n\nmsgid "Jade"\nmsgstr "玉"\n')
    messages.update(room)
    kept = messages.kept(room)
    rice = kept.get("Rice")
    assert rice is not None
    assert (rice.string, rice.fuzzy) == ("稻米", False)
    assert kept.get("Jade") is None
    assert "玉" not in (room / messages.CATALOGUE).read_text("utf-8")


def test_that_reworded_english_keeps_its_chinese_to_be_read_again(room: Path) -> None:
    write(room, 'msgid "The round is open for orders"\nmsgstr "本轮可以提需求"\n')
    only(room, "The round is open for your orders")
    messages.update(room)
    assert list(messages.problems(room)) == [
        "granary: the Chinese of “The round is open for your orders” is fuzzy: read it again"
    ]


def test_that_a_room_without_messages_gets_no_catalogue(tmp_path: Path) -> None:
    assert messages.update(tmp_path) is False
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ("", "granary: “Rice” is not in django.po; run update"),
        ('msgid "Rice"\nmsgstr ""\n', "granary: “Rice” has no Chinese"),
        (
            '#, fuzzy\nmsgid "Rice"\nmsgstr "稻米"\n',
            "granary: the Chinese of “Rice” is fuzzy: read it again",
        ),
        (
            'msgid "Rice"\nmsgstr "稻米"\n\nmsgid "Jade"\nmsgstr "玉"\n',
            "granary: “Jade” is no longer in the source; run update",
        ),
    ],
)
def test_that_check_says_what_is_missing(room: Path, entries: str, problem: str) -> None:
    only(room, "Rice")
    write(room, entries)
    assert list(messages.problems(room)) == [problem]


def test_that_check_finds_a_placeholder_that_the_english_does_not_have(room: Path) -> None:
    only(room, "%(n)s bags")
    write(room, '#, python-format\nmsgid "%(n)s bags"\nmsgstr "%(m)s袋"\n')
    (problem,) = messages.problems(room)
    assert problem.startswith("granary: the Chinese of “%(n)s bags”: ")


def test_that_a_complete_room_has_no_problems(room: Path) -> None:
    only(room, "Rice")
    write(room, 'msgid "Rice"\nmsgstr "稻米"\n')
    assert list(messages.problems(room)) == []


def test_that_two_rooms_cannot_put_one_message_into_different_chinese(tmp_path: Path) -> None:
    for name, chinese in (("one", "打开"), ("two", "开放"), ("three", "打开")):
        write(tmp_path / name, f'msgid "Open"\nmsgstr "{chinese}"\n')
    folders = [tmp_path / name for name in ("one", "two", "three")]
    assert list(messages.conflicts(folders)) == [
        "two: “Open” is “开放” here and “打开” in one; "
        "agree on one or give each a context (pgettext)"
    ]


def test_that_a_context_sets_two_meanings_apart(tmp_path: Path) -> None:
    write(tmp_path / "one", 'msgctxt "door"\nmsgid "Open"\nmsgstr "打开"\n')
    write(tmp_path / "two", 'msgctxt "vote"\nmsgid "Open"\nmsgstr "进行中"\n')
    assert list(messages.conflicts([tmp_path / "one", tmp_path / "two"])) == []


def test_that_compile_writes_what_django_reads_and_then_nothing(room: Path) -> None:
    write(room, 'msgid "Rice"\nmsgstr "稻米"\n')
    assert messages.compile_catalogue(room) is True
    assert messages.compile_catalogue(room) is False
    with (room / messages.CATALOGUE).with_suffix(".mo").open("rb") as file:
        rice = read_mo(file).get("Rice")
    assert rice is not None
    assert rice.string == "稻米"
    assert {path.suffix for path in (room / messages.CATALOGUE).parent.iterdir()} == {".po", ".mo"}


def test_that_a_room_without_a_catalogue_compiles_to_nothing(room: Path) -> None:
    assert messages.compile_catalogue(room) is False


def test_that_the_command_refuses_a_room_that_does_not_exist(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stopped:
        messages.main(["check", "granary"])
    assert stopped.value.code == 2
    assert "no such room: granary; there are " in capsys.readouterr().err


def test_that_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    messages.main(["compile", "ui"])
    assert messages.main(["compile", "ui"]) == 0
    assert capsys.readouterr().out.endswith("compile: nothing to do\n")
