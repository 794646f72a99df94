"""The dossier of one product."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xietong.platform.base import SMALLEST_CELL
from xietong.platform.decisions.models import Motion
from xietong.platform.people.queries import HouseholdKind
from xietong.platform.products.models import Change, Product, Trial

from ..courses import EFFECT, PROMOTE, observed
from ..models import KindStanding, Proposal, Standing

ROUNDS_SHOWN = 24


@dataclass(frozen=True)
class InRound:
    """A product in one closed round. `rest` and `region` are use a head outside and in the trial.

    Figures are None where fewer than ten persons asked for it, `takers` where fewer took any.
    """

    round_number: int
    mode: str
    persons: int
    takers: int | None
    asked: int | None
    promised: int | None
    taken: int | None
    missed: int | None
    use: float | None
    cover: float | None
    missing: float | None
    stock: float
    hours: float | None
    rest: float | None
    region: float | None

    @property
    def stock_cover(self) -> float | None:
        """For how many rounds of the same use the stock lasts."""
        return self.stock / self.taken if self.taken else None


@dataclass(frozen=True)
class Gain:
    """What persons of one kind took a head, and what it cost them or spares them, in hours."""

    kind: str
    persons: int
    use: float
    hours: float

    @property
    def label(self) -> str:
        return str(HouseholdKind(self.kind).label)


@dataclass(frozen=True)
class PastVote:
    """A vote on a step of the product; `promoted` is None while it is open."""

    motion: UUID
    title: str
    promoted: bool | None


@dataclass(frozen=True)
class DossierPage:
    """Everything that is known of how a product is distributed."""

    product: Product
    proposal: Proposal | None
    rounds: Sequence[InRound]
    gains: Sequence[Gain]
    changes: Sequence[Change]
    trials: Sequence[Trial]
    votes: Sequence[PastVote]

    @property
    def newest(self) -> InRound | None:
        return self.rounds[-1] if self.rounds else None

    @property
    def open_vote(self) -> PastVote | None:
        return next((vote for vote in self.votes if vote.promoted is None), None)

    @property
    def rolled_back(self) -> Change | None:
        """The latest change, if the rules made it by themselves."""
        latest = self.changes[0] if self.changes else None
        return latest if latest and latest.by_rule else None


def dossier_of(code: str) -> DossierPage:
    """The dossier of a product. Seven queries. Raises Product.DoesNotExist."""
    product = Product.objects.select_related("group").get(pk=code)
    proposal = (
        Proposal.objects.filter(product=product)
        .select_related("trial__region")
        .order_by("-round_number")
        .first()
    )
    rounds = _rounds(product)
    return DossierPage(
        product=product,
        proposal=proposal,
        rounds=rounds,
        gains=_gains(product, rounds[-1]) if rounds else (),
        changes=list(product.changes.all()),
        trials=list(product.trials.select_related("region")),
        votes=[
            PastVote(
                motion.pk,
                motion.title,
                motion.winner == PROMOTE if motion.state == Motion.State.DECIDED else None,
            )
            for motion in Motion.objects.filter(effect=EFFECT, subject__product=code)
        ],
    )


def _rounds(product: Product) -> list[InRound]:
    newest = list(product.standings.order_by("-round_number", "-apart")[: 2 * ROUNDS_SHOWN])
    by_round: dict[int, list[Standing]] = {}
    for row in reversed(newest):
        by_round.setdefault(row.round_number, []).append(row)
    # The oldest round may have lost its second row at the cut.
    shown = [rows for rows in by_round.values() if not rows[0].apart][-ROUNDS_SHOWN:]
    return [_in_round(rows) for rows in shown]


def _in_round(rows: Sequence[Standing]) -> InRound:
    """One round from its rows: everyone's, or the rest's and the region's."""
    whole, rest, region = observed(rows), observed(rows[:1]), observed(rows[1:])
    told = whole.askers >= SMALLEST_CELL
    # One part and the whole would give away the other part.
    apart = told and len(rows) > 1 and min(rest.askers, region.askers) >= SMALLEST_CELL
    return InRound(
        round_number=rows[0].round_number,
        mode=rows[0].mode,
        persons=whole.persons,
        takers=whole.takers if whole.takers >= SMALLEST_CELL else None,
        asked=whole.asked if told else None,
        promised=whole.promised if told else None,
        taken=whole.taken if told else None,
        missed=whole.missed if told else None,
        use=whole.use if told else None,
        cover=whole.cover if told else None,
        missing=whole.missing if told else None,
        stock=float(rows[0].stock),
        hours=whole.taken * rows[0].value / 1000 if told else None,
        rest=rest.use if apart else whole.use if told else None,
        region=region.use if apart else None,
    )


def _gains(product: Product, newest: InRound) -> list[Gain]:
    """Kinds of persons in the newest round, those who use most a head first."""
    a_unit = newest.hours / newest.taken if newest.hours and newest.taken else 0.0
    found = [
        Gain(row.kind, row.persons, use := row.taken / row.persons, use * a_unit)
        for row in KindStanding.objects.filter(product=product, round_number=newest.round_number)
    ]
    return sorted(found, key=lambda gain: -gain.use)
