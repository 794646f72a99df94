from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xietong.planning import Allowance, CommonUse, Good, PayoutBasis, PlanningError, Price, payout
from xietong.planning.payout import issue, pulled, scarcity_factor

BREAD = Good(
    product="bread",
    mode="credits",
    orderable=True,
    value=Decimal("0.5"),
    made=Decimal(1200),
    used=Decimal(100),
    delivered=Decimal("1050.4"),
    opening=Decimal(50),
    closing=Decimal(90),
    promised=950,
)
BUS = Good(
    product="bus",
    mode="free",
    orderable=True,
    value=Decimal(2),
    made=Decimal(100),
    used=Decimal(0),
    delivered=Decimal(100),
    opening=Decimal(0),
    closing=Decimal(0),
    promised=80,
)
BASIS = PayoutBasis(
    round=3,
    plan_sha256="p" * 64,
    economy_sha256="e" * 64,
    hours=Decimal(750),
    workers=5,
    band=Decimal("0.1"),
    pull=Decimal("0.5"),
    purse=Decimal("0.2"),
    balances=0,
    goods=(BREAD, BUS),
    common=(
        CommonUse("school", "common", "bread", Decimal(100)),
        CommonUse("office", "administration", "bus", Decimal(15)),
        CommonUse("works", "renewal", "bus", Decimal(5)),
    ),
    allowances=(Allowance("pension", 2, Decimal("0.5")),),
)

units = st.decimals(0, 10**6, places=3)
shares = st.decimals(0, 1, places=4)
bands = st.decimals(0, "0.5", places=4)
goods = st.builds(
    lambda promised, part, **figures: Good(
        promised=promised, by_need=promised * part // 1000, **figures
    ),
    part=st.one_of(st.just(0), st.integers(0, 1000)),
    product=st.text("abc", min_size=1, max_size=4),
    mode=st.sampled_from(["credits", "quota", "free"]),
    orderable=st.booleans(),
    value=st.decimals(0, 10**4, places=12),
    made=units,
    used=units,
    delivered=units,
    opening=units,
    closing=units,
    promised=st.integers(0, 10**6),
    stock=units,
    normal=units,
    usual=units,
    ordered=st.integers(0, 10**6),
    unmet=st.integers(0, 10**6),
    before=st.decimals("0.5", "1.5", places=4),
)
bases = st.builds(
    PayoutBasis,
    round=st.just(1),
    plan_sha256=st.just("p" * 64),
    economy_sha256=st.just("e" * 64),
    hours=st.decimals("0.001", 10**7, places=3),
    workers=st.integers(1, 10**6),
    band=bands,
    pull=shares,
    purse=shares,
    balances=st.integers(0, 10**12),
    goods=st.lists(goods, min_size=1, max_size=6, unique_by=lambda good: good.product).map(tuple),
    common=st.just(()),
    allowances=st.lists(
        st.builds(
            Allowance,
            ground=st.sampled_from(["child", "pension", "study"]),
            persons=st.integers(0, 10**6),
            share=st.decimals(0, 2, places=6),
        ),
        unique_by=lambda allowance: allowance.ground,
    ).map(tuple),
)


def test_that_the_hours_of_a_round_are_split_by_what_they_are_for() -> None:
    found = payout(BASIS)
    assert found.deductions == {
        "renewal": 10_000,
        "administration": 30_000,
        "common": 50_000,
        "stock": 20_000,
        "need": 160_000,
        "unused": 4_800,
        # 0.4 loaf and what rounding leaves: 750 - 10 - 30 - 50 - 20 - 160 - 4.8 - 475
        "indivisible": 200,
        # what lies in store beyond the norm: 40 loaves, half of whose price is issued
        "balance": -10_000,
    }
    assert (found.cost, found.idle, found.claimable) == (475_000, 20_000, 485_000)
    assert found.prices == {
        "bread": Price(Decimal(1), 500),
        "bus": Price(Decimal(1), 2000),
    }


def test_that_an_hour_and_an_allowance_issue_what_is_claimable() -> None:
    found = payout(replace(BASIS, pull=Decimal(0)))
    # 475 credits for 750 hours and two allowances of half of 150 hours each
    assert (found.per_hour, found.allowances) == (527, {"pension": 39_583})


@given(bases)
def test_that_hours_are_deductions_and_what_is_claimable_exactly(basis: PayoutBasis) -> None:
    found = payout(basis)
    assert sum(found.deductions.values()) + found.claimable == basis.hours * 1000


@given(bases)
def test_that_all_claims_together_buy_all_that_is_promised_to_rounding(basis: PayoutBasis) -> None:
    found = payout(replace(basis, pull=Decimal(0)))
    promised = sum(
        found.prices[good.product].amount * (good.promised - good.by_need)
        for good in basis.goods
        if good.for_credits
    )
    persons = sum(allowance.persons for allowance in basis.allowances)
    claims = found.per_hour * basis.hours + sum(
        found.allowances[allowance.ground] * allowance.persons for allowance in basis.allowances
    )
    assert claims <= promised < claims + basis.hours + persons + 1


