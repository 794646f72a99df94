"""Reading credits: one's own account, and sums without names."""

from .accounts import Line, WeekIssued, balance_of, entries_of, expected_issue, weeks_of
from .factors import (
    SkillFactor,
    factor_changes,
    factors_in,
    first_unrated_round,
    mean_factor,
    spread_in,
    spreads,
)
from .payouts import (
    AllowanceRule,
    Sums,
    allowance_rules,
    allowances,
    latest_rate,
    payout_files,
    payout_of,
    rate,
)
from .prices import PriceLine, factors, latest_priced_round, price_history, price_list, prices
from .totals import ISSUED, Incomes, Part, Totals, incomes, outstanding, totals

__all__ = [
    "ISSUED",
    "AllowanceRule",
    "Incomes",
    "Line",
    "Part",
    "PriceLine",
    "SkillFactor",
    "Sums",
    "Totals",
    "WeekIssued",
    "allowance_rules",
    "allowances",
    "balance_of",
    "entries_of",
    "expected_issue",
    "factor_changes",
    "factors",
    "factors_in",
    "first_unrated_round",
    "incomes",
    "latest_priced_round",
    "latest_rate",
    "mean_factor",
    "outstanding",
    "payout_files",
    "payout_of",
    "price_history",
    "price_list",
    "prices",
    "rate",
    "spread_in",
    "spreads",
    "totals",
    "weeks_of",
]
