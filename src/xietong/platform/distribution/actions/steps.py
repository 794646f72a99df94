"""What people do with what the rules propose: a trial in one region, then a vote of all."""

from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from xietong.platform.base import SMALLEST_CELL, Rejected
from xietong.platform.decisions import actions as decisions
from xietong.platform.decisions.actions import OptionDraft
from xietong.platform.decisions.models import Motion
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.people.queries import numbers_on_the_roll
from xietong.platform.products import actions as products
from xietong.platform.products.models import Product, Region, Trial

from ..courses import EFFECT, KEEP, PROMOTE
from ..models import Move, Proposal
from ..parameters import in_force
from ..rules import Refusal, may_propose
from ..wording import ballot, why_promoted


@once
@transaction.atomic
def start_trial(
    by: Person, *, product: Product, region: Region | None = None, key: UUID | None = None
) -> Trial:
    """Try the step that the rules propose for a product in one region.

    Without `region` in the one that is next by published rule. It begins with the first round
    whose orders are not open yet. Raises Rejected NOT_YOUR_DUTY, NOT_PROPOSED, NO_REGION, or the
    products' TRIAL_RUNNING.
    """
    proposal = _proposed(by, product, Move.TRY)
    fit = regions_for_a_trial()
    chosen = next((each for each in fit if region is None or each == region), None)
    if chosen is None:
        raise Rejected(Refusal.NO_REGION, "" if region is None else str(region))
    return products.begin_trial(
        proposal.product,
        region=chosen,
        quota=proposal.to_quota,
        rounds=in_force().trial_rounds,
    )


def regions_for_a_trial() -> list[Region]:
    """Where a trial can be held, the next one first: fewest trials so far, then fewest people.

    At least ten people live there and ten elsewhere, so that no figure tells of fewer.
    """
    roll = numbers_on_the_roll()
    everyone = roll.workers + roll.on_allowance
    living = Count("residents", filter=Q(residents__person__left_at=None), distinct=True)
    return list(
        Region.objects.annotate(living=living, tried=Count("trials", distinct=True))
        .filter(living__gte=SMALLEST_CELL, living__lte=everyone - SMALLEST_CELL)
        .order_by("tried", "living", "code")
    )


@once
@transaction.atomic
def put_to_vote(
    by: Person, *, product: Product, reading: UUID | None = None, key: UUID | None = None
) -> Motion:
    """Let all decide whether a product takes the step that was tried, or stays as it is.

    `reading` tells what the dial says of it. Raises Rejected NOT_YOUR_DUTY, NOT_PROPOSED,
    ALREADY_OPEN.
    """
    proposal = _proposed(by, product, Move.PROMOTE)
    if Motion.objects.filter(
        effect=EFFECT, state=Motion.State.OPEN, subject__product=product.pk
    ).exists():
        raise Rejected(Refusal.ALREADY_OPEN, str(product))
    words = ballot(proposal)
    return decisions.open_motion(
        effect=EFFECT,
        subject={
            "product": product.pk,
            "round": proposal.round_number,
            "mode_before": proposal.mode,
            "mode": proposal.to_mode,
            "quota": proposal.to_quota,
            "high": None if proposal.free_high is None else repr(proposal.free_high),
            **({"reading": str(reading)} if reading else {}),
        },
        title_en=words.title.en,
        title_zh=words.title.zh,
        text_en=words.text.en,
        text_zh=words.text.zh,
        # In a tie what stands first holds: everything stays as it is.
        options=[
            OptionDraft(KEEP, words.keep.en, words.keep.zh),
            OptionDraft(PROMOTE, words.promote.en, words.promote.zh),
        ],
    )


@transaction.atomic
def take_step(motion: Motion) -> Product:
    """What a decided vote sets going: the product takes the step, unless it has moved since."""
    subject = motion.subject
    product = Product.objects.select_for_update().get(pk=subject["product"])
    running = product.trials.filter(ended_round=None).exists()
    if product.mode != subject["mode_before"] or running:
        return product
    counted = motion.tally or {"ballots": 0, "counts": {}}
    reason = why_promoted(counted["ballots"], counted["counts"].get(PROMOTE, 0))
    return products.set_mode(
        product,
        mode=subject["mode"],
        quota=subject["quota"],
        reason_en=reason.en,
        reason_zh=reason.zh,
    )


def _proposed(by: Person, product: Product, move: Move) -> Proposal:
    """The newest proposal for a product, if it is this one and the product is as it was then."""
    if not may_propose(by):
        raise Rejected(Refusal.NOT_YOUR_DUTY)
    locked = Product.objects.select_for_update().get(pk=product.pk)
    proposal = (
        Proposal.objects.filter(product=locked)
        .select_related("product", "trial__region")
        .order_by("-round_number")
        .first()
    )
    if proposal is None or proposal.move != move or proposal.mode != locked.mode:
        raise Rejected(Refusal.NOT_PROPOSED, str(product))
    return proposal
