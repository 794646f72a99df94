"""The Chinese of every room: gettext catalogues kept, checked and compiled with Babel.

python -m xietong.platform.ui.messages update [ROOM …]    bring django.po up to date
python -m xietong.platform.ui.messages check [ROOM …]     fail and list what lacks Chinese
python -m xietong.platform.ui.messages compile [ROOM …]   write the .mo that Django reads
"""

import argparse
import io
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOMS = Path(__file__).resolve().parents[1]
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def rooms(root: Path = ROOMS) -> list[Path]:
    """The app folders under `root`, by name."""
    return sorted(path.parent for path in root.glob("*/__init__.py"))


def source(room: Path) -> Catalog:
    """Every message in the Python files and templates of an app folder, without translation."""
    catalogue = _blank()
    for path in sorted((*room.rglob("*.py"), *room.rglob("templates/**/*.html"))):
        text = path.read_text("utf-8")
        if path.suffix == ".html":
            text = _as_python(text)
        for line, message, comments, context in extract(
            "python",
            io.BytesIO(text.encode()),
            KEYWORDS,
            ("Translators:",),
            strip_comment_tags=True,
        ):
            catalogue.add(
                message,
                locations=[(path.relative_to(room).as_posix(), line)],
                auto_comments=comments,
                context=context,
            )
    return catalogue


def kept(room: Path) -> Catalog:
    """The room's catalogue as it stands in its django.po; empty when there is none."""
    path = room / CATALOGUE
    if not path.exists():
        return _blank()
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def update(room: Path) -> bool:
    """Merge the source into the room's django.po; whether the file changed.

    A message whose English changed a little keeps its Chinese, marked fuzzy; messages that
    are gone from the source are dropped.
    """
    template, catalogue, path = source(room), kept(room), room / CATALOGUE
    if not len(template) and not path.exists():
        return False
    catalogue.update(template)
    buffer = io.BytesIO()
    write_po(
        buffer,
        catalogue,
        width=100,
        ignore_obsolete=True,
        sort_by_file=True,
        # Line numbers would change the file with every edit elsewhere.
        include_lineno=False,
        omit_header=True,
    )
    text = HEADER.encode() + buffer.getvalue()
    if path.exists() and path.read_bytes() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, text)
    return True


def problems(room: Path) -> Iterator[str]:
    """What keeps the room from being complete in Chinese, one sentence each."""
    template, catalogue = source(room), kept(room)
    for message in template:
        if not message.id:
            continue
        found = catalogue.get(_key(message), message.context)
        if found is None:
            yield f"{room.name}: {_quoted(message)} is not in {CATALOGUE.name}; run update"
        elif not all(found.string if isinstance(found.string, tuple) else (found.string,)):
            yield f"{room.name}: {_quoted(message)} has no Chinese"
        elif found.fuzzy:
            yield f"{room.name}: the Chinese of {_quoted(message)} is fuzzy: read it again"
        else:
            for error in found.check(catalogue):
                yield f"{room.name}: the Chinese of {_quoted(message)}: {error}"
    for message in catalogue:
        if message.id and template.get(_key(message), message.context) is None:
            yield f"{room.name}: {_quoted(message)} is no longer in the source; run update"


def compile_catalogue(room: Path) -> bool:
    """Write the .mo beside the room's django.po, unless it is newer; whether it was written."""
    path = room / CATALOGUE
    compiled = path.with_suffix(".mo")
    if not path.exists():
        return False
    if compiled.exists() and compiled.stat().st_mtime_ns > path.stat().st_mtime_ns:
        return False
    buffer = io.BytesIO()
    write_mo(buffer, kept(room))
    _write(compiled, buffer.getvalue())
    return True


def conflicts(folders: Iterable[Path]) -> Iterator[str]:
    """Messages that two rooms put into different Chinese: Django would show either in both."""
    seen: dict[tuple[str, str | None], tuple[str, object]] = {}
    for room in folders:
        for message in kept(room):
            if not message.id or not message.string:
                continue
            first, chinese = seen.setdefault(
                (_key(message), message.context), (room.name, message.string)
            )
            if chinese != message.string:
                yield (
                    f"{room.name}: {_quoted(message)} is “{message.string}” here and "
                    f"“{chinese}” in {first}; agree on one or give each a context (pgettext)"
                )


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit status."""
    known = {room.name: room for room in rooms()}
    parser = argparse.ArgumentParser(prog="python -m xietong.platform.ui.messages")
    parser.add_argument("do", choices=("update", "check", "compile"))
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help="all when none is named")
    given = parser.parse_args(arguments)
    if strangers := set(given.rooms) - set(known):
        parser.error(f"no such room: {', '.join(sorted(strangers))}; there are {', '.join(known)}")
    chosen = [known[name] for name in given.rooms or known]
    if given.do == "check":
        found = [problem for room in chosen for problem in problems(room)]
        found.extend(conflicts(known.values()))
        sys.stdout.writelines(f"{problem}\n" for problem in found)
        return 1 if found else 0
    act = update if given.do == "update" else compile_catalogue
    changed = [room.name for room in chosen if act(room)]
    sys.stdout.write(f"{given.do}: {', '.join(changed) or 'nothing to do'}\n")
    return 0


HEADER = """\
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def _blank() -> Catalog:
    return Catalog(locale="zh_Hans", domain="django", fuzzy=False)


def _as_python(text: str) -> str:
    """A template as Python that calls gettext, line for line."""
    # Django leaves the indentation of the markup, which no Python tokeniser accepts.
    return "\n".join(line.strip() for line in templatize(text).split("\n"))


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (list, tuple)) else message.id


def _quoted(message: Message) -> str:
    return f"“{_key(message)}”"


def _write(path: Path, content: bytes) -> None:
    """All or nothing, also when two processes write at once."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main())
