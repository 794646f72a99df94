"""Who and what there is in the country of the machine, and how its two sides are compared."""

from collections.abc import Callable
from decimal import Decimal

from hypothesis import strategies as st
from tests.platform.credits.model import Good

from xietong.platform.base import Rejected
from xietong.platform.people.models import Ground

REGIONS = {"works": "valley", "farm": "coast"}
PLACES = {"ana": "works", "bruno": "works", "davi": "works", "emil": "farm", "fatima": "farm"}
IN_NEED = {"celia": Ground.CHILD, "gita": Ground.PENSION}
GOODS = {
    "rice": Good(500),
    "chair": Good(8_000),
    "bread": Good(0, storable=False),
    "soap": Good(0, quota=2),
    "steel": Good(3_000, orderable=False),
    "lamp": Good(None),  # for credits, but without a price
}
SKILLS = ("milling", "baking")
PRICED = {"rice": Decimal("0.5"), "chair": Decimal(8), "steel": Decimal(3)}

# How what is on trial reaches those who live on the coast.
TRIED = {"rice": Good(0, quota=3), "chair": Good(0, quota=1)}
ISLANDERS = ("emil", "fatima", "celia")

persons = st.sampled_from([*PLACES, *IN_NEED])
workers = st.sampled_from(list(PLACES))
teams = st.sampled_from([("ana", "bruno", "davi"), ("emil", "fatima")])
codes = st.sampled_from(list(GOODS))
few = st.integers(0, 6)
skills = st.sampled_from([None, "milling", "baking"])
factors = st.sampled_from([880, 900, 950, 1_000, 1_050, 1_100, 1_120])
possible_minutes = st.sampled_from([0, 600, 1_800, 2_400, 3_000])
weeks_minutes = st.sampled_from([-1, 0, 1, 600, 2_400, 3_000, 3_001, 3_600, 3_601])
# Counted from the newest: what has just happened is the most likely to be touched again.
places_back = st.integers(0, 12)


def nothing(_: object) -> None:
    pass


def outcome(act: Callable[[], object]) -> object:
    """What an action answers, or the reason for which it is refused."""
    try:
        return act()
    except Rejected as refused:
        return refused.reason


def both(expected: Callable[[], object], act: Callable[[], object]) -> object:
    answer = outcome(act)
    assert answer == outcome(expected)
    return answer


def mates_of(person: str) -> list[str]:
    """Who works in the same enterprise."""
    return [each for each, place in PLACES.items() if place == PLACES[person] and each != person]
