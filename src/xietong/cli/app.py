"""The command's parts; each is imported when it is asked for, so that the command starts fast."""

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from xietong import __version__

# name: (module, what it needs)
COMMANDS = {
    "demo": ("xietong.cli.demo", "django"),
    "serve": ("xietong.cli.serve", "django"),
    "backup": ("xietong.cli.backup", "django"),
    "restore": ("xietong.cli.backup", "django"),
    "plan": ("xietong.cli.plan", None),
    "what-if": ("xietong.cli.what_if", None),
    "alternatives": ("xietong.cli.alternatives", None),
    "verify": ("xietong.cli.verify", None),
    "explain": ("xietong.cli.explain", None),
    "values": ("xietong.cli.values", None),
    "economy": ("xietong.cli.economy", None),
}


class Commands(TyperGroup):
    """The commands whose parts are installed: the platform's only where Django is."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [
            name
            for name, (module, needed) in COMMANDS.items()
            if _is_there(module) and (needed is None or _is_there(needed))
        ]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(COMMANDS[cmd_name][0])
        if (sub := getattr(module, "app", None)) is not None:
            command = get_command(sub)
        else:
            one = typer.Typer(add_completion=False)
            one.command(cmd_name)(getattr(module, cmd_name.replace("-", "_")))
            command = get_command(one)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ImportError:
        return False


def _version(wanted: bool) -> None:
    if wanted:
        print(f"xietong {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version. 显示版本。"
    ),
) -> None:
    """Plan and run an economy together, in kind, by vote · 协同：用实物计划，由表决作主"""


def main() -> None:
    """Run the command; trouble is one sentence and exit code 1, Ctrl-C is 130."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
