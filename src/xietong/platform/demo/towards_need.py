"""What people make of what the rules of distribution propose: trials, and votes."""

from xietong.platform.decisions import actions as decisions
from xietong.platform.decisions.models import Ballot, Motion
from xietong.platform.distribution import actions as distribution
from xietong.platform.distribution.courses import KEEP, PROMOTE
from xietong.platform.distribution.models import Move, Proposal
from xietong.platform.people.models import Ground, Person
from xietong.platform.products.models import Product, Trial

from . import assumptions as assumed
from .inhabitants import VISITORS
from .steps import Draw, planner


def go_on(closed: int) -> None:
    """Put to the vote what held in its trial, and begin to try what is wished for most."""
    proposals = {
        each.product_id: each.move for each in Proposal.objects.filter(round_number=closed)
    }
    for code in (code for code, move in sorted(proposals.items()) if move == Move.PROMOTE):
        product = Product.objects.get(code=code)
        key = Draw(closed, "promote").key(code)
        _decide(distribution.put_to_vote(planner(), product=product, key=key), closed)
    running = Trial.objects.filter(ended_round=None).count()
    wished = [code for code in assumed.TOWARDS_NEED if proposals.get(code) == Move.TRY]
    for code in wished[: max(0, assumed.TRIALS_AT_ONCE - running)]:
        distribution.start_trial(
            planner(),
            product=Product.objects.get(code=code),
            key=Draw(closed, "try").key(code),
        )


def _decide(motion: Motion, closed: int) -> None:
    """Some cast their ballots, and the vote ends."""
    product = motion.subject["product"]
    rng = Draw(closed, f"promote-{product}").rng
    voted = set(Ballot.objects.filter(motion=motion).values_list("person_id", flat=True))
    entitled = Person.objects.filter(left_at__isnull=True).exclude(ground=Ground.CHILD)
    for person in entitled.exclude(username__in=VISITORS).order_by("id"):
        comes, agrees = rng.random(2) < (assumed.TURNOUT_ON_NEED, assumed.agreement(product))
        if comes and person.id not in voted:
            decisions.cast_ballot(person, motion=motion, choices=[PROMOTE if agrees else KEEP])
    decisions.end_vote(planner(), motion=motion)
