"""What can be set on the dial: the spread of skill factors, and products that take a step.

Of the products that cost credits, those come first whose step costs fewest hours, by their
dossiers, for each hour of what people take that it moves to need.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from django.db.models import F, FloatField, Sum
from django.db.models.functions import Cast

from xietong.planning.payout import Good
from xietong.platform.distribution import queries as distribution
from xietong.platform.distribution.models import Proposal, Standing
from xietong.platform.products.models import Product
from xietong.platform.products.rules import next_mode
from xietong.platform.record.chain import canonical

from ..models import Round, Scenario

CREDITS = Product.Mode.CREDITS


@dataclass(frozen=True)
class Step:
    """A product that is distributed by `to_mode` instead of `mode`."""

    product: Product
    mode: str
    to_mode: str


@dataclass(frozen=True)
class Candidate:
    """A step with what its dossier says, in hours a round: its cost, and what it moves to need."""

    step: Step
    cost: float
    moved: float

    @property
    def cost_of_an_hour(self) -> float:
        return self.cost / self.moved


@dataclass(frozen=True)
class Setting:
    """A position of the dial: the spread in thousandths, and the new rule by product code."""

    spread: int
    steps: Mapping[str, str]

    @property
    def question(self) -> str:
        """Equal for equal settings."""
        asked = {"spread": self.spread, "steps": dict(self.steps)}
        return sha256(canonical(asked).encode()).hexdigest()


def compared() -> Scenario | None:
    """The plan that a change is compared with: of the newest round that runs or has run."""
    at_work = (Round.State.RUNNING, Round.State.CLOSED)
    return (
        Scenario.objects.defer("economy", "plan")
        .filter(adoption__round__state__in=at_work)
        .order_by("-round__number")
        .first()
    )


def observed_round() -> int:
    """The newest closed round, by whose hours and whose takings the dial goes; 0 without one."""
    return distribution.reviewed_round() or 0


def step_of(product: Product) -> Step | None:
    """The next step of a product towards need; None if it cannot take one."""
    to_mode = next_mode(product.mode) if product.orderable else None
    return Step(product, product.mode, to_mode) if to_mode else None


def candidates() -> list[Candidate]:
    """Products that cost credits and whose step has a known cost, the cheapest first. Two queries.

    Figures of fewer than ten persons are not known.
    """
    newest = Proposal.objects.order_by("-round_number").values("round_number")[:1]
    moved: dict[str, float] = dict(
        Standing.objects.filter(round_number=newest)
        .values_list("product_id")
        .annotate(hours=Sum(Cast(F("taken") * F("value"), FloatField())) / 1000)
    )
    found = [
        Candidate(step, proposal.hours or 0.0, moved[proposal.product_id])
        for proposal in Proposal.objects.filter(
            round_number=newest, hours__isnull=False, product__mode=CREDITS
        ).select_related("product")
        if moved.get(proposal.product_id) and (step := step_of(proposal.product))
    ]
    return sorted(found, key=lambda each: (each.cost_of_an_hour, each.step.product.code))


def by_need(goods: Iterable[Good], moved: Collection[str] = ()) -> float | None:
    """The share, by labour, of what is promised to persons that comes free or by quota.

    `moved` are codes of products that count as if they did.
    """
    need = total = Decimal(0)
    for good in goods:
        content = good.value * good.promised
        total += content
        if not good.for_credits or good.product in moved:
            need += content
    return float(need / total) if total else None


def steps_to_share(
    share: float, goods: Sequence[Good], chosen: Collection[str], known: Iterable[Candidate]
) -> list[Step]:
    """The steps that bring the share by need up to `share`, beside those chosen already.

    As many of the known candidates in their order as it takes, or all of them.
    """
    moved = set(chosen)
    taken = []
    for candidate in known:
        if (by_need(goods, moved) or 0.0) >= share:
            break
        if (code := candidate.step.product.code) not in moved:
            moved.add(code)
            taken.append(candidate.step)
    return taken
