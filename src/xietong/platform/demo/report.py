"""What the closed rounds came to, in a few lines for the terminal."""

from collections.abc import Iterator

from xietong.platform.credits import queries as credits
from xietong.platform.needs import queries as needs
from xietong.platform.rounds.models import Adoption


def lines() -> Iterator[str]:
    """One line a round whose plan was adopted, and the identity of the credits."""
    for adoption in Adoption.objects.select_related("scenario", "round").order_by("round_id"):
        scenario = adoption.scenario
        met = ", ".join(
            f"{tier.tier} {tier.promised:.1%}"
            for tier in needs.needs_met_by_tier(adoption.round_id)
        )
        yield (
            f"Round {adoption.round_id} ({adoption.round.state}): {scenario.name_en} · "
            f"{scenario.name_zh}; shortage {scenario.shortage:.1e}, objective "
            f"{scenario.objective:.6f}, bound {scenario.bound:.6f}, gap {scenario.gap:.1e}; "
            f"promised: {met}"
        )
    credited = credits.totals()
    yield (
        f"Credits: issued {credited.issued / 1000:,.3f} − cancelled "
        f"{credited.cancelled / 1000:,.3f} = balances {credited.balances / 1000:,.3f} "
        f"({'exact' if credited.issued - credited.cancelled == credited.balances else 'WRONG'})"
    )
