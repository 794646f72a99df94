"""The open algorithm: an Economy goes in, a certified Plan comes out."""

from xietong.planning.alternatives import alternatives
from xietong.planning.audit.certificate import Certificate, StepCertificate
from xietong.planning.audit.verify import verify
from xietong.planning.comparison import Comparison
from xietong.planning.economy import Economy
from xietong.planning.explanation import Delivery, Explanation
from xietong.planning.faults import (
    Commitment,
    Conflict,
    ContradictionError,
    EconomyError,
    Fault,
    PlanningError,
)
from xietong.planning.payout import Allowance, CommonUse, Good, Payout, PayoutBasis, Price, payout
from xietong.planning.payout_files import PayoutFiles, read_payout, verify_payout, write_payout
from xietong.planning.planner import Progress, plan
from xietong.planning.result import Plan
from xietong.planning.values import labour_values

__all__ = [
    "Allowance",
    "Certificate",
    "Commitment",
    "CommonUse",
    "Comparison",
    "Conflict",
    "ContradictionError",
    "Delivery",
    "Economy",
    "EconomyError",
    "Explanation",
    "Fault",
    "Good",
    "Payout",
    "PayoutBasis",
    "PayoutFiles",
    "Plan",
    "PlanningError",
    "Price",
    "Progress",
    "StepCertificate",
    "alternatives",
    "labour_values",
    "payout",
    "plan",
    "read_payout",
    "verify",
    "verify_payout",
    "write_payout",
]
