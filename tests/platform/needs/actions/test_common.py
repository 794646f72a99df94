from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from xietong.platform.base import Rejected
from xietong.platform.enterprises.models import Movement
from xietong.platform.needs import actions, queries
from xietong.platform.needs.actions import CommonNeedDraft
from xietong.platform.needs.models import CommonNeed, CommonShare
from xietong.platform.needs.rules import Refusal

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.platform.conftest import Crowd
    from tests.platform.needs.conftest import Village


def state(code: str, tier: str, product: str, quantity: str) -> None:
    actions.set_common_needs([CommonNeedDraft(code, code, code, tier, product, Decimal(quantity))])


@pytest.fixture
def promised(village: "Village") -> "Village":
    """The kitchen and the seed store were promised 4 kg of rice each, the school 3 loaves."""
    state("a-seed", "reserve", "rice", "5")
    state("kitchen", "public", "rice", "4")
    state("school", "public", "bread", "3")
    village.orders(rice=1)
    village.run({"rice": 3}, **{"a-seed": 4, "kitchen": 4, "school": 3})
    return village


def delivered() -> dict[str, Decimal]:
    return dict(CommonShare.objects.values_list("need", "delivered"))


def test_that_a_common_need_stated_anew_replaces_the_old(village: "Village") -> None:
    state("kitchen", "public", "rice", "4")
    state("kitchen", "public", "bread", "2.5")
    need = CommonNeed.objects.get()
    assert (need.product_id, need.quantity) == ("bread", Decimal("2.5"))


def test_that_common_needs_are_listed_by_code(promised: "Village") -> None:
    assert [need.code for need in queries.common_demand()] == ["a-seed", "kitchen", "school"]


def test_that_what_is_delivered_leaves_the_stores(promised: "Village") -> None:
    promised.store(rice=9, bread=9)
    assert actions.deliver_common(
        1, {"kitchen": Decimal("2.5"), "a-seed": Decimal(4), "school": Decimal(3)}
    ) == {"kitchen": Decimal("2.5"), "a-seed": Decimal(4), "school": Decimal(3)}
    assert delivered() == {
        "kitchen": Decimal("2.5"),
        "a-seed": Decimal(4),
        "school": Decimal(3),
    }
    assert promised.in_store("rice") == Decimal("2.5")
    moved = Movement.objects.filter(kind="delivery").values_list("product", "quantity")
    assert set(moved) == {("rice", Decimal("-6.5")), ("bread", Decimal(-3))}


def test_that_the_reserve_waits_for_public_needs(promised: "Village") -> None:
    promised.store(rice=5.5)
    assert actions.deliver_common(1, {"a-seed": Decimal(4), "kitchen": Decimal(4)}) == {
        "kitchen": Decimal(4),
        "a-seed": Decimal("1.5"),
    }
    assert promised.in_store("rice") == 0


def test_that_deliveries_add_up_to_the_promise_and_no_further(promised: "Village") -> None:
    promised.store(rice=9)
    for _ in range(2):
        actions.deliver_common(1, {"kitchen": Decimal(2)})
    with pytest.raises(Rejected) as why:
        actions.deliver_common(1, {"kitchen": Decimal("0.001"), "a-seed": Decimal(1)})
    assert (why.value.reason, why.value.detail) == (
        Refusal.MORE_THAN_PROMISED,
        "kitchen: 0.000",
    )
    assert delivered() == {"kitchen": Decimal(4), "a-seed": Decimal(0), "school": Decimal(0)}
    assert promised.in_store("rice") == 5


@pytest.mark.parametrize("quantities", [{"unheard-of": Decimal(1)}, {"kitchen": Decimal(-1)}])
def test_that_only_what_was_promised_is_delivered(
    promised: "Village", quantities: dict[str, Decimal]
) -> None:
    promised.store(rice=9)
    with pytest.raises(Rejected) as why:
        actions.deliver_common(1, quantities)
    assert why.value.reason == Refusal.MORE_THAN_PROMISED
    assert promised.in_store("rice") == 9


def test_that_nothing_is_delivered_outside_the_round(promised: "Village") -> None:
    promised.store(rice=9)
    actions.settle(1)
    with pytest.raises(Rejected) as why:
        actions.deliver_common(1, {"kitchen": Decimal(1)})
    assert why.value.reason == Refusal.WRONG_STATE
    assert promised.in_store("rice") == 9


def test_that_a_delivery_takes_the_same_statements_however_many_needs_it_serves(
    promised: "Village", django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    promised.store(rice=9, bread=9)
    with django_assert_num_queries(6):
        actions.deliver_common(1, {"kitchen": Decimal(1)})
    with django_assert_num_queries(6):
        actions.deliver_common(
            1, {"kitchen": Decimal(1), "a-seed": Decimal(1), "school": Decimal(1)}
        )


def test_that_eight_deliveries_at_once_keep_to_the_promise(
    promised: "Village", eight_at_once: "Crowd"
) -> None:
    promised.store(rice=9)
    answers = eight_at_once(lambda number: actions.deliver_common(1, {"kitchen": Decimal("1.5")}))
    assert answers.count({"kitchen": Decimal("1.500")}) == 2
    assert answers.count(Refusal.MORE_THAN_PROMISED) == 6
    assert promised.in_store("rice") == 6
