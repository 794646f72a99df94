from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from xietong.platform.base import Reason, Rejected
from xietong.platform.enterprises import actions, queries
from xietong.platform.enterprises.actions import Counted
from xietong.platform.enterprises.models import Enterprise, Movement, Report
from xietong.platform.enterprises.rules import Refusal
from xietong.platform.people.models import Person

from ..conftest import Country

Store = Callable[[str], dict[str, Decimal]]


def made(by: Person, enterprise: Enterprise, key: UUID | None = None, **amounts: str) -> Report:
    return actions.report_output(
        by,
        enterprise=enterprise,
        quantities={product: Decimal(amount) for product, amount in amounts.items()},
        note="night shift",
        key=key or uuid4(),
    )


def used(by: Person, enterprise: Enterprise, key: UUID | None = None, **amounts: str) -> Report:
    return actions.report_use(
        by,
        enterprise=enterprise,
        quantities={product: Decimal(amount) for product, amount in amounts.items()},
        key=key or uuid4(),
    )


def refusal_of(call: Callable[[], object]) -> tuple[Reason, str]:
    with pytest.raises(Rejected) as refused:
        call()
    return refused.value.reason, refused.value.detail


def test_that_what_is_made_comes_into_the_enterprises_store(running: Country, store: Store) -> None:
    report = made(running.ana, running.mill, flour="40", bran="9.5", grain="0")
    assert store("mill") == {
        "bran": Decimal("9.5"),
        "flour": Decimal(40),
        "grain": Decimal(120),
    }
    assert (report.dispatch_id, report.kind, report.reported_by, report.note) == (
        1,
        "output",
        running.ana,
        "night shift",
    )


def test_that_what_is_used_is_drawn_from_all_stores_of_the_region(
    running: Country, store: Store
) -> None:
    actions.count_opening_stock(
        [Counted("bakery", "flour", Decimal(3)), Counted("hill-mill", "flour", Decimal(50))],
        round_number=1,
    )
    made(running.ana, running.mill, flour="5")
    report = used(running.celia, running.bakery, flour="7")
    assert [store(place)["flour"] for place in ("mill", "bakery", "hill-mill")] == [0, 1, 50]
    drawn = Movement.objects.filter(source=report.id).order_by("enterprise_id")
    assert list(drawn.values_list("enterprise_id", "kind", "quantity", "round_number")) == [
        ("bakery", "use", Decimal(-2), 1),
        ("mill", "use", Decimal(-5), 1),
    ]


def test_that_using_more_than_there_is_is_refused_with_what_there_is(
    running: Country, store: Store
) -> None:
    made(running.ana, running.mill, flour="5", bran="2")
    assert refusal_of(lambda: used(running.celia, running.bakery, flour="5.5", bran="1")) == (
        Refusal.NOT_ENOUGH_STOCK,
        "Flour: 5 < 5.5",
    )
    assert store("mill") == {"bran": Decimal(2), "flour": Decimal(5), "grain": Decimal(120)}
    assert Report.objects.filter(kind="use").count() == 0


def test_that_the_same_key_again_returns_the_first_report(running: Country, store: Store) -> None:
    key = uuid4()
    first = made(running.ana, running.mill, key, flour="5")
    assert made(running.ana, running.mill, key, flour="5") == first
    assert store("mill")["flour"] == Decimal(5)
    actions.close_dispatch(1)
    assert made(running.ana, running.mill, key, flour="5") == first


def test_that_a_key_of_another_report_is_refused(running: Country, store: Store) -> None:
    key = uuid4()
    made(running.ana, running.mill, key, flour="5")
    for call in (
        lambda: made(running.bruno, running.mill, key, flour="5"),
        lambda: made(running.ana, running.mill, key, flour="7"),
        lambda: used(running.ana, running.mill, key, grain="5"),
    ):
        assert refusal_of(call) == (Refusal.KEY_USED, "")
    assert store("mill") == {"flour": Decimal(5), "grain": Decimal(120)}


def test_that_a_key_that_moved_goods_before_is_refused(running: Country, store: Store) -> None:
    key = uuid4()
    quantities = {"grain": 20}
    actions.take("valley", quantities, kind=Movement.Kind.DELIVERY, source=key, round_number=1)
    assert refusal_of(lambda: used(running.ana, running.mill, key, grain="5")) == (
        Refusal.KEY_USED,
        "",
    )
    assert store("mill") == {"grain": Decimal(100)}


