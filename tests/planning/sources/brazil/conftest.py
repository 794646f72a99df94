"""The published workbooks as they are, read once."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from xietong.planning.sources.brazil import SupplyUse, read_supply_use
from xietong.planning.sources.brazil.sheets import Sheet, read_sheets
from xietong.planning.sources.brazil.supply_use import WORKBOOKS


@pytest.fixture(scope="session")
def workbooks() -> Path:
    package = find_spec("iotbr")
    assert package is not None
    assert package.submodule_search_locations is not None
    return Path(package.submodule_search_locations[0]) / "IBGE" / "nivel_68_2010_2021_xls"


@pytest.fixture(scope="session")
def sheets(workbooks: Path) -> dict[str, Sheet]:
    read: dict[str, Sheet] = {}
    for file, names in WORKBOOKS.items():
        read |= read_sheets(workbooks / file, names)
    return read


@pytest.fixture(scope="session")
def table() -> SupplyUse:
    return read_supply_use()
