"""The only ways in which credits come into being and cease to exist, and what hours count."""

from .accounts import (
    cancel,
    cancel_many,
    issue_allowances,
    reverse,
)
from .factors import set_factor, set_spread
from .publishing import publish_payout, publish_prices, publish_rate
from .work import certify_and_issue, decide_due_disputes, vote_on_dispute

__all__ = [
    "cancel",
    "cancel_many",
    "certify_and_issue",
    "decide_due_disputes",
    "issue_allowances",
    "publish_payout",
    "publish_prices",
    "publish_rate",
    "reverse",
    "set_factor",
    "set_spread",
    "vote_on_dispute",
]
