"""Reading dossiers: the list of all products, one product's, and what moved lately."""

from .dossiers import DossierPage, Gain, InRound, PastVote, dossier_of
from .lists import ByNeed, Order, proposals, recent_changes, reviewed_round, share_by_need
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
    "proposals",
    "recent_changes",
    "reviewed_round",
    "share_by_need",
]
