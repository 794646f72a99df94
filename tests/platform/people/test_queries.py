import pytest
from django.utils import timezone

from xietong.platform.people import actions, queries
from xietong.platform.people.models import Duty, Ground, Person
from xietong.platform.people.queries import NumbersOnTheRoll


@pytest.mark.django_db
def test_that_an_empty_roll_has_nobody_on_it() -> None:
    assert queries.numbers_on_the_roll() == NumbersOnTheRoll(0, 0, 0)


@pytest.mark.django_db
def test_that_the_roll_counts_workers_allowances_and_voters_without_those_who_left() -> None:
    grounds = [Ground.WORK, Ground.WORK, Ground.CHILD, Ground.PENSION, Ground.WORK]
    people = actions.enrol_many(
        actions.NewPerson(f"p{number}", "P", ground) for number, ground in enumerate(grounds)
    )
    Person.objects.filter(pk=people[-1].pk).update(left_at=timezone.now())
    assert queries.numbers_on_the_roll() == NumbersOnTheRoll(workers=2, on_allowance=2, voters=3)


@pytest.mark.django_db
def test_that_duties_held_now_come_before_those_that_ended() -> None:
    ana, bruno = actions.enrol_many(
        actions.NewPerson(name, name.title()) for name in ("ana", "bruno")
    )
    ended = actions.give_duty(ana, Duty.Kind.PLANNING)
    held = actions.give_duty(bruno, Duty.Kind.ENROLMENT)
    actions.end_duty(ana, Duty.Kind.PLANNING)
    assert list(queries.duties()) == [held, ended]
    assert queries.duties_of(ana) == []
