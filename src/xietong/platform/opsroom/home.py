"""What one person finds at home: what became of what they asked, and what waits for them."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from xietong.platform.credits import queries as credits
from xietong.platform.decisions import queries as decisions
from xietong.platform.decisions.models import Motion
from xietong.platform.decisions.rules import may_vote
from xietong.platform.distribution import queries as distribution
from xietong.platform.distribution.queries import FirstFigures
from xietong.platform.enterprises import queries as enterprises
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.labour import queries as labour
from xietong.platform.needs import queries as needs
from xietong.platform.needs.models import OrderLine
from xietong.platform.needs.queries import Fate
from xietong.platform.people.models import Person
from xietong.platform.products.models import Change
from xietong.platform.rounds.economy import HOUSEHOLD
from xietong.platform.rounds.queries.needs import scenarios_that_cut

WISHES_A_PAGE = 20


@dataclass(frozen=True)
class Wish:
    """A line of an order; `cut_by` is the scenario that tells why it was cut, if it was."""

    line: OrderLine
    cut_by: str | None

    @property
    def cut(self) -> bool:
        return self.line.allotted is not None and self.line.allotted < self.line.quantity

    @property
    def in_order(self) -> bool:
        return not self.cut and not self.line.missed

    @property
    def need(self) -> str:
        return f"{HOUSEHOLD}:{self.line.product_id}"


@dataclass(frozen=True)
class Mine:
    """Everything on one person's home page; amounts in 1/1000 credits, times in minutes."""

    balance: int
    orders: "Page[Fate]"
    shown: int | None
    wishes: "Page[Wish]"
    to_collect: int
    to_vote: tuple[Motion, ...]
    enterprise: Enterprise | None
    running: int | None
    minutes_logged: int
    minutes_certified: int
    to_certify: int
    rolled_back: tuple[Change, ...]
    first: tuple[FirstFigures, ...]

    @property
    def newest(self) -> FirstFigures | None:
        """The platform's first two figures, of the last closed round."""
        return self.first[-1] if self.first else None


def home_of(
    person: Person,
    *,
    round_number: int | None = None,
    page: int | str = 1,
    lines_page: int | str = 1,
) -> Mine:
    """What a person's home page shows.

    Args:
        person: whose home it is.
        round_number: the round whose order is shown line by line; by default the one that can
            be collected now, or else the one that takes orders.
        page: of the person's rounds.
        lines_page: of the lines of that order, those cut or missing first.
    """
    collecting = needs.collecting_round()
    shown = round_number if round_number is not None else collecting or needs.open_round()
    lines = needs.order_of(person, shown) if shown is not None else []
    promised = (
        lines if shown == collecting or collecting is None else needs.order_of(person, collecting)
    )
    cut_by = scenarios_that_cut(
        [shown] if shown is not None else [], [line.product_id for line in lines]
    )
    wishes = [Wish(line, cut_by.get((line.book_id, line.product_id))) for line in lines]
    wishes.sort(key=lambda wish: wish.in_order)
    running = enterprises.open_round()
    worked = labour.hours_of(person, running) if running is not None else []
    return Mine(
        balance=credits.balance_of(person),
        orders=needs.what_became_of(person, page),
        shown=shown,
        wishes=Paginator(wishes, WISHES_A_PAGE).get_page(lines_page),
        to_collect=sum((line.allotted or 0) > line.collected for line in promised)
        if collecting is not None
        else 0,
        to_vote=tuple(decisions.motions_waiting_for(person)) if may_vote(person) else (),
        enterprise=enterprises.current_enterprise_of(person),
        running=running,
        minutes_logged=sum(week.minutes for week in worked),
        minutes_certified=sum(week.minutes for week in worked if week.certified_by is not None),
        to_certify=len(labour.hours_to_certify(person)),
        rolled_back=tuple(each for each in distribution.recent_changes() if each.by_rule),
        first=tuple(distribution.first_figures()),
    )
