import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from xietong.platform import embedded

XIETONG = Path(sys.executable).with_name("xietong")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        # Root's database runs as another user, who has to reach it.
        Path(name).chmod(0o755)
        yield Path(name)


def xietong(*arguments: str | Path, **environment: str) -> tuple[int, str]:
    """The command's exit code, and all it said."""
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [XIETONG, *arguments],
        env={**ours, "LC_ALL": "C.UTF-8", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def hashes(url: str) -> dict[str, str | None]:
    """sha256 of all rows of every table."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        ).fetchall()
        found = {}
        for (table,) in tables:
            row = connection.execute(
                SQL(
                    "SELECT encode(sha256(convert_to("
                    "string_agg(row::text, E'\\n' ORDER BY row::text), 'UTF8')), 'hex')"
                    " FROM {} AS row"
                ).format(Identifier(str(table)))
            ).fetchone()
            assert row is not None
            found[str(table)] = row[0]
    return found


def write(url: str, *words: str) -> datetime:
    """Puts these words down, each by a transaction; returns a moment after all of them."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
        for word in words:
            connection.execute("INSERT INTO words VALUES (%s)", [word])
        row = connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        return cast(datetime, row[0])


def words(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {word for (word,) in connection.execute("SELECT word FROM words").fetchall()}


def test_that_a_country_is_restored_as_it_was_at_a_point_in_time(folder: Path) -> None:
    shop = Path(__file__).parents[1] / "platform" / "shop.py"
    home, other, kept = folder / "home", folder / "other", folder / "kept"
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run([sys.executable, shop, home], env=ours, stdout=subprocess.PIPE, check=True)
    with embedded.running(home) as url:
        code, told = xietong("backup", kept, "--home", home)
        assert (code, told[:13]) == (0, "Backed up in "), told
        moment = write(url, "before", "此刻之前")
        then = hashes(url)
        write(url, "after")
        with psycopg.connect(url) as connection:
            connection.execute("DELETE FROM words WHERE word = 'before'")
        last = hashes(url)
        assert xietong("backup", kept, "--home", home)[0] == 0
        write(url, "after the last backup")
    code, told = xietong("restore", kept, "--home", other, "--until", moment.isoformat())
    assert (code, told[:12]) == (0, "Restored in "), told
    print(told)
    with embedded.running(other) as url:
        assert words(url) == {"before", "此刻之前"}
        assert hashes(url) == then
        assert then.keys() >= {"credits_entry", "needs_orderline", "enterprises_movement", "words"}
        # What is restored lives on.
        write(url, "a new life")
    assert xietong("restore", kept, "--home", folder / "third")[0] == 0
    with embedded.running(folder / "third") as url:
        assert words(url) == {"此刻之前", "after"}
        assert hashes(url) == last


def test_that_backups_can_be_made_while_nothing_is_served_and_one_folder_after_another(
    folder: Path,
) -> None:
    home, kept = folder / "home", folder / "kept"
    with embedded.running(home) as url:
        write(url, "first")
    assert xietong("backup", kept, "--home", home)[0] == 0
    # Another folder begins with a whole copy of its own, and so does the first one after it.
    for place in (folder / "elsewhere", kept):
        with embedded.running(home) as url:
            write(url, place.name)
        assert xietong("backup", place, "--home", home)[0] == 0
    assert len(list(kept.glob("whole-*"))) == 2
    assert xietong("restore", kept, "--home", folder / "back")[0] == 0
    with embedded.running(folder / "back") as url:
        assert words(url) == {"first", "elsewhere", "kept"}


def test_that_what_cannot_be_restored_is_one_sentence_and_leaves_nothing(folder: Path) -> None:
    home, kept, back = folder / "home", folder / "kept", folder / "back"
    assert xietong("backup", kept, "--home", home) == (
        1,
        f"There is no database of Xietong's own in {home}.\n",
    )
    with embedded.running(home) as url:
        write(url, "here")
    assert xietong("backup", kept, "--home", home)[0] == 0
    for until, told in (
        ("yesterday", "yesterday is no moment"),
        ("2001-01-01T00:00Z", "There is no backup in"),
        ("2999-01-01T00:00Z", "The backups in"),
    ):
        code, said = xietong("restore", kept, "--home", back, "--until", until)
        assert (code, said[: len(told)], said.count("\n")) == (1, told, 1), said
        assert not (back / "postgresql").exists()
    code, said = xietong("restore", kept, "--home", home)
    assert (code, said) == (
        1,
        f"There is a database in {home} already; name an empty folder with --home.\n",
    )
    code, said = xietong("backup", kept, DATABASE_URL="postgresql:///x")
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("DATABASE_URL names a PostgreSQL of your own")
