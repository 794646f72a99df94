"""What the economy's package says of where it comes from and what was assumed."""

import json
from pathlib import Path

import pytest

from xietong.planning.sources import assumptions as common
from xietong.planning.sources.assumptions import Assumption
from xietong.planning.sources.brazil import SupplyUse, assumptions, to_economy
from xietong.planning.sources.brazil.assumptions import ASSUMPTIONS


@pytest.fixture(scope="module")
def package(table: SupplyUse, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder: Path = tmp_path_factory.mktemp("economy") / "brazil-2021"
    to_economy(table).write(folder)
    written: dict[str, object] = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return written


def test_that_every_assumption_is_listed_with_its_value_and_its_reason_in_both_languages(
    package: dict[str, object],
) -> None:
    written = vars(common) | vars(assumptions)
    constants = {name: v for name, v in written.items() if isinstance(v, Assumption)}
    assert constants == ASSUMPTIONS
    listed = [
        {"name": name, "value": chosen.value, "reason": chosen.en, "reason_zh": chosen.zh}
        for name, chosen in constants.items()
    ]
    assert package["assumptions"] == json.loads(json.dumps(listed))
    reasons = ASSUMPTIONS.values()
    assert all(chosen.en.endswith(".") and chosen.zh.endswith("。") for chosen in reasons)


def test_that_source_files_are_named_with_their_hash_and_licence(
    table: SupplyUse, package: dict[str, object]
) -> None:
    sources = package["sources"]
    assert isinstance(sources, list)
    assert sources[0]["title"].startswith("IBGE, Sistema de Contas Nacionais")
    assert {s["title"]: s["sha256"] for s in sources if "sha256" in s} == dict(table.files)
    licences = package["licenses"]
    assert isinstance(licences, list)
    assert [licence["name"] for licence in licences] == ["other-at"]


def test_that_title_and_description_are_in_both_languages(package: dict[str, object]) -> None:
    assert (package["title"], package["title_zh"]) == ("Brazil 2021", "巴西 2021 年")
    assert str(package["description"]).startswith("Production, trade and final demand of Brazil")
    assert str(package["description_zh"]).startswith("2021 年巴西的生产、贸易与最终需求")
