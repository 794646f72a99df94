"""What the small model of the credit system keeps, and how it refuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from xietong.platform.base import Reason, Rejected

MOST_UNITS = 100_000
MOST_MINUTES = 3_600
MOST_MINUTES_WITHOUT_A_POST = 3_000
MOST_FREE_SHARE = 2
ROUNDS_COUNTED = 3


@dataclass(frozen=True)
class Good:
    """`price` in 1/1000 credit: None if none was published, 0 if it costs nothing."""

    price: int | None
    storable: bool = True
    quota: int | None = None
    orderable: bool = True

    @property
    def free(self) -> bool:
        return self.price == 0 and self.quota is None


@dataclass
class Line:
    quantity: int
    carried: int = 0
    allotted: int | None = None
    collected: int = 0
    missed: int = 0


@dataclass(frozen=True)
class Moved:
    """What moved an account; `reverses` is the source of what was reversed."""

    kind: str
    amount: int
    round_number: int
    reverses: UUID | None = None


@dataclass
class Hours:
    person: str
    enterprise: str
    round_number: int
    week: int
    minutes: int
    skill: str | None = None
    logged_by: str = ""
    corrects: UUID | None = None
    certified: bool = False


@dataclass
class Dispute:
    record: UUID
    by: str
    minutes: int
    certified: bool
    ballots: dict[str, bool] = field(default_factory=dict)
    upheld: bool | None = None


@dataclass(frozen=True)
class Visited:
    person: str
    asked: Mapping[str, int]
    taken: Mapping[str, int]
    cost: int


@dataclass
class State:
    """Persons, goods and regions go by their codes. The round taking orders is the running one.

    `tried` says how goods reach the `islanders` in a round in which they are on trial.
    """

    goods: Mapping[str, Good]
    ids: Mapping[str, str]
    places: Mapping[str, str]
    regions: Mapping[str, str]
    tried: Mapping[str, Good]
    islanders: Sequence[str]
    round_number: int = 1
    collecting: int | None = None
    rates: dict[int, tuple[int, int]] = field(default_factory=dict)
    hours: dict[UUID, Hours] = field(default_factory=dict)
    account: dict[tuple[str, UUID], Moved] = field(default_factory=dict)
    stock: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    orders: dict[int, dict[tuple[str, str], Line]] = field(default_factory=dict)
    visits: dict[UUID, Visited] = field(default_factory=dict)
    disputes: dict[UUID, Dispute] = field(default_factory=dict)
    spreads: list[tuple[int, int]] = field(default_factory=list)
    factors: list[tuple[str, int, int]] = field(default_factory=list)
    trials: dict[str, range] = field(default_factory=dict)
    on_trial: dict[int, set[str]] = field(default_factory=dict)
    delivered: set[str] = field(default_factory=set)
    fair_shares: dict[tuple[int, str], int] = field(default_factory=dict)

    def balance(self, person: str) -> int:
        return sum(moved.amount for (who, _), moved in self.account.items() if who == person)

    def rule(self, person: str, code: str, number: int) -> Good:
        """How a good reaches a person in a round."""
        trial = person in self.islanders and code in self.on_trial.get(number, ())
        return self.tried[code] if trial else self.goods[code]


def refuse(wrong: bool, reason: Reason) -> None:
    if wrong:
        raise Rejected(reason)
