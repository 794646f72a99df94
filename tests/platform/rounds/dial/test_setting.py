"""What can be set on the dial, and in what order products move."""

from decimal import Decimal

import pytest

from xietong.planning.payout import Good
from xietong.platform.products.models import Product
from xietong.platform.rounds.dial.reckoning import factor_in
from xietong.platform.rounds.dial.setting import (
    Candidate,
    Setting,
    Step,
    by_need,
    candidates,
    steps_to_share,
)

NONE = Decimal(0)


def good(code: str, hours: int, mode: str = "credits") -> Good:
    """One that takes so many hours and is promised once."""
    return Good(code, mode, True, Decimal(hours), NONE, NONE, NONE, NONE, NONE, 1)


def candidate(code: str, cost: float, moved: float) -> Candidate:
    return Candidate(Step(Product(code=code), "credits", "quota"), cost, moved)


GOODS = (good("soap", 1, "free"), good("rice", 4), good("chair", 5))
KNOWN = [candidate("chair", 5, 5), candidate("rice", 8, 4)]


def test_that_the_share_by_need_is_reckoned_by_the_labour_promised() -> None:
    assert by_need(GOODS) == 0.1
    assert by_need(GOODS, {"chair"}) == 0.6
    assert by_need(()) is None


@pytest.mark.parametrize(
    ("share", "chosen", "taken"),
    [
        (0.1, (), []),
        (0.2, (), ["chair"]),
        (0.6, (), ["chair"]),
        (0.7, (), ["chair", "rice"]),
        (0.5, ("rice",), []),
        (0.8, ("rice",), ["chair"]),
        (1.0, (), ["chair", "rice"]),
    ],
)
def test_that_the_cheapest_steps_are_taken_until_the_share_is_reached(
    share: float, chosen: tuple[str, ...], taken: list[str]
) -> None:
    steps = steps_to_share(share, GOODS, chosen, KNOWN)
    assert [step.product.code for step in steps] == taken


def test_that_equal_settings_ask_the_same_question() -> None:
    one = Setting(100, {"rice": "quota", "chair": "quota"})
    assert one.question == Setting(100, {"chair": "quota", "rice": "quota"}).question
    assert one.question != Setting(101, dict(one.steps)).question
    assert one.question != Setting(100, {"rice": "free", "chair": "quota"}).question


@pytest.mark.parametrize(
    ("factor", "before", "after", "becomes"),
    [
        (1200, 200, 100, 1100),
        (1050, 200, 100, 1050),
        (700, 300, 0, 1000),
        (1100, 200, 400, 1200),
        (900, 100, 100, 900),
        (1000, 0, 300, 1000),
    ],
)
def test_that_factors_are_cut_off_by_a_narrower_spread_and_stretched_by_a_wider(
    factor: int, before: int, after: int, becomes: int
) -> None:
    assert factor_in(factor, before, after) == becomes


@pytest.mark.django_db
def test_that_nothing_can_move_before_a_round_has_closed() -> None:
    assert candidates() == []
