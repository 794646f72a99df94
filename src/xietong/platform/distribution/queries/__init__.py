"""Reading dossiers: the list of all products, one product's, and what moved lately."""

from .dossiers import DossierPage, Gain, InRound, PastVote, dossier_of
from .lists import ByNeed, Order, proposals, recent_changes, reviewed_round, share_by_need

__all__ = [
    "ByNeed",
    "DossierPage",
    "Gain",
    "InRound",
    "Order",
    "PastVote",
    "dossier_of",
    "proposals",
    "recent_changes",
    "reviewed_round",
    "share_by_need",
]
