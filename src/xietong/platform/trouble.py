"""What keeps the platform from starting, said to the person who started it."""

import os


class CannotStart(Exception):
    """One clear sentence in English and one in Chinese: what is wrong, and what would be right."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.english = english
        self.chinese = chinese


def in_languages_of_terminal(english: str, chinese: str) -> str:
    """The English text, and the Chinese beneath it if the terminal's locale is Chinese."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return f"{english}\n{chinese}" if locale.startswith("zh") else english
