"""Margins become services, and nothing of them is lost."""

from dataclasses import replace

import numpy as np
import pytest

from xietong.planning.sources.brazil import SupplyUse
from xietong.planning.sources.brazil.margins import margin_services
from xietong.planning.sources.errors import SourceError

SERVICES = ("45001", "46801", "49001", "50001")


def test_that_each_service_is_taken_exactly_as_much_as_it_is_handed_out(table: SupplyUse) -> None:
    taken = margin_services(table) @ table.supply
    handed_out = np.maximum(-table.margins, 0.0)
    np.testing.assert_allclose(taken, handed_out, rtol=1e-12, atol=1e-9)
    assert {p for p, much in zip(table.products, taken, strict=True) if much} == set(SERVICES)


def test_that_each_product_takes_exactly_its_own_margins(table: SupplyUse) -> None:
    received = margin_services(table).sum(axis=0) * table.supply
    np.testing.assert_allclose(received, np.maximum(table.margins, 0.0), rtol=1e-12, atol=1e-9)


def test_that_vehicle_trade_serves_vehicles_and_what_belongs_to_them(table: SupplyUse) -> None:
    vehicle_trade = margin_services(table)[table.products.index("45001")]
    assert {p for p, much in zip(table.products, vehicle_trade, strict=True) if much} == {
        *("22001", "27001", "29911", "29912", "29921", "30001")
    }
    car = table.products.index("29911")
    assert vehicle_trade[car] == 48_807 / 180_815


def test_that_margins_of_vehicle_trade_that_its_goods_do_not_carry_are_refused(
    table: SupplyUse,
) -> None:
    trade = table.trade_margins.copy()
    trade[table.products.index("45001")] -= 50_000
    with pytest.raises(SourceError) as refused:
        margin_services(replace(table, trade_margins=trade))
    assert refused.value.en == (
        "vehicle trade hands out 32,508 million more in margins than its goods receive"
    )
    assert refused.value.zh == "汽车商业的费用比其商品所负担的多 32,508 百万"