@pytest.mark.parametrize("stranger", ["celia", "davi"])
def test_that_only_members_report(running: Country, store: Store, stranger: str) -> None:
    person: Person = getattr(running, stranger)
    assert refusal_of(lambda: made(person, running.mill, flour="5"))[0] is Refusal.NOT_A_MEMBER
    assert refusal_of(lambda: used(person, running.mill, grain="5"))[0] is Refusal.NOT_A_MEMBER
    assert store("mill") == {"grain": Decimal(120)}
    assert Report.objects.count() == 0


def test_that_who_has_left_reports_no_more(running: Country) -> None:
    actions.leave(running.ana)
    assert refusal_of(lambda: made(running.ana, running.mill, flour="5"))[0] is Refusal.NOT_A_MEMBER


def test_that_reports_belong_to_a_running_round(running: Country, store: Store) -> None:
    actions.close_dispatch(1)
    assert refusal_of(lambda: made(running.ana, running.mill, flour="5")) == (
        Refusal.NO_OPEN_ROUND,
        "",
    )
    assert store("mill") == {"grain": Decimal(120)}
    with pytest.raises(IntegrityError, match="round 1 is closed for reports"), transaction.atomic():
        Report.objects.create(
            dispatch_id=1, enterprise=running.mill, kind="output", reported_by=running.ana
        )


def test_that_an_enterprise_reports_only_what_its_techniques_make_or_use(
    running: Country, store: Store
) -> None:
    assert refusal_of(lambda: made(running.ana, running.mill, flour="1", bread="1")) == (
        Refusal.NOT_MADE_HERE,
        "bread",
    )
    assert refusal_of(lambda: used(running.celia, running.bakery, grain="1", gold="1")) == (
        Refusal.NOT_USED_HERE,
        "gold, grain",
    )
    assert store("mill") == {"grain": Decimal(120)}
    assert Report.objects.count() == 0


@pytest.mark.parametrize("amount", ["-1", "0.0001", "NaN", "Infinity", "1e17"])
def test_that_a_quantity_is_a_positive_number_of_thousandths(running: Country, amount: str) -> None:
    reason, _ = refusal_of(lambda: made(running.ana, running.mill, flour=amount))
    assert reason is Refusal.NOT_A_QUANTITY
    assert Report.objects.count() == 0


def test_that_an_empty_report_is_refused(running: Country) -> None:
    for call in (
        lambda: made(running.ana, running.mill),
        lambda: made(running.ana, running.mill, flour="0"),
    ):
        assert refusal_of(call)[0] is Refusal.NOTHING_REPORTED
    assert Report.objects.count() == 0


def test_that_a_report_stays_as_it_was_made(running: Country) -> None:
    made(running.ana, running.mill, flour="5")
    for statement in (
        "UPDATE enterprises_report SET note = ''",
        "DELETE FROM enterprises_report",
    ):
        with (
            pytest.raises(DatabaseError, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def outcomes(*calls: Callable[[], object]) -> list[object]:
    """What each call returned, or why it was refused; all start at the same moment."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            barrier.wait()
            return call()
        except Rejected as refused:
            return refused.reason
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [done.result() for done in [threads.submit(run, call) for call in calls]]


@pytest.mark.django_db(transaction=True)
def test_that_one_report_is_made_when_its_key_comes_eight_times_at_once(
    running: Country, store: Store
) -> None:
    key = uuid4()
    reports = outcomes(*[lambda: made(running.ana, running.mill, key, flour="5")] * 8)
    assert reports == [Report.objects.get()] * 8
    assert store("mill")["flour"] == Decimal(5)


@pytest.mark.django_db(transaction=True)
def test_that_the_last_flour_is_used_once_when_eight_report_at_once(
    running: Country, store: Store
) -> None:
    made(running.ana, running.mill, flour="1")
    found = outcomes(*[lambda: used(running.celia, running.bakery, flour="1")] * 8)
    assert found.count(Refusal.NOT_ENOUGH_STOCK) == 7
    assert Report.objects.filter(kind="use").count() == 1
    assert store("mill")["flour"] == Decimal(0)


@pytest.mark.django_db(transaction=True)
def test_that_a_round_closes_after_the_reports_under_way_and_before_all_others(
    running: Country,
) -> None:
    found = outcomes(
        *[lambda: made(running.ana, running.mill, flour="1")] * 6,
        lambda: actions.close_dispatch(1),
    )
    refused = found.count(Refusal.NO_OPEN_ROUND)
    assert found[-1] is None
    assert Report.objects.count() == 6 - refused
    assert queries.open_round() is None
