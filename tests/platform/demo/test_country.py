"""The demo country, smaller still: one person for every million."""

from decimal import Decimal

import pytest
from django.db.models import Count, Sum
from django.utils import timezone
from tests.platform.factories import rules_of_need

from xietong.planning.sources.brazil import read_supply_use
from xietong.platform.credits import queries as credits
from xietong.platform.demo import assumptions as assumed
from xietong.platform.demo import country, inhabitants, life, production, report
from xietong.platform.demo.wishes import Wishes
from xietong.platform.enterprises.models import (
    Dispatch,
    Enterprise,
    Membership,
    Stock,
    Task,
    Technique,
)
from xietong.platform.labour.models import Place
from xietong.platform.needs.models import CollectionLine, CommonNeed, OrderLine, Standing
from xietong.platform.people.models import Ground, Need, Person
from xietong.platform.products.models import Change, Product
from xietong.platform.rounds.models import Round, Scenario

pytestmark = pytest.mark.django_db(transaction=True)

SCALE = 1_000_000


def straight(items, title, /):  # type: ignore[no-untyped-def]
    return items


@pytest.fixture
def small() -> None:
    # What the migrations wrote, the tests before have emptied.
    rules_of_need()
    country.found(SCALE)


def test_that_a_country_has_people_in_proportion(small: None) -> None:
    assert Person.objects.count() == 213
    workers = Person.objects.filter(ground=Ground.WORK)
    # Each of 68 industries has two members at least.
    members = Membership.objects.values_list("enterprise").annotate(n=Count("person"))
    assert len(members) == 68
    assert min(n for _, n in members) == 2
    assert workers.count() == sum(n for _, n in members)


def test_that_everything_the_tables_name_is_there_in_both_languages(small: None) -> None:
    assert Product.objects.count() == 129
    assert Enterprise.objects.count() == 68
    for model in (Product, Enterprise, Technique, CommonNeed):
        assert not model.objects.filter(name_en="").exists()
        assert not model.objects.filter(name_zh="").exists()


def test_that_quantities_are_those_of_the_year_by_days_and_scale(small: None) -> None:
    table = read_supply_use()
    rice = CommonNeed.objects.get(code="investment:01921")
    units = float((table.capital * table.basic_ratio)[table.products.index("01921")])
    assert rice.quantity == Decimal(str(units * 30 / 365 / 10)).quantize(Decimal("0.001"))


def test_that_a_founded_country_cannot_be_founded_again(small: None) -> None:
    with pytest.raises(Exception, match=r"."):
        country.found(SCALE)
    assert Person.objects.count() == 213


def test_that_people_want_what_households_consumed_and_more(small: None) -> None:
    table = read_supply_use()
    wishes = Wishes.of(table, country.MONTH)
    heads = assumed.POPULATION / assumed.SCALE
    consumed = float((table.household * table.basic_ratio).sum()) * country.MONTH / heads
    assert abs(float(wishes.mean.sum()) - assumed.WISHES * consumed) < 1e-9 * consumed


def test_that_people_want_more_of_what_they_get_by_need(small: None) -> None:
    assert assumed.eagerness("36801", "free") == 1.0
    assert assumed.eagerness("36801", "quota") < 1.0 < assumed.eagerness("10934", "quota")


def test_that_most_let_their_order_repeat_itself_but_no_visitor_does(small: None) -> None:
    assert 0.9 < Standing.objects.filter(repeats=True, delivered=True).count() / 213 < 1.0
    assert not Standing.objects.filter(person__username__in=inhabitants.VISITORS).exists()


def test_that_a_drought_takes_from_the_water_works_alone(small: None) -> None:
    wet, dry = assumed.DROUGHT[0] - 1, assumed.DROUGHT[0]
    for number in (wet, dry):
        dispatch = Dispatch.objects.create(round_number=number, closed_at=timezone.now())
        for technique in Technique.objects.filter(enterprise__in=["3680", "1093"]):
            Task.objects.create(
                dispatch=dispatch,
                technique=technique,
                enterprise=technique.enterprise,
                runs=1,
                hours=1,
            )
    assert production._yields(wet) == production._luck(wet)
    usual, left = production._luck(dry), production._yields(dry)
    assert left["1093"] == usual["1093"]
    assert left["3680"] == usual["3680"] * Decimal("0.85")


def test_that_a_round_lived_through_leaves_exact_books_and_three_rounds_under_way(
    small: None,
) -> None:
    wishes = Wishes.of(read_supply_use(), country.MONTH)
    life.live(1, wishes, straight)
    assert dict(Round.objects.values_list("number", "state")) == {
        1: "closed",
        2: "running",
        3: "deciding",
        4: "gathering",
    }
    totals = credits.totals()
    assert totals.issued - totals.cancelled == totals.balances
    assert totals.cancelled == CollectionLine.objects.aggregate(n=Sum("cost"))["n"]
    assert not Stock.objects.filter(quantity__lt=0).exists()
    for scenario in Scenario.objects.defer("economy", "plan"):
        assert scenario.shortage <= 1e-6
        # So small a country cannot even feed everyone: what is left to later tiers is little, and
        # the rounding of the first tier weighs millions of times in the proof of the last.
        assert scenario.gap <= 1e-5
    goods, leisure = Scenario.objects.filter(round=1).order_by("key")
    assert leisure.hours_offered < goods.hours_offered
    visitors = [person.username for person in inhabitants.SIGN_INS]
    assert OrderLine.objects.filter(book=3, person__username__in=visitors).exists()
    assert not OrderLine.objects.filter(book=4, carried=0, person__username__in=visitors).exists()
    assert life.is_set(1)
    assert not life.is_set(2)
    assert "exact" in list(report.lines())[-1]
    served = Place.objects.filter(turn__rota=1)
    assert served.exists()
    assert not served.filter(confirmed_by=None).exists()
    assert Place.objects.filter(turn__rota=2).exists()
    assert not Place.objects.filter(turn__rota=3).exists()
    assert Need.objects.filter(ground=Ground.ILLNESS, from_round=1).count() == assumed.ILL
    before = OrderLine.objects.count()
    life.live(1, wishes, straight)
    assert OrderLine.objects.count() == before


@pytest.mark.long
def test_that_in_three_years_a_product_has_become_free_and_one_was_rolled_back_by_rule(
    small: None,
) -> None:
    life.live(36, Wishes.of(read_supply_use(), country.MONTH), straight)
    freed = Change.objects.filter(mode=Product.Mode.FREE, by_rule=False)
    assert freed.exists()
    rolled_back = Change.objects.filter(by_rule=True)
    assert rolled_back.filter(product="36801", mode_before="free", mode="quota").exists()
    totals = credits.totals()
    assert totals.issued - totals.cancelled == totals.balances
    assert "exact" in list(report.lines())[-1]
