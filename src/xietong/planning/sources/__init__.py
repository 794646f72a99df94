"""Real economies, each made from a public source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xietong.planning.economy import Economy
from xietong.planning.sources import brazil
from xietong.planning.sources.errors import SourceError

__all__ = ["SOURCES", "Source", "SourceError", "import_economy"]


@dataclass(frozen=True)
class Source:
    """A public source: what it is, in English and Chinese, and how it becomes an economy."""

    en: str
    zh: str
    load: Callable[[], Economy]


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "brazil-2021": Source(
            brazil.DESCRIPTION.en,
            brazil.DESCRIPTION.zh,
            lambda: brazil.to_economy(brazil.read_supply_use()),
        ),
    }
)


def import_economy(name: str) -> Economy:
    """Return the economy that is made from the source of this name, one of SOURCES.

    Raises SourceError if there is no such source, or it is not installed, broken or unbalanced.
    """
    if name not in SOURCES:
        raise SourceError(
            f'there is no source "{name}"; there are: {", ".join(SOURCES)}',
            f"没有名为“{name}”的来源；现有来源：{'、'.join(SOURCES)}",
        )
    return SOURCES[name].load()
