"""Reading orders: sums for the planner and the opsroom, each person's own, and the shelves."""

from .persons import (
    Fate,
    Visit,
    order_of,
    quantities_of,
    standing_of,
    visit,
    visits_of,
    what_became_of,
)
from .shelves import (
    BasketLine,
    Collectable,
    Course,
    OnShelf,
    Shelf,
    basket_of,
    collectable_by,
    course_of,
    in_store,
    shelf,
)
from .sums import (
    TierMet,
    collecting_round,
    common_demand,
    cost_of_allotments,
    household_demand,
    needs_met_by_tier,
    open_round,
)
from .terms import terms

__all__ = [
    "BasketLine",
    "Collectable",
    "Course",
    "Fate",
    "OnShelf",
    "Shelf",
    "TierMet",
    "Visit",
    "basket_of",
    "collectable_by",
    "collecting_round",
    "common_demand",
    "cost_of_allotments",
    "course_of",
    "household_demand",
    "in_store",
    "needs_met_by_tier",
    "open_round",
    "order_of",
    "quantities_of",
    "shelf",
    "standing_of",
    "terms",
    "visit",
    "visits_of",
    "what_became_of",
]
