"""An economy made from accounts, with all that its package says of where it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xietong.planning.economy import Economy
from xietong.planning.sources.accounts import Accounts
from xietong.planning.sources.assumptions import Assumption, choices, published
from xietong.planning.sources.names import Name
from xietong.planning.sources.tables import to_tables


@dataclass(frozen=True)
class Package:
    """What is said of a source: where it comes from, under which licence, what was assumed."""

    name: str
    title: Name
    description: Name
    sources: Sequence[Mapping[str, str]]
    licence: Mapping[str, str]
    assumptions: Mapping[str, Assumption[Any]]

    def economy(
        self, accounts: Accounts, periods: int, files: Sequence[Mapping[str, str]] = ()
    ) -> Economy:
        """Return the economy of so many years that accounts describe.

        Takes also the name and sha256 of each file they were read from.
        """
        metadata = {
            "name": self.name,
            "title_zh": self.title.zh,
            "description": self.description.en,
            "description_zh": self.description.zh,
            "sources": [*self.sources, *files],
            "licenses": [self.licence],
            "assumptions": published(self.assumptions),
        }
        tables = to_tables(accounts, choices(self.assumptions), periods)
        return Economy(tables, title=self.title.en, metadata=metadata)
