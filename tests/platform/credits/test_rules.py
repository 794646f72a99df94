from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xietong.platform.base import Rejected
from xietong.platform.credits.rules import Payout, Refusal, payout


def test_that_without_allowances_all_that_can_be_claimed_goes_to_hours() -> None:
    assert payout(
        total_hours=Decimal(1000),
        claimable_hours=Decimal(600),
        workers=10,
        allowances=[(0, 500)],
    ) == Payout(per_hour=600, allowances=(30_000,))


def test_that_allowances_are_a_share_of_what_a_worker_is_issued_on_the_mean() -> None:
    issued = payout(
        total_hours=Decimal(1000),
        claimable_hours=Decimal(600),
        workers=10,
        allowances=[(5, 700), (5, 300)],
    )
    assert issued == Payout(per_hour=400, allowances=(28_000, 12_000))


@pytest.mark.parametrize(("hours", "workers"), [(0, 3), (10, 0)])
def test_that_there_is_no_rate_where_nobody_works(hours: int, workers: int) -> None:
    with pytest.raises(Rejected) as why:
        payout(
            total_hours=Decimal(hours),
            claimable_hours=Decimal(5),
            workers=workers,
            allowances=[(1, 500)],
        )
    assert why.value.reason == Refusal.NOBODY_WORKS


@given(
    total_hours=st.decimals("0.001", 10**7, places=3),
    claimable_hours=st.decimals(0, 10**7, places=3),
    workers=st.integers(1, 10**6),
    allowances=st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 1000)), max_size=9),
)
def test_that_what_is_issued_never_exceeds_what_can_be_claimed_and_misses_it_by_rounding_only(
    total_hours: Decimal,
    claimable_hours: Decimal,
    workers: int,
    allowances: list[tuple[int, int]],
) -> None:
    issued = payout(
        total_hours=total_hours,
        claimable_hours=claimable_hours,
        workers=workers,
        allowances=allowances,
    )
    persons = [number for number, _ in allowances]
    together = issued.per_hour * total_hours + sum(
        number * amount for number, amount in zip(persons, issued.allowances, strict=True)
    )
    assert together <= claimable_hours * 1000 < together + total_hours + sum(persons) + 1
