"""What a thing is called."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """A name in English and Simplified Chinese."""

    en: str
    zh: str