def test_that_what_a_trial_region_gets_by_need_is_deducted_and_issues_nothing() -> None:
    before, found = payout(BASIS), payout(replace(BASIS, goods=(replace(BREAD, by_need=150), BUS)))
    # 150 loaves of half an hour each
    assert found.cost == before.cost - 75_000
    assert found.deductions == {**before.deductions, "need": 160_000 + 75_000}
    assert found.prices == before.prices
    free = replace(BUS, by_need=10)
    assert payout(replace(BASIS, goods=(BREAD, free))) == before


@given(bases, st.data())
def test_that_moving_units_to_need_moves_their_cost_and_no_price(
    basis: PayoutBasis, data: st.DataObject
) -> None:
    basis = replace(basis, pull=Decimal(0))
    moved = tuple(
        replace(good, by_need=data.draw(st.integers(good.by_need, good.promised)))
        for good in basis.goods
    )
    before, found = payout(basis), payout(replace(basis, goods=moved))
    assert found.prices == before.prices
    assert before.claimable - found.claimable == sum(
        found.prices[after.product].amount * (after.by_need - good.by_need)
        for good, after in zip(basis.goods, moved, strict=True)
        if good.for_credits
    )
    assert found.deductions.get("need", 0) >= before.deductions.get("need", 0)


@pytest.mark.parametrize("by_need", [-1, 951])
def test_that_no_more_goes_by_need_than_is_promised(by_need: int) -> None:
    with pytest.raises(PlanningError, match="of 950 promised units"):
        payout(replace(BASIS, goods=(replace(BREAD, by_need=by_need), BUS)))


@given(goods, bands)
def test_that_a_factor_stays_in_the_band_and_moves_a_quarter_of_it_at_most(
    good: Good, band: Decimal
) -> None:
    factor = scarcity_factor(good, band)
    assert abs(factor - 1) <= band
    if good.for_credits and abs(good.before - 1) <= band:
        assert abs(factor - good.before) <= band / 4 + Decimal("0.00005")


@given(goods, bands, st.integers(0, 1000), units)
def test_that_a_factor_rises_with_unmet_orders_and_falls_with_stock(
    good: Good, band: Decimal, unmet: int, stock: Decimal
) -> None:
    factor = scarcity_factor(good, band)
    assert scarcity_factor(replace(good, unmet=good.unmet + unmet), band) >= factor
    assert scarcity_factor(replace(good, stock=good.stock + stock), band) <= factor


def test_that_a_price_reaches_the_end_of_the_band_in_four_rounds_and_comes_back() -> None:
    band, good = Decimal("0.1"), replace(BREAD, ordered=100, unmet=20)
    course: list[Decimal] = []
    for each in (*[good] * 5, *[BREAD] * 5):
        factor = scarcity_factor(replace(each, before=course[-1] if course else Decimal(1)), band)
        course.append(factor)
    assert [str(factor) for factor in course] == [
        *("1.0250", "1.0500", "1.0750", "1.1000", "1.1000"),
        *("1.0750", "1.0500", "1.0250", "1.0000", "1.0000"),
    ]


def test_that_stock_of_which_nothing_was_seen_yet_moves_no_price() -> None:
    full = replace(BREAD, stock=Decimal(1000), normal=Decimal(10))
    assert scarcity_factor(full, Decimal("0.1")) == 1
    unwanted = replace(full, ordered=5)
    assert scarcity_factor(unwanted, Decimal("0.1")) == Decimal("0.975")


def test_that_what_is_not_for_credits_keeps_its_labour_value() -> None:
    short = replace(BUS, ordered=10, unmet=10)
    assert scarcity_factor(short, Decimal("0.5")) == 1


@given(bases)
def test_that_the_rate_moves_by_a_fifth_of_the_goods_at_most_and_never_without_a_vote(
    basis: PayoutBasis,
) -> None:
    found = payout(basis)
    assert abs(pulled(basis, cost=found.cost, idle=found.idle)) <= found.cost / 5
    assert pulled(replace(basis, pull=Decimal(0)), cost=found.cost, idle=found.idle) == 0


@pytest.mark.parametrize(("hours", "workers"), [(0, 3), (10, 0)])
def test_that_nothing_is_issued_where_nobody_works(hours: int, workers: int) -> None:
    with pytest.raises(PlanningError, match="needs hours of work and people who work them"):
        issue(hours=Decimal(hours), claimable=5, workers=workers, allowances=())


@pytest.mark.parametrize(
    ("use", "complaint"),
    [
        (
            CommonUse("war", "war", "bread", Decimal(1)),
            "common need 'war': the purpose 'war' is not one of renewal, expansion, means, "
            "reserve, administration, common, abroad",
        ),
        (
            CommonUse("school", "common", "chalk", Decimal(1)),
            "common need 'school': its product 'chalk' is not among the goods",
        ),
    ],
)
def test_that_a_common_need_has_a_purpose_and_a_product(use: CommonUse, complaint: str) -> None:
    with pytest.raises(PlanningError) as why:
        payout(replace(BASIS, common=(use,)))
    assert str(why.value) == complaint
