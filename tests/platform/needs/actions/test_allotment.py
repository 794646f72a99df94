from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from xietong.platform.base import Rejected
from xietong.platform.needs import actions
from xietong.platform.needs.models import CommonShare, OrderBook, OrderLine
from xietong.platform.needs.rules import Refusal
from xietong.platform.people.models import Person
from xietong.platform.products.models import Group, Product

if TYPE_CHECKING:
    from tests.platform.needs.conftest import Village


def allotted(product: str = "rice") -> list[int | None]:
    found = OrderLine.objects.filter(book=1, product=product)
    return list(found.order_by("quantity", "person").values_list("allotted", flat=True))


def ask(village: "Village", *quantities: int) -> None:
    for person, quantity in zip(
        (village.ana, village.bruno, village.celia), quantities, strict=True
    ):
        actions.place_order(person, quantities={"rice": quantity})
    actions.close_book(1)


def allot(units: str, **common: str) -> None:
    actions.allot(
        1,
        household={"rice": Decimal(units)},
        common={code: Decimal(quantity) for code, quantity in common.items()},
    )


@pytest.mark.parametrize(
    ("units", "shares"),
    [("0", [0, 0, 0]), ("6", [2, 2, 2]), ("10", [2, 4, 4]), ("13", [2, 5, 6]), ("99", [2, 5, 9])],
)
def test_that_everyone_gets_the_same_except_those_who_asked_for_less(
    village: "Village", units: str, shares: list[int]
) -> None:
    ask(village, 2, 5, 9)
    allot(units)
    assert allotted() == shares


def test_that_only_whole_units_are_promised(village: "Village") -> None:
    ask(village, 2, 2, 2)
    allot("5.999")
    assert sum(units or 0 for units in allotted()) == 5


def test_that_units_which_do_not_divide_go_by_a_lot_that_anyone_can_draw(
    village: "Village",
) -> None:
    ask(village, 3, 3, 3)
    allot("7")
    lucky = min(
        (village.ana, village.bruno, village.celia),
        key=lambda person: sha256(f"1 rice {person.pk}".encode()).digest(),
    )
    assert {line.person_id: line.allotted for line in OrderLine.objects.filter(book=1)} == {
        person.pk: 2 + (person == lucky) for person in (village.ana, village.bruno, village.celia)
    }


def test_that_sharing_out_again_gives_the_same(village: "Village") -> None:
    ask(village, 3, 4, 5)
    allot("8")
    first = allotted()
    allot("8")
    assert allotted() == first


def test_that_a_plan_which_forgets_what_was_ordered_is_refused(village: "Village") -> None:
    ask(village, 1, 1, 1)
    with pytest.raises(Rejected) as why:
        actions.allot(1, household={"bread": Decimal(3)}, common={})
    assert (why.value.reason, why.value.detail) == (Refusal.NOT_IN_PLAN, "rice")
    assert allotted() == [None, None, None]


def test_that_orders_still_being_taken_are_not_shared_out(village: "Village") -> None:
    actions.place_order(village.ana, quantities={"rice": 1})
    with pytest.raises(Rejected) as why:
        allot("1")
    assert why.value.reason == Refusal.WRONG_STATE
    assert allotted() == [None]


def test_that_a_common_need_is_promised_no_more_than_its_target(village: "Village") -> None:
    actions.set_common_needs(
        [
            actions.CommonNeedDraft(code, code, code, "public", "rice", Decimal(10))
            for code in ("kitchen", "school")
        ]
    )
    ask(village, 1, 1, 1)
    allot("3", kitchen="12.5", school="7.25", unheard_of="1")
    assert {
        share.need_id: (share.target, share.allotted) for share in CommonShare.objects.all()
    } == {"kitchen": (Decimal(10), Decimal(10)), "school": (Decimal(10), Decimal("7.25"))}


class FairShares(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.integers(1, 12), min_size=1, max_size=8),
        st.decimals(0, 80, places=3),
    )
    def test_that_shares_are_whole_as_much_as_there_is_and_as_equal_as_can_be(
        self, wanted: list[int], units: Decimal
    ) -> None:
        group = Group.objects.create(code="g", name_en="g", name_zh="g")
        product = Product.objects.create(
            code="rice",
            name_en="Rice",
            name_zh="稻米",
            group=group,
            storable=True,
            orderable=True,
            pinyin="daomi",
        )
        book = OrderBook.objects.create(round_number=1)
        OrderLine.objects.bulk_create(
            OrderLine(
                person=Person.objects.create(username=str(number), name=str(number)),
                book=book,
                product=product,
                quantity=quantity,
            )
            for number, quantity in enumerate(wanted)
        )
        actions.close_book(1)
        actions.allot(1, household={"rice": units}, common={})
        shares = OrderLine.objects.values_list("quantity", "allotted")
        given_out = [share or 0 for _, share in shares]
        assert sum(given_out) == min(int(units), sum(wanted))
        cut = [share or 0 for quantity, share in shares if share != quantity]
        if cut:
            # Who was cut has at least what anyone has, but for the one unit of the lot.
            assert min(cut) >= max(given_out) - 1
