import pytest
from django.utils import timezone

from xietong.platform.people import rules
from xietong.platform.people.models import Ground, Person


@pytest.mark.parametrize("ground", Ground.values)
def test_that_everyone_but_children_may_vote(ground: str) -> None:
    assert rules.may_vote(Person(ground=ground)) is (ground != "child")


def test_that_nobody_votes_who_has_left_the_roll() -> None:
    assert not rules.may_vote(Person(left_at=timezone.now()))
