"""The goods of China's customs tariff by sector: thousands of real names."""

from pathlib import Path

import polars as pl

from xietong.planning.sources.errors import SourceError
from xietong.planning.sources.grid import read_lines

HEADING = ["hs8", "name_zh", "io_sector"]
SECTOR_DIGITS = 3
LAST_SECTOR = "092"  # electricity; software and art, the last codes, are numbered otherwise


def read_goods(path: Path) -> pl.DataFrame:
    """Return the goods that a file lists with their sectors: `product`, `part`, `name_zh`.

    `product` is the sector, `part` the code of eight digits. Lines that repeat a code or have none,
    and what is no good, are passed over; a good that goes with several sectors stands in the
    first. Raises SourceError if the file cannot be opened, or does not have the columns hs8,
    name_zh and io_sector.
    """
    heading, *lines = read_lines(path)
    if heading != HEADING:
        raise SourceError(
            f"{path.name}: the columns are {', '.join(heading)}, not {', '.join(HEADING)}",
            f"{path.name}：各列为 {'、'.join(heading)}，应为 {'、'.join(HEADING)}",
        )
    goods = {
        code: (sector.split("/")[0][-SECTOR_DIGITS:], code, name)
        for code, name, sector in lines
        if code.isdigit() and sector.split("/")[0][-SECTOR_DIGITS:] <= LAST_SECTOR
    }
    return pl.DataFrame(list(goods.values()), schema=["product", "part", "name_zh"], orient="row")
