"""Real economies, each made from a public source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from xietong.planning.economy import Economy
from xietong.planning.sources import brazil, mrio
from xietong.planning.sources.china import year_2007
from xietong.planning.sources.errors import SourceError
from xietong.planning.sources.us import year_2012, year_2017
from xietong.planning.sources.wiod import national

__all__ = ["SOURCES", "Source", "SourceError", "import_economy"]


@dataclass(frozen=True)
class Source:
    """A public source: what it is, in English and Chinese, and how it becomes an economy.

    `load` takes where the data lie and how many periods of a year there are to be; `packaged` says
    that the data come with a Python package if they lie nowhere.
    """

    en: str
    zh: str
    load: Callable[[Path | None, int], Economy]
    packaged: bool = False


def _from(read: Callable[[Path, int], Economy]) -> Callable[[Path | None, int], Economy]:
    def load(data: Path | None, periods: int) -> Economy:
        if data is None:
            raise SourceError(
                "say where the files of this source lie (--data)",
                "请用 --data 指明该来源的数据文件在哪里",
            )
        return read(data, periods)

    return load


def _brazil(year: int, level: int) -> Source:
    package = brazil.package(year, level)

    def load(data: Path | None, periods: int) -> Economy:
        return brazil.level_economy(year, level, data, periods)

    return Source(package.description.en, package.description.zh, load, packaged=True)


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        brazil.source_name(year, level): _brazil(year, level)
        for level, years in brazil.LEVELS.items()
        for year in years
    }
    | {
        "china-2007": Source(
            year_2007.DESCRIPTION.en, year_2007.DESCRIPTION.zh, _from(year_2007.read)
        ),
        "pymrio": Source(mrio.DESCRIPTION.en, mrio.DESCRIPTION.zh, _from(mrio.read)),
        "us-2012": Source(
            year_2012.DESCRIPTION.en, year_2012.DESCRIPTION.zh, _from(year_2012.read)
        ),
        "us-2017": Source(
            year_2017.DESCRIPTION.en, year_2017.DESCRIPTION.zh, _from(year_2017.read)
        ),
        "wiod": Source(national.DESCRIPTION.en, national.DESCRIPTION.zh, _from(national.read)),
    }
)


def import_economy(name: str, data: Path | None = None, periods: int = 1) -> Economy:
    """Return the economy that is made from the source of this name, one of SOURCES.

    Args:
        name: the source.
        data: the folder or file where its data lie; a packaged source needs none.
        periods: how many years there are to be planned. Of several, runs take what they wear out,
            projects add capacity, and people ask for more than the year of the source gave them.

    Raises:
        SourceError: if there is no such source, its data are missing, broken or unbalanced, or
            there is not even one period.
    """
    if name not in SOURCES:
        known = [name for name in SOURCES if not name.startswith("brazil-")]
        raise SourceError(
            f'there is no source "{name}"; there are: brazil-2021 (and years from 2000, levels as '
            f"in brazil-2005-51), {', '.join(known)}",
            f"没有名为“{name}”的来源；现有来源：brazil-2021（2000 年起各年，各级如 "
            f"brazil-2005-51）、{'、'.join(known)}",
        )
    if periods < 1:
        raise SourceError("give at least 1 period", "至少要有 1 个时期")
    return SOURCES[name].load(data, periods)
