import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

XIETONG = Path(sys.executable).with_name("xietong")


@pytest.fixture
def database_of_others() -> Iterator[str]:
    """A database that holds something other than a demo."""
    server = os.environ["DATABASE_URL"]
    name = f"others_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        url = make_conninfo(server, dbname=name)
        with psycopg.connect(url) as theirs:
            theirs.execute("CREATE TABLE letters AS SELECT 'dear' AS word")
        yield url
        connection.execute(SQL("DROP DATABASE {}").format(Identifier(name)))


@pytest.mark.parametrize("answer", ["", "n\n"])
def test_that_a_database_of_others_is_not_emptied_without_consent(
    database_of_others: str, tmp_path: Path, answer: str
) -> None:
    told = subprocess.run(
        [XIETONG, "demo", "--fresh", "--no-serve", "--home", tmp_path / "home"],
        input=answer,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DATABASE_URL": database_of_others, "LC_ALL": "C.UTF-8"},
    )
    assert told.returncode == 1
    assert "Everything in the database of DATABASE_URL will be deleted. Go on?" in told.stdout
    with psycopg.connect(database_of_others) as theirs:
        assert theirs.execute("SELECT word FROM letters").fetchall() == [("dear",)]
