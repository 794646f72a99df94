import pytest
from pytest_django import DjangoAssertNumQueries
from tests.platform import factories
from tests.platform.factories import Country

from xietong.platform.credits import queries as credits
from xietong.platform.decisions import actions as decisions
from xietong.platform.decisions.models import Motion
from xietong.platform.labour import actions as labour
from xietong.platform.opsroom.home import home_of


def test_that_a_newcomer_finds_an_empty_home(country: Country) -> None:
    mine = home_of(country.everyone[1])
    assert (mine.balance, mine.to_collect, mine.to_certify, mine.running) == (0, 0, 0, None)
    assert (list(mine.orders), list(mine.wishes), mine.to_vote) == ([], [], ())
    assert mine.enterprise is not None
    assert mine.enterprise.code == "rice-makers"


def test_that_what_was_cut_leads_to_the_scenario_that_tells_why(running: Country) -> None:
    mine = home_of(running.planner)
    assert mine.shown == 1
    assert [wish.cut for wish in mine.wishes] == [True, False, False]
    wishes = {wish.line.product_id: wish for wish in mine.wishes}
    assert {code: wish.cut_by for code, wish in wishes.items()} == {
        "chair": "goods",
        "rice": None,
        "soap": None,
    }
    assert wishes["chair"].need == "household:chair"
    assert wishes["chair"].cut
    assert (wishes["rice"].line.allotted, wishes["rice"].line.collected) == (20, 2)


def test_that_what_is_promised_and_not_fetched_waits_to_be_collected(running: Country) -> None:
    assert home_of(running.planner).to_collect == 3
    # Also while an older or newer order is looked at.
    running.order(units=1)
    assert home_of(running.planner, round_number=2).to_collect == 3


def test_that_the_balance_and_the_hours_are_ones_own(running: Country) -> None:
    mine = home_of(running.planner)
    assert mine.balance == credits.balance_of(running.planner) > 0
    assert mine.running == 1
    assert mine.minutes_certified == mine.minutes_logged > 0


def test_that_hours_of_team_mates_wait_for_certification(country: Country) -> None:
    country.order()
    country.draft()
    country.choose()
    ana, bruno = country.team(country.goods[0])
    labour.log_hours(bruno, person=bruno, week=1, minutes=600)
    assert home_of(ana).to_certify == 1
    assert home_of(bruno).to_certify == 0


def test_that_a_vote_waits_until_one_has_voted(country: Country) -> None:
    country.order()
    country.draft()
    motion = Motion.objects.get()
    voter = country.everyone[1]
    assert home_of(voter).to_vote == (motion,)
    decisions.cast_ballot(voter, motion=motion, choices=["goods"])
    assert home_of(voter).to_vote == ()


def test_that_who_has_no_enterprise_has_none(country: Country) -> None:
    assert home_of(country.everyone[-1]).enterprise is None


@pytest.mark.django_db
@pytest.mark.parametrize("goods", [1, 3])
def test_that_a_home_takes_fourteen_queries_for_one_good_and_for_three(
    goods: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    country = factories.found(goods)
    country.order(units=80 if goods == 1 else 20)
    country.draft()
    country.choose()
    with django_assert_num_queries(14):
        assert len(home_of(country.planner).wishes) == goods
