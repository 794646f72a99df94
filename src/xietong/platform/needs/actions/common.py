"""Common needs: what is stated for all, and what reached them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from xietong.platform.base import Rejected, uuid7
from xietong.platform.enterprises.models import Movement

from ..models import CommonNeed, CommonShare, OrderBook
from ..rules import Refusal
from .books import hold_book
from .stores import draw

USUAL_PURPOSE = {
    CommonNeed.Tier.PUBLIC.value: CommonNeed.Purpose.COMMON,
    CommonNeed.Tier.RESERVE.value: CommonNeed.Purpose.MEANS,
}


@dataclass(frozen=True)
class CommonNeedDraft:
    """A common need to be stated; `tier` as in `CommonNeed.Tier`, `product` by code.

    `purpose` is as in `CommonNeed.Purpose`; left out, a public need is met in common, and what
    is of the reserve renews and expands means of production.
    """

    code: str
    name_en: str
    name_zh: str
    tier: str
    product: str
    quantity: Decimal
    purpose: str = ""


def set_common_needs(drafts: Iterable[CommonNeedDraft]) -> None:
    """State common needs of every coming round, or state those of these codes anew."""
    CommonNeed.objects.bulk_create(
        [
            CommonNeed(
                code=draft.code,
                name_en=draft.name_en,
                name_zh=draft.name_zh,
                tier=draft.tier,
                product_id=draft.product,
                quantity=draft.quantity,
                purpose=draft.purpose or USUAL_PURPOSE[draft.tier],
            )
            for draft in drafts
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_en", "name_zh", "tier", "product", "quantity", "purpose"],
    )


@transaction.atomic
def deliver_common(round_number: int, quantities: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Bring goods from the stores to common needs, as far as they are there.

    `quantities` gives by code of need what to bring; where two needs want the last of a product,
    public needs go before the reserve. Returns what was brought to each need. Raises Rejected
    WRONG_STATE unless the round is being collected, or MORE_THAN_PROMISED.
    """
    if hold_book(OrderBook.State.COLLECTING) != round_number:
        raise Rejected(Refusal.WRONG_STATE, str(round_number))
    shares = list(
        CommonShare.objects.select_for_update(of=("self",))
        .filter(book=round_number, need__in=quantities)
        .select_related("need")
        .order_by("need__tier", "need_id")
    )
    left = {share.need_id: share.allotted - share.delivered for share in shares}
    for code, quantity in quantities.items():
        if not 0 <= quantity <= left.get(code, Decimal(0)):
            raise Rejected(Refusal.MORE_THAN_PROMISED, f"{code}: {left.get(code, 0)}")
    wanted: dict[str, Decimal] = {}
    for share in shares:
        product = share.need.product_id
        wanted[product] = wanted.get(product, Decimal(0)) + quantities[share.need_id]
    there = draw(
        {product: quantity for product, quantity in sorted(wanted.items()) if quantity},
        kind=Movement.Kind.DELIVERY,
        source=uuid7(),
        round_number=round_number,
    )
    brought: dict[str, Decimal] = {}
    for share in shares:
        product = share.need.product_id
        brought[share.need_id] = min(quantities[share.need_id], there.get(product, Decimal(0)))
        there[product] = there.get(product, Decimal(0)) - brought[share.need_id]
        share.delivered += brought[share.need_id]
    CommonShare.objects.bulk_update(shares, ["delivered"])
    return brought
