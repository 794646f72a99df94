"""Reading dossiers: the list of all products, one product's, and what moved lately."""

from .dossiers import DossierPage, Gain, InRound, PastVote, dossier_of
from .lists import (
    ByNeed,
    Order,
    moves,
    proposals,
    recent_changes,
    reviewed_round,
    running_trials,
    share_by_need,
)
from .spread import FirstFigures, KindFigures, figures_by_kind, first_figures

__all__ = [
    "ByNeed",
    "DossierPage",
    "FirstFigures",
    "Gain",
    "InRound",
    "KindFigures",
    "Order",
    "PastVote",
    "dossier_of",
    "figures_by_kind",
    "first_figures",
    "moves",
    "proposals",
    "recent_changes",
    "reviewed_round",
    "running_trials",
    "share_by_need",
]
