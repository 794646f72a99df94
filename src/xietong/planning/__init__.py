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
from xietong.planning.planner import Progress, plan
from xietong.planning.result import Plan
from xietong.planning.values import labour_values

__all__ = [
    "Certificate",
    "Commitment",
    "Comparison",
    "Conflict",
    "ContradictionError",
    "Delivery",
    "Economy",
    "EconomyError",
    "Explanation",
    "Fault",
    "Plan",
    "PlanningError",
    "Progress",
    "StepCertificate",
    "alternatives",
    "labour_values",
    "plan",
    "verify",
]
