"""What people make of what the rules of distribution propose: trials, and votes."""

from xietong.platform.distribution import actions as distribution
from xietong.platform.distribution.courses import KEEP, PROMOTE
from xietong.platform.distribution.models import Move, Proposal
from xietong.platform.products.models import Product, Trial

from . import assumptions as assumed
from .steps import Draw, Track, planner
from .votes import decide


def go_on(closed: int, track: Track) -> None:
    """Put to the vote what held in its trial, and begin to try what is wished for most."""
    proposals = {
        each.product_id: each.move for each in Proposal.objects.filter(round_number=closed)
    }
    for code in (code for code, move in sorted(proposals.items()) if move == Move.PROMOTE):
        product = Product.objects.get(code=code)
        step = Draw(closed, f"promote-{code}")
        motion = distribution.put_to_vote(planner(), product=product, key=step.key())
        agrees = assumed.agreement(code)
        chances = {PROMOTE: agrees, KEEP: 1 - agrees}
        decide(motion, step, chances, turnout=assumed.TURNOUT_ON_NEED, track=track)
    running = Trial.objects.filter(ended_round=None).count()
    wished = [code for code in assumed.TOWARDS_NEED if proposals.get(code) == Move.TRY]
    for code in wished[: max(0, assumed.TRIALS_AT_ONCE - running)]:
        distribution.start_trial(
            planner(),
            product=Product.objects.get(code=code),
            key=Draw(closed, "try").key(code),
        )
