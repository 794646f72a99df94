import pytest

from xietong.platform.base import Rejected
from xietong.platform.enterprises import actions, queries
from xietong.platform.enterprises.models import Membership
from xietong.platform.enterprises.rules import Refusal

from ..conftest import Country


def test_that_a_person_joins_leaves_and_joins_elsewhere(country: Country) -> None:
    actions.join(country.davi, "mill")
    assert queries.current_enterprise_of(country.davi) == country.mill
    actions.leave(country.davi)
    assert queries.current_enterprise_of(country.davi) is None
    actions.join(country.davi, "bakery")
    assert queries.current_enterprise_of(country.davi) == country.bakery
    assert Membership.objects.filter(person=country.davi).count() == 2


def test_that_nobody_has_two_places(country: Country) -> None:
    places = [actions.Place(country.davi, "bakery"), actions.Place(country.ana, "bakery")]
    with pytest.raises(Rejected) as refused:
        actions.join_many(places)
    assert refused.value.reason is Refusal.ALREADY_A_MEMBER
    assert [member.person for member in queries.members_of(country.bakery)] == [country.celia]


def test_that_who_has_no_place_cannot_leave(country: Country) -> None:
    with pytest.raises(Rejected) as refused:
        actions.leave(country.davi)
    assert refused.value.reason is Refusal.NOT_A_MEMBER
