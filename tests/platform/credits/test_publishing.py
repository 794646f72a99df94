"""Prices and payout published together, and the laws that hold them, tried in SQL."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction

from xietong.planning import Allowance, CommonUse, Good, PayoutBasis, read_payout, verify_payout
from xietong.platform.base import Rejected
from xietong.platform.credits import actions, queries
from xietong.platform.credits.models import Deduction, Price, PriceBand, Rate
from xietong.platform.credits.rules import Refusal
from xietong.platform.credits.wording import why
from xietong.platform.people.queries import Recognised
from xietong.platform.record.models import Submission

if TYPE_CHECKING:
    from tests.platform.credits.conftest import Mill

CHILDREN = Recognised("child", beside_work=False, share=500, persons=2)
FLOUR = Good(
    product="flour",
    mode="credits",
    orderable=True,
    value=Decimal("0.5"),
    made=Decimal(400),
    used=Decimal(100),
    delivered=Decimal(260),
    opening=Decimal(20),
    closing=Decimal(60),
    promised=200,
    stock=Decimal(20),
    normal=Decimal(60),
    usual=Decimal(100),
    ordered=100,
    unmet=10,
)
CALM = replace(FLOUR, unmet=0)
BREAD = replace(
    FLOUR,
    product="bread",
    mode="free",
    value=Decimal(1),
    made=Decimal(150),
    used=Decimal(0),
    delivered=Decimal(150),
    opening=Decimal(0),
    closing=Decimal(0),
    promised=150,
)


def basis(round_number: int = 1) -> PayoutBasis:
    return PayoutBasis(
        round=round_number,
        plan_sha256="a" * 64,
        economy_sha256="b" * 64,
        hours=Decimal(300),
        workers=3,
        band=Decimal("0.1"),
        pull=Decimal("0.3"),
        purse=Decimal("0.5"),
        balances=60_000,
        goods=(FLOUR, BREAD),
        common=(CommonUse("school", "common", "flour", Decimal(60)),),
        allowances=(Allowance(CHILDREN.ground, 2, Decimal("0.5")),),
    )


def test_that_a_payout_is_published_with_everything_it_follows_from(mill: "Mill") -> None:
    actions.publish_payout(basis(), allowances=[CHILDREN])
    sums = queries.payout_of(1)
    assert sums is not None
    assert {each.kind: each.hours for each in sums.deductions} == {
        "common": Decimal(30),
        "stock": Decimal(20),
        "need": Decimal(150),
        # 100 hours at labour value cost 102.600 credits: half of the band in favour of less use
        "scarcity": Decimal("-2.6"),
        # 60 credits are left over, half of 102.6 is usual: three tenths of 8.7 are held back
        "balance": Decimal("2.61"),
    }
    assert sums.reckoning is not None
    assert (sums.reckoning.cost, sums.reckoning.idle) == (102_600, 0)
    assert (sums.content, sums.rate.claimable_hours) == (Decimal(100), Decimal("99.99"))
    assert (sums.rate.per_hour, sums.rate.allowance) == (249, 12_498)
    assert (sums.allowances, sums.for_work) == (Decimal("24.996"), Decimal("74.994"))
    assert (sums.band, sums.earlier, sums.later) == (Decimal("0.1"), None, None)


def test_that_a_price_is_published_with_its_reasons(mill: "Mill") -> None:
    actions.publish_payout(basis(), allowances=[CHILDREN])
    flour, bread = Price.objects.order_by("-product")
    assert (flour.amount, flour.value, flour.factor) == (513, Decimal("0.5"), Decimal("1.025"))
    assert [flour.stock, flour.normal, flour.usual] == [20, 60, 100]
    assert (flour.ordered, flour.unmet, flour.band) == (100, 10, Decimal("0.1"))
    assert [bread.amount, bread.factor] == [1000, 1]
    assert why(flour) == (
        "2.50% above its labour value: 10.0% of the orders of the round before were not met"
    )
    assert queries.factors(1) == {"flour": Decimal("1.025"), "bread": 1}


@pytest.mark.parametrize(
    ("good", "words"),
    [
        (CALM, "at its labour value"),
        (
            replace(CALM, stock=Decimal(160)),
            "2.50% below its labour value: 160 lie in store, the norm is 60, a round uses 100",
        ),
        (
            replace(CALM, stock=Decimal(160), usual=Decimal(0)),
            "2.50% below its labour value: more lies in store than the norm, and nobody used any",
        ),
        (
            replace(CALM, before=Decimal("1.1")),
            "7.50% above its labour value: it comes back step by step",
        ),
    ],
)
def test_that_the_reasons_of_a_price_are_told_in_words(
    mill: "Mill", good: Good, words: str
) -> None:
    actions.publish_payout(replace(basis(), goods=(good, BREAD)), allowances=[CHILDREN])
    assert why(Price.objects.get(product="flour")) == words


def test_that_anyone_recomputes_what_was_published_and_the_record_names_its_hash(
    mill: "Mill",
) -> None:
    actions.publish_payout(basis(), allowances=[CHILDREN])
    packed = queries.payout_files(1)
    assert packed is not None
    assert verify_payout(packed) == ()
    given = read_payout(packed)
    assert given.basis == basis()
    rate = Rate.objects.get()
    assert (rate.per_hour, rate.allowance) == (
        given.payout.per_hour,
        given.payout.allowances[CHILDREN.ground],
    )
    assert queries.price_list(1) == {
        product: price.amount for product, price in given.payout.prices.items()
    }
    (submitted,) = Submission.objects.filter(kind="payout-published")
    assert given.sha256 in submitted.body


def test_that_a_payout_is_published_once_and_nothing_of_the_second_stays(mill: "Mill") -> None:
    actions.publish_payout(basis(), allowances=[CHILDREN])
    with pytest.raises(Rejected) as why_not:
        actions.publish_payout(replace(basis(), hours=Decimal(400)), allowances=[CHILDREN])
    assert why_not.value.reason == Refusal.ALREADY_PUBLISHED
    assert Rate.objects.get().total_hours == 300


def test_that_an_unknown_product_stops_the_whole_payout(mill: "Mill") -> None:
    gold = replace(FLOUR, product="gold")
    with pytest.raises(Rejected) as why_not:
        actions.publish_payout(replace(basis(), goods=(FLOUR, BREAD, gold)), allowances=[CHILDREN])
    assert (why_not.value.reason, why_not.value.detail) == (Refusal.UNKNOWN_PRODUCT, "gold")
    assert not Rate.objects.exists()
    assert not Price.objects.exists()
    assert not PriceBand.objects.exists()


def test_that_nothing_is_published_where_nobody_works(mill: "Mill") -> None:
    with pytest.raises(Rejected) as why_not:
        actions.publish_payout(replace(basis(), workers=0), allowances=[CHILDREN])
    assert why_not.value.reason == Refusal.NOBODY_WORKS


def test_that_a_history_tells_what_each_price_was_before(mill: "Mill") -> None:
    actions.publish_payout(basis(), allowances=[CHILDREN])
    flour = replace(FLOUR, before=Decimal("1.025"), value=Decimal("0.6"))
    actions.publish_payout(replace(basis(2), goods=(flour, BREAD)), allowances=[CHILDREN])
    assert [(line.price.amount, line.before) for line in queries.price_history("flour")] == [
        (513, None),
        (630, 513),
    ]
    listed = queries.prices(2, order="risen")
    assert [(line.price.product_id, line.before, line.change) for line in listed] == [
        ("flour", 513, 630 / 513 - 1),
        ("bread", 1000, 0),
    ]
    assert [line.price.product_id for line in queries.prices(2, order="fallen")] == [
        "bread",
        "flour",
    ]
    assert [line.price.product_id for line in queries.prices(2, "flo")] == ["flour"]
    assert queries.payout_of(1) is not None
    later = queries.payout_of(2)
    assert later is not None
    assert (later.earlier, later.later) == (1, None)


def refused(statement: str) -> str:
    with (
        pytest.raises(DatabaseError) as why_not,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(why_not.value).split("\n")[0]


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        (
            "INSERT INTO credits_deduction (round_number, kind, hours) VALUES (1, 'reserve', 1)",
            "round 1: -1.000 hours are neither deducted nor claimable",
        ),
        (
            "INSERT INTO credits_rate (round_number, per_hour, allowance, total_hours,"
            " claimable_hours, workers, on_allowance, allowance_share, mean_factor)"
            " VALUES (9, 1, 1, 300, 299.999, 1, 1, 0.5, 1)",
            "round 9: 0.001 hours are neither deducted nor claimable",
        ),
        (
            "INSERT INTO credits_deduction (round_number, kind, hours) VALUES (1, 'profit', 0)",
            'new row for relation "credits_deduction" violates check constraint'
            ' "credits_deduction_kind"',
        ),
        (
            "INSERT INTO credits_priceband VALUES (9, 0.6)",
            'new row for relation "credits_priceband" violates check constraint'
            ' "credits_priceband_narrow"',
        ),
        (
            "INSERT INTO credits_price (round_number, product_id, amount, value, factor, band)"
            " VALUES (2, 'flour', 550, 0.5, 1.1, 0.1)",
            'insert or update on table "credits_price" violates foreign key constraint'
            ' "credits_price_band_of_round"',
        ),
        (
            "INSERT INTO credits_price (round_number, product_id, amount, value, factor, band)"
            " VALUES (7, 'flour', 556, 0.5, 1.111, 0.1)",
            'new row for relation "credits_price" violates check constraint'
            ' "credits_price_within_band"',
        ),
        (
            "INSERT INTO credits_price (round_number, product_id, amount, value, factor, band)"
            " VALUES (7, 'flour', 444, 0.5, 0.888, 0.1)",
            'new row for relation "credits_price" violates check constraint'
            ' "credits_price_within_band"',
        ),
        (
            "INSERT INTO credits_price (round_number, product_id, amount, value, factor, band)"
            " VALUES (7, 'flour', 505, 0.5, 1.01, NULL)",
            'new row for relation "credits_price" violates check constraint'
            ' "credits_price_within_band"',
        ),
        (
            "INSERT INTO credits_price (round_number, product_id, amount, value, factor, band)"
            " VALUES (7, 'flour', 551, 0.5, 1.1, 0.1)",
            'new row for relation "credits_price" violates check constraint'
            ' "credits_price_follows"',
        ),
        ("UPDATE credits_deduction SET hours = hours", "append-only"),
        ("DELETE FROM credits_deduction", "append-only"),
        ("UPDATE credits_reckoning SET cost = 1", "append-only"),
        ("DELETE FROM credits_reckoning", "append-only"),
        ("UPDATE credits_priceband SET band = 0.5", "append-only"),
        ("DELETE FROM credits_priceband", "append-only"),
        ("UPDATE credits_price SET factor = 1", "append-only"),
    ],
)
def test_that_no_law_of_the_payout_can_be_broken_in_sql(
    mill: "Mill", statement: str, complaint: str
) -> None:
    actions.publish_payout(basis(), allowances=[CHILDREN])
    if complaint == "append-only":
        complaint = "pgtrigger: Cannot update or delete rows from "
    assert refused(statement).startswith(complaint)
    assert Deduction.objects.count() == 5
    assert PriceBand.objects.get().band == Decimal("0.1")
