"""xietong demo: a country to try everything in, until Ctrl-C."""

import os
from collections.abc import Iterable, Sequence
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from xietong.cli.serve import Home, Host, Port, in_one_sentence, say
from xietong.platform import home as homes
from xietong.platform import server
from xietong.platform.trouble import in_languages_of_terminal

T = TypeVar("T")

Rounds = Annotated[
    int, typer.Option(help="Play until so many rounds are closed. 运行到第几轮结束。", min=0)
]
Fresh = Annotated[
    bool,
    typer.Option("--fresh", help="Delete the demo's data and start over. 删除示范数据，从头再来。"),
]
Serve = Annotated[
    bool, typer.Option("--serve/--no-serve", help="Serve it at the end. 最后开放访问。")
]


def demo(
    rounds: Rounds = 36,
    fresh: Fresh = False,
    serve: Serve = True,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    home: Home = None,
) -> None:
    """Found the demo country, play some rounds, serve it. 建立示范国，运行几轮，开放访问。"""
    with in_one_sentence():
        if serve:
            server.check_address(host, port)
        if fresh and "DATABASE_URL" in os.environ:
            # It may hold more than a demo.
            typer.confirm(
                in_languages_of_terminal(
                    "Everything in the database of DATABASE_URL will be deleted. Go on?",
                    "将删除 DATABASE_URL 所指数据库中的全部内容。继续吗？",
                ),
                abort=True,
            )
        with server.running(home or homes.default(), fresh=fresh):
            with server.in_haste():
                _play(rounds)
            if serve:
                server.serve(host, port, _announce)


def _play(rounds: int) -> None:
    """Bring the country to where it should be; what has been done before is not done again."""
    from xietong.planning.sources.brazil import read_supply_use
    from xietong.platform.demo import country, life, report
    from xietong.platform.demo.wishes import Wishes
    from xietong.platform.rounds.models import Round

    console = Console()
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    ) as progress:

        def track(items: Sequence[T], title: str) -> Iterable[T]:
            return progress.track(items, total=len(items), description=title)

        if not Round.objects.exists():
            for _ in track([None], "Founding the country · 建立示范国"):
                country.found()
        if not life.is_set(rounds):
            wishes = Wishes.of(read_supply_use(), country.MONTH)
            life.live(rounds, wishes, track)
    for line in report.lines():
        console.print(line)


def _announce(address: str) -> None:
    from xietong.platform.demo.assumptions import PASSWORD
    from xietong.platform.demo.inhabitants import SIGN_INS

    say(
        f"\nThe demo country is at {address}  (Ctrl-C stops it; the data stay)",
        f"示范国已启动：{address} （按 Ctrl-C 停止，数据保留）",
    )
    print(f"\nSign in as · 登录  (password · 密码: {PASSWORD})")
    for person in SIGN_INS:
        print(f"  {person.username:<8}{person.name:<14}{person.about_en} · {person.about_zh}")
    print(flush=True)
