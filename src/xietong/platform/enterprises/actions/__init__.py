"""What changes in enterprises: how they are built, who belongs, what they make, use and hold."""

from .building import (
    EnterpriseDraft,
    MeansDraft,
    TechniqueDraft,
    add_enterprise,
    add_enterprises,
    add_many_means,
    add_means,
    add_technique,
    add_techniques,
)
from .dispatch import TaskDraft, close_dispatch, open_dispatch
from .membership import Place, join, join_many, leave
from .reports import report_output, report_use
from .stocks import Counted, Taken, count_opening_stock, take, write_off

__all__ = [
    "Counted",
    "EnterpriseDraft",
    "MeansDraft",
    "Place",
    "Taken",
    "TaskDraft",
    "TechniqueDraft",
    "add_enterprise",
    "add_enterprises",
    "add_many_means",
    "add_means",
    "add_technique",
    "add_techniques",
    "close_dispatch",
    "count_opening_stock",
    "join",
    "join_many",
    "leave",
    "open_dispatch",
    "report_output",
    "report_use",
    "take",
    "write_off",
]
