"""Economies: what is left out is filled in, what is wrong is named, all of it at once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from xietong.planning import Economy, EconomyError
from xietong.planning.format import ECONOMY

Tables = dict[str, pl.DataFrame]


def faults(tables: Tables, language: str = "en") -> list[str]:
    with pytest.raises(EconomyError) as caught:
        Economy(tables)
    return [fault.text("zh" if language == "zh" else "en") for fault in caught.value.faults]


def test_that_an_economy_has_every_table_as_an_attribute_with_every_column(
    bakery: Economy,
) -> None:
    for declared in ECONOMY:
        frame = getattr(bakery, declared.name)
        assert dict(frame.schema) == declared.schema
    assert repr(bakery) == (
        "<Economy 'Bakery': 4 products, 4 techniques, 2 regions, 3 periods, 5 needs>"
    )


def test_that_what_is_left_out_has_its_default() -> None:
    economy = Economy(
        {
            "products": pl.DataFrame({"product": ["bread"], "unit": ["t"]}),
            "techniques": pl.DataFrame({"technique": ["bake"]}),
            "outputs": pl.DataFrame({"technique": ["bake"], "product": ["bread"], "quantity": [1]}),
            "labour": pl.DataFrame({"technique": ["bake"], "skill": ["work"], "hours": [1]}),
            "workforce": pl.DataFrame({"skill": ["work"], "hours": [8]}),
            "needs": pl.DataFrame(
                {"need": ["n"], "tier": ["basic"], "product": ["bread"], "target": [1]}
            ),
        }
    )
    assert economy.regions["region"].to_list() == ["all"]
    assert economy.periods.rows() == [(1, 365.0)]
    assert economy.products.rows() == [("bread", "t", None, None, True, 0.0, 1.0)]
    assert economy.techniques.rows() == [("bake", "all", None, 0, 0.0)]
    assert economy.outputs.rows() == [("bake", "bread", 1.0, "all")]
    assert economy.needs.rows() == [("n", "basic", "bread", "all", None, 1.0, 1.0)]
    assert economy.limits.rows() == []


def test_that_an_empty_region_of_an_input_is_the_techniques_own(bakery: Economy) -> None:
    assert bakery.inputs["region"].to_list() == ["east"] * 4
    assert bakery.outputs["region"].to_list() == ["east", "east", "east", "west", "west"]


def test_that_all_faults_of_all_tables_are_named_at_once(tables: Tables) -> None:
    tables["products"] = tables["products"].with_columns(
        loss=pl.Series([0.05, 1.5, float("nan"), 0.0])
    )
    tables["inputs"] = tables["inputs"].with_columns(
        product=pl.Series(["corm", "corn", "bread", "straw"]),
        quantity=pl.Series([-1.0, 1.0, 1.0, 0.1]),
    )
    tables["needs"] = tables["needs"].with_columns(tier=pl.lit("luxury")).head(1).drop("target")
    tables["labour"] = tables["labour"].with_columns(skill=pl.lit("magic")).head(1)
    del tables["techniques"]
    tables["wishes"] = pl.DataFrame({"wish": ["x"]})
    named = faults(tables)
    assert set(named) >= {
        "wishes: unknown table; the tables are " + ", ".join(t.name for t in ECONOMY),
        "products, row 2, column loss: 1.5 is above 1",
        "products, row 3, column loss: nan is not a finite number",
        "techniques: missing table: ways of producing, each at one place",
        "inputs, row 1, column quantity: -1.0 is below 0",
        "inputs, row 1, column product: 'corm' is not in products; did you mean 'corn'?",
        "inputs, row 1, column technique: 'farm' is not in techniques",
        "needs, column target: missing column: how much (units per period)",
        "needs, row 1, column tier: 'luxury' is no tier; the tiers are basic, public, personal, "
        "reserve",
    }
    assert "products 表第 2 行 loss 列：1.5 大于 1" in faults(tables, "zh")


@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        ("products", lambda f: pl.concat([f, f.head(1)]),
         "products, row 5, column product: 'corn' stands here a second time; "
         "give each product once"),
        ("products", lambda f: f.with_columns(colour=pl.lit("red")),
         "products, column colour: unknown column; the columns are product, unit, name_en, "
         "name_zh, storable, loss, measure"),
        ("products", lambda f: f.with_columns(storable=pl.lit("maybe")).head(4),
         "products, row 1, column storable: 'maybe' is not true or false"),
        ("products", lambda f: f.with_columns(unit=pl.lit(None, pl.String)),
         "products, row 1, column unit: is empty; give text: what one unit is"),
        ("inputs", lambda f: f.with_columns(quantity=pl.lit("a lot")),
         "inputs, row 1, column quantity: 'a lot' is not a finite number"),
        ("inputs", lambda f: f.with_columns(quantity=pl.lit(float("inf"))),
         "inputs, row 1, column quantity: inf is not a finite number"),
        ("inputs", lambda f: f.with_columns(quantity=pl.lit([1.0])),
         "inputs, column quantity: holds List(Float64); give numbers"),
        ("techniques", lambda f: f.with_columns(lead_time=pl.lit(0.5)),
         "techniques, row 1, column lead_time: 0.5 is not a whole number"),
        ("techniques", lambda f: f.with_columns(region=pl.lit(None, pl.String)),
         "techniques, row 1, column region: is empty; say in which of the regions it is"),
        ("periods", lambda f: f.with_columns(period=pl.Series([1, 2, 4])),
         "periods, row 3, column period: 4 leaves a gap: 3 periods are numbered 1 to 3"),
        ("needs", lambda f: f.with_columns(period=pl.lit(7)),
         "needs, row 1, column period: 7 is not in periods"),
        ("workforce", lambda f: f.with_columns(period=pl.Series([None, None, 2, 3])),
         "workforce, row 3, column period: 2 is already said by a row for every period (an empty "
         "one); keep one of the two"),
        ("workforce", lambda f: f.head(3),
         "workforce, row 2, column skill: 'work' has no hours in some of the 3 periods; say 0 "
         "where nobody offers it"),
        ("labour", lambda f: f.with_columns(skill=pl.lit("magic")),
         "labour, row 1, column skill: 'magic' is offered by nobody in its region; give workforce "
         "a row for it, if only of 0 hours"),
        ("stocks", lambda f: f.with_columns(product=pl.Series(["haircut", "corn"])),
         "stocks, row 1, column product: 'haircut' is not storable, so there can be no stock of "
         "it"),
        ("projects", lambda f: f.with_columns(latest=pl.lit(9)),
         "projects, row 1, column latest: 9 is after the last period, 3"),
        ("projects", lambda f: f.with_columns(earliest=pl.lit(3), latest=pl.lit(2)),
         "projects, row 1, column earliest: 3 is after the latest period it may start in"),
        ("labour", lambda f: f.filter(pl.col("technique") != "cut"),
         "techniques, row 4, column technique: 'cut' could run without end; give it labour, a "
         "means it occupies, or an input that is scarce"),
    ],
)  # fmt: skip
def test_that_a_fault_is_named_with_its_place_and_remedy(
    tables: Tables, name: str, change: Callable[[pl.DataFrame], pl.DataFrame], fault: str
) -> None:
    named = faults({**tables, name: change(tables[name])})
    assert fault in named
    assert all("\n" not in text for text in named)


def test_that_a_long_list_of_like_faults_is_cut_short_and_counted(tables: Tables) -> None:
    many = pl.DataFrame({"product": [f"p{i}" for i in range(1000)], "unit": ["t"] * 1000})
    many = many.with_columns(loss=2.0)
    named = [f for f in faults({**tables, "products": many}) if "column loss" in f]
    assert len(named) == 21
    assert named[-1] == "products, column loss: 980 more rows like the last, up to row 1000"


def test_that_an_economy_survives_writing_and_reading(bakery: Economy, tmp_path: Path) -> None:
    bakery.write(tmp_path / "e")
    again = Economy.read(tmp_path / "e")
    assert again.title == "Bakery"
    assert again.metadata == {"source": "made up"}
    assert again.sha256 == bakery.sha256
    assert all(again.tables[t.name].equals(bakery.tables[t.name]) for t in ECONOMY)
    package = json.loads((tmp_path / "e" / "datapackage.json").read_text(encoding="utf-8"))
    products = next(r for r in package["resources"] if r["name"] == "products")
    assert products["path"] == "products.csv"
    assert products["schema"]["primaryKey"] == ["product"]
    assert products["schema"]["fields"][5] == {
        "name": "loss",
        "type": "number",
        "description": "share of a stock lost from one period to the next",
        "description_zh": "库存每期损耗的比例",
        "unit": "share per period",
        "unit_zh": "比例/期",
        "constraints": {"minimum": 0.0, "maximum": 1.0},
    }


def test_that_a_large_table_is_written_as_parquet_and_replaces_a_small_one(
    bakery: Economy, tables: Tables, tmp_path: Path
) -> None:
    bakery.write(tmp_path)
    n = 100_001
    many = pl.DataFrame({"product": [f"p{i}" for i in range(n)], "unit": ["t"] * n})
    tables["products"] = pl.concat([tables["products"].select("product", "unit"), many])
    tables["stocks"] = tables["stocks"].head(2)
    tables["limits"], tables["emits"] = tables["limits"].clear(), tables["emits"].clear()
    large = Economy(tables)
    large.write(tmp_path)
    assert (tmp_path / "products.parquet").exists()
    assert not (tmp_path / "products.csv").exists()
    assert not (tmp_path / "limits.csv").exists()
    assert Economy.read(tmp_path).sha256 == large.sha256


def test_that_the_hash_does_not_depend_on_the_order_of_rows_but_on_every_number(
    bakery: Economy, tables: Tables
) -> None:
    reverse = Economy({name: frame.reverse() for name, frame in tables.items()})
    assert reverse.sha256 == bakery.sha256
    tables["needs"] = tables["needs"].with_columns(pl.col("target") * (1 + 1e-15))
    assert Economy(tables).sha256 != bakery.sha256


def test_that_a_folder_with_everything_wrong_is_named_whole(tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text("product,unit,loss\nbread,t,x\n,t,0\n", "utf-8")
    (tmp_path / "needs.csv").write_text("need;tier\n1;2\n", "utf-8")
    (tmp_path / "techniques.parquet").write_bytes(b"not parquet")
    (tmp_path / "machines.csv").write_text("a\n1\n", "utf-8")
    (tmp_path / "outputs.csv").write_bytes(b"\xff\xfe\x00garbage\x00")
    (tmp_path / "datapackage.json").write_text("{", "utf-8")
    with pytest.raises(EconomyError) as caught:
        Economy.read(tmp_path)
    named = "\n".join(fault.text() for fault in caught.value.faults)
    for part in (
        "datapackage.json: is not JSON",
        "machines.csv: unknown table",
        "techniques.parquet: cannot be read",
        "products, row 1, column loss: 'x' is not a finite number",
        "products, row 2, column product: is empty; give a name",
        "needs, column need;tier: unknown column",
    ):
        assert part in named


def test_that_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(EconomyError, match="is no folder"):
        Economy.read(tmp_path / "nowhere")


def read_faults(path: Path) -> list[str]:
    with pytest.raises(EconomyError) as caught:
        Economy.read(path)
    return [fault.text() for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda r: r.update(path="../elsewhere/products.csv"),
         "datapackage.json, column products: points to '../elsewhere/products.csv'; a table stands "
         "in this folder as products.csv or products.parquet"),
        (lambda r: r.update(path="datapackage.json"),
         "datapackage.json, column products: points to 'datapackage.json'; a table stands in this "
         "folder as products.csv or products.parquet"),
        (lambda r: r.update(path="products.parquet"),
         "datapackage.json, column products: points to products.parquet, which is not there"),
        (lambda r: r["schema"]["fields"][5].update(unit="percent per year"),
         "products, column loss: is in 'percent per year' by datapackage.json; give it in 'share "
         "per period'"),
    ],
)  # fmt: skip
def test_that_a_package_that_describes_other_tables_than_there_are_is_named(
    bakery: Economy, tmp_path: Path, change: Callable[[Any], None], fault: str
) -> None:
    bakery.write(tmp_path)
    described = tmp_path / "datapackage.json"
    package = json.loads(described.read_text(encoding="utf-8"))
    change(next(r for r in package["resources"] if r["name"] == "products"))
    described.write_text(json.dumps(package), encoding="utf-8")
    assert read_faults(tmp_path) == [fault]


@pytest.mark.parametrize(
    ("package", "fault"),
    [
        ("[" * 100_000, "datapackage.json: is not JSON: "),
        ("[1, 2]", "datapackage.json: is not JSON: not an object"),
        ('{"resources": {"products": 1}}', "datapackage.json, column resources: is no list of "
         "tables; leave it out or list them"),
    ],
)  # fmt: skip
def test_that_a_package_that_is_none_is_named(
    bakery: Economy, tmp_path: Path, package: str, fault: str
) -> None:
    bakery.write(tmp_path)
    (tmp_path / "datapackage.json").write_text(package, encoding="utf-8")
    (named,) = read_faults(tmp_path)
    assert named.startswith(fault)


def test_that_a_file_that_leads_in_a_circle_or_is_no_file_is_named(
    bakery: Economy, tmp_path: Path
) -> None:
    bakery.write(tmp_path)
    (tmp_path / "means.csv").unlink()
    (tmp_path / "means.csv").symlink_to(tmp_path / "means.csv")
    (tmp_path / "limits.csv").unlink()
    (tmp_path / "limits.csv").mkdir()
    named = read_faults(tmp_path)
    assert "limits.csv: cannot be read: it is no file" in named
    assert "means.csv: cannot be read: it is no file" in named


def test_that_rows_with_too_many_cells_are_named_with_their_number(
    bakery: Economy, tmp_path: Path
) -> None:
    bakery.write(tmp_path)
    (tmp_path / "inputs.csv").write_text(
        "technique,product,quantity\nfarm,corn,1,5\nbake,corn,1\n" + "bake,straw,2,5\n" * 30,
        encoding="utf-8",
    )
    named = read_faults(tmp_path)
    assert named[0] == (
        "inputs.csv, row 1: has 4 cells, the heading 3; put cells that hold a comma in quotation "
        "marks"
    )
    assert named[1].startswith("inputs.csv, row 3: ")
    assert named[20] == "inputs.csv: 11 more rows like the last"


def test_that_faults_of_all_kinds_in_one_table_are_named_at_once(tables: Tables) -> None:
    tables["inputs"] = pl.DataFrame(
        {
            "technique": ["farm", "farm", "bakc", "bake"],
            "product": ["corn", "corn", "corn", "flour"],
            "quantity": [1.0, 1.0, 1.0, -2.0],
        }
    )
    assert faults(tables) == [
        "inputs, row 4, column quantity: -2.0 is below 0",
        "inputs, row 2, column technique: 'farm corn' stands here a second time; give each "
        "technique, product, region once",
        "inputs, row 3, column technique: 'bakc' is not in techniques; did you mean 'bake'?",
        "inputs, row 4, column product: 'flour' is not in products",
    ]


def garbage(path: Path, rows: int) -> None:
    """A folder whose inputs are `rows` of every fault there is."""
    path.mkdir()
    names = pl.Series(["farm", "bake", "", "nobody", "x" * 1000, "面包", "1"])
    amounts = pl.Series(["1", "-3", "nan", "inf", "abc", "", "1e400", "0x10", "2"])
    row = pl.int_range(rows, eager=True)
    pl.DataFrame(
        {
            "technique": names.gather(row % 7),
            "product": names.gather(row % 5),
            "quantity": amounts.gather(row % 9),
        }
    ).write_csv(path / "inputs.csv")
    pl.DataFrame({"technique": ["farm", "bake"]}).write_csv(path / "techniques.csv")


def names_garbage(path: Path, rows: int) -> None:
    garbage(path / "g", rows)
    named = read_faults(path / "g")
    # Of each kind in each column twenty, and one line that counts the rest.
    assert sum("is not a finite number" in text for text in named) == 20
    assert sum("is below 0" in text for text in named) == 20
    assert sum("is not in techniques" in text for text in named) == 20
    assert sum("stands here a second time" in text for text in named) == 20
    assert sum("more rows like the last" in text for text in named) == len(named) // 21
    assert "inputs, row 2, column quantity: -3.0 is below 0" in named
    assert max(len(text) for text in named) < 300


def test_that_a_hundred_thousand_rows_of_garbage_are_named_in_a_page(tmp_path: Path) -> None:
    names_garbage(tmp_path, 100_000)


@pytest.mark.long
def test_that_ten_million_rows_of_garbage_are_named_in_a_page(tmp_path: Path) -> None:
    names_garbage(tmp_path, 10_000_000)
