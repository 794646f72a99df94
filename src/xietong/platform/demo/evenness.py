"""How far an hour by a skill may count more than another: voted, and narrowed year by year."""

from xietong.platform.credits import queries as credits
from xietong.platform.decisions import actions as decisions
from xietong.platform.labour.models import Skill

from . import assumptions as assumed
from .steps import Draw, Track, planner
from .votes import decide


def vote(number: int, track: Track) -> None:
    """In the first round of a year people vote on the spread; in the very first, on factors too."""
    if number not in assumed.SPREADS or credits.rate(number):
        return
    spread = assumed.SPREADS[number]
    step = Draw(number, "spread")
    motion = decisions.put_spread_to_vote(
        planner(), round_number=number, values=[spread], key=step.key()
    )
    motion.refresh_from_db()
    agreed = {f"{spread / 1000:g}": assumed.AGREEMENT}
    decide(motion, step, agreed, turnout=assumed.TURNOUT_ON_NEED, track=track)
    if number > 1 or credits.spread_in(number) != spread:
        return
    for code, share in assumed.FACTORS.items():
        value = 1000 + int(spread * share)
        step = Draw(number, f"factor-{code}")
        motion = decisions.put_factor_to_vote(
            planner(),
            skill=Skill.objects.get(code=code),
            round_number=number,
            values=[value],
            key=step.key(),
        )
        motion.refresh_from_db()
        agreed = {f"{value / 1000:g}": assumed.AGREEMENT}
        decide(motion, step, agreed, turnout=assumed.TURNOUT_ON_NEED, track=track)
