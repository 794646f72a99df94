"""All products by what the rules propose, and the share of consumption distributed by need."""

from dataclasses import dataclass
from typing import Literal

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, FloatField, IntegerField, Max, Q, Sum, Value, When
from django.db.models.functions import Cast, Lower

from xietong.platform.products.models import Change, Trial
from xietong.platform.ui.formats import chinese

from ..models import Move, Proposal, Standing

PRODUCTS_A_PAGE = 24
ROUNDS_SHOWN = 36
MOVES_SHOWN = 12
ROUNDS_OF_NOTICE = 3
Order = Literal["proposal", "name", "hours", "use"]
# What asks for something comes first.
URGENCY = {Move.ROLL_BACK: 0, Move.PROMOTE: 1, Move.TRY: 2, Move.HOLD: 3}


@dataclass(frozen=True)
class ByNeed:
    """What people took in a round, in hours of labour, by the rule under which it reached them."""

    round_number: int
    free: float
    quota: float
    credits: float

    @property
    def share(self) -> float | None:
        """The part distributed by need: freely or by quota."""
        total = self.free + self.quota + self.credits
        return (self.free + self.quota) / total if total else None


def reviewed_round() -> int | None:
    """The newest round for which the rules have spoken."""
    number: int | None = Proposal.objects.aggregate(last=Max("round_number"))["last"]
    return number


def proposals(
    mode: str = "", move: str = "", order: Order = "proposal", page: int | str = 1
) -> "Page[Proposal]":
    """What the rules proposed of each product in the newest round, with the products.

    An empty `mode` (the product's present rule) or `move` is any. Two queries.
    """
    found = Proposal.objects.select_related("product").filter(
        round_number=Proposal.objects.order_by("-round_number").values("round_number")[:1]
    )
    if mode:
        found = found.filter(product__mode=mode)
    if move:
        found = found.filter(move=move)
    name = F("product__pinyin") if chinese() else Lower("product__name_en")
    urgent = Case(
        *(When(move=each, then=Value(rank)) for each, rank in URGENCY.items()),
        output_field=IntegerField(),
    )
    orders = {"name": (), "hours": ("-hours",), "use": ("-use",)}
    by = orders.get(order, (urgent,))
    return Paginator(found.order_by(*by, name, "product_id"), PRODUCTS_A_PAGE).get_page(page)


def share_by_need(up_to: int | None = None) -> list[ByNeed]:
    """How much of what people took was distributed by need, in the last rounds, in their order.

    No round after `up_to`, if it is given.
    """

    def hours(mode: str) -> Sum:
        worth = Cast(F("taken") * F("value"), FloatField()) / 1000
        return Sum(worth, filter=Q(mode=mode), default=0.0)

    standings = Standing.objects.all()
    if up_to is not None:
        standings = standings.filter(round_number__lte=up_to)
    rows = (
        standings.values("round_number")
        .annotate(free=hours("free"), quota=hours("quota"), credits=hours("credits"))
        .order_by("-round_number")[:ROUNDS_SHOWN]
    )
    return [ByNeed(**row) for row in reversed(rows)]


def recent_changes() -> list[Change]:
    """Products that moved lately, with how and why, the newest first."""
    last = reviewed_round() or 0
    lately = Change.objects.filter(first_round__gt=last - ROUNDS_OF_NOTICE)
    return list(lately.select_related("product"))


def moves() -> list[Change]:
    """The latest products that moved towards need or back, the newest first."""
    newest = Change.objects.select_related("product").order_by("-id")
    return list(newest[:MOVES_SHOWN])


def running_trials() -> list[Trial]:
    """What is tried in a region now or from an announced round on, what began first in front."""
    trials = Trial.objects.filter(ended_round=None).select_related("product", "region")
    return list(trials.order_by("first_round", "id"))
