"""The command `xietong`."""

from xietong.cli.app import main

__all__ = ["main"]
