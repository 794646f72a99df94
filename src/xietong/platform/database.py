"""The platform's PostgreSQL: the one DATABASE_URL names, or one of our own beside the data."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from xietong.platform import embedded
from xietong.platform.trouble import CannotStart

# In this role the application works; it owns nothing, and is made when the tables are migrated.
APPLICATION = "xietong_app"
OLDEST_MAJOR_VERSION = 15
ANSWER_WITHIN_SECONDS = 5


@contextmanager
def running(home: Path) -> Iterator[str]:
    """URL of a PostgreSQL that answers inside the `with` block.

    With DATABASE_URL set, that one; otherwise an embedded server whose data live in `home`, started
    here and stopped at the end. Raises CannotStart.
    """
    if url := os.environ.get("DATABASE_URL"):
        check(url)
        yield url
    else:
        with embedded.running(home) as url:
            yield url


def for_application(url: str) -> str:
    """The URL by which the application connects in its role, from the URL of the tables' owner.

    The embedded server lets the role in by its name. The one that DATABASE_URL names may ask for a
    password: there the owner signs in and takes on the role.
    """
    parts = urlsplit(url)
    if not os.environ.get("DATABASE_URL"):
        return parts._replace(netloc=f"{APPLICATION}@").geturl()
    query = dict(parse_qsl(parts.query))
    query["options"] = f"{query.get('options', '')} -c role={APPLICATION}".strip()
    return parts._replace(query=urlencode(query, quote_via=quote)).geturl()


def check(url: str) -> None:
    """Raises CannotStart unless a PostgreSQL of version 15 or newer answers at the URL."""
    try:
        told = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise CannotStart(
            "DATABASE_URL is not a PostgreSQL address; it looks like "
            "postgresql://user:password@host:5432/database.",
            "DATABASE_URL 不是 PostgreSQL 地址；正确的写法如 "
            "postgresql://user:password@host:5432/database。",
        ) from error
    # Never the whole address: it holds the password.
    place = f"{told.get('host') or 'localhost'}:{told.get('port') or 5432}"
    try:
        with psycopg.connect(url, connect_timeout=ANSWER_WITHIN_SECONDS) as connection:
            version = connection.info.server_version // 10000
    except psycopg.OperationalError as error:
        why = str(error).strip().splitlines()[-1].strip()
        raise CannotStart(
            f"The PostgreSQL of DATABASE_URL at {place} lets nobody in: {why}.",
            f"无法连接 DATABASE_URL 所指的 PostgreSQL（{place}）：{why}。",
        ) from error
    if version < OLDEST_MAJOR_VERSION:
        raise CannotStart(
            f"The PostgreSQL of DATABASE_URL at {place} is version {version}; "
            f"Xietong needs {OLDEST_MAJOR_VERSION} or newer.",
            f"DATABASE_URL 所指的 PostgreSQL（{place}）是 {version} 版；"
            f"协同需要 {OLDEST_MAJOR_VERSION} 或更新的版本。",
        )
