"""China's goods as products of its sectors."""

from collections.abc import Callable
from pathlib import Path

import pytest

from xietong.planning import plan
from xietong.planning.disaggregate import disaggregate
from xietong.planning.sources import SourceError, import_economy
from xietong.planning.sources.china.goods import read_goods


def test_that_a_list_of_goods_is_read_by_sector(tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_text(
        "hs8,name_zh,io_sector\n01011010,种马,03003\n海关分类代码,商品名称,投入产出部门代码\n"
        "53011000,生麻,01001/05005\n49019900,其他书籍,88139\n01011010,种马,03003\n"
    )
    assert read_goods(file).rows() == [
        ("003", "01011010", "种马"), ("001", "53011000", "生麻"),
    ]  # fmt: skip


def test_that_other_columns_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("code,name\n")
    with pytest.raises(SourceError, match="are code, name, not hs8, name_zh, io_sector"):
        read_goods(file)


def test_that_china_in_products_can_be_planned_as_2007_was(
    real_data: Callable[[str], Path],
) -> None:
    folder = real_data("china_2007_nbs_135")
    goods = read_goods(folder / "hs8_goods_to_io_sector.csv")
    assert goods.height == 7407
    split = disaggregate(import_economy("china-2007", folder), 160, 1, goods)
    assert split.products["name_zh"].null_count() == 0
    planned = plan(split)
    assert planned.certificate.shortage <= 1e-6
    assert planned.certificate.gap <= 1e-6
    assert planned.deliveries["share"].min() == pytest.approx(1.0, abs=1e-6)
