"""Reading the roll, needs and households."""

from .households import (
    HouseholdKind,
    MyHousehold,
    household_kinds,
    my_household,
    persons_by_household_kind,
)
from .needs import (
    OwnNeed,
    Recognised,
    Waiting,
    WaitingNumbers,
    appeals_waiting,
    claims_waiting,
    needs_of,
    recognised,
    recognised_of,
    rules_history,
    rules_in_force,
    waiting_numbers,
)
from .roll import (
    NumbersOnTheRoll,
    duties,
    duties_of,
    numbers_on_the_roll,
    person_of_token,
    tokens_of,
)

__all__ = [
    "HouseholdKind",
    "MyHousehold",
    "NumbersOnTheRoll",
    "OwnNeed",
    "Recognised",
    "Waiting",
    "WaitingNumbers",
    "appeals_waiting",
    "claims_waiting",
    "duties",
    "duties_of",
    "household_kinds",
    "my_household",
    "needs_of",
    "numbers_on_the_roll",
    "person_of_token",
    "persons_by_household_kind",
    "recognised",
    "recognised_of",
    "rules_history",
    "rules_in_force",
    "tokens_of",
    "waiting_numbers",
]
