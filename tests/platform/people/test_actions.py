from datetime import timedelta
from hashlib import sha256

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.platform.conftest import Crowd

from xietong.platform.base import Reason, Rejected
from xietong.platform.people import actions, queries, rules
from xietong.platform.people.actions import NewPerson
from xietong.platform.people.models import Duty, Ground, Person, Token
from xietong.platform.people.rules import Refusal
from xietong.platform.record.models import Submission

PASSWORD = "together-2021"


def enrol(username: str = "ana", password: str | None = None) -> Person:
    return actions.enrol(username=username, name="Ana Souza", password=password)


def refusal(refused: pytest.ExceptionInfo[Rejected]) -> Reason:
    return refused.value.reason


@pytest.mark.django_db
def test_that_an_enrolled_person_works_unless_told_otherwise_and_can_sign_in() -> None:
    person = enrol(password=PASSWORD)
    assert (person.ground, person.is_active, str(person)) == (Ground.WORK, True, "Ana Souza")
    request = RequestFactory().post("/sign-in/")
    assert authenticate(request, username="ana", password=PASSWORD) == person


@pytest.mark.django_db
def test_that_a_person_without_a_password_cannot_sign_in() -> None:
    enrol()
    request = RequestFactory().post("/sign-in/")
    assert authenticate(request, username="ana", password="") is None


@pytest.mark.django_db
def test_that_who_has_left_the_roll_cannot_sign_in() -> None:
    enrol(password=PASSWORD)
    Person.objects.update(left_at=timezone.now())
    request = RequestFactory().post("/sign-in/")
    assert authenticate(request, username="ana", password=PASSWORD) is None


@pytest.mark.django_db
def test_that_passwords_are_kept_as_argon2_hashes() -> None:
    assert enrol(password=PASSWORD).password.startswith("argon2$argon2id$")


@pytest.mark.django_db
def test_that_a_username_is_taken_once() -> None:
    enrol()
    with pytest.raises(Rejected) as refused:
        enrol()
    assert refusal(refused) is Refusal.USERNAME_TAKEN
    assert (refused.value.detail, Person.objects.count()) == ("ana", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["", "short", "password", "12345678"])
def test_that_a_guessable_password_enrols_nobody(password: str) -> None:
    with pytest.raises(Rejected) as refused:
        enrol(password=password)
    assert refusal(refused) is Refusal.WEAK_PASSWORD
    assert Person.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("persons", [1, 30])
def test_that_many_are_enrolled_in_order_with_their_need_by_a_fixed_number_of_statements(
    persons: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [NewPerson(f"p{number:03}", f"P {number}", Ground.CHILD) for number in range(persons)]
    # Two inserts, the round, the rule, and three savepoints opened and released.
    with django_assert_num_queries(10):
        people = actions.enrol_many(rows)
    assert [(p.username, p.name, p.ground) for p in people] == [
        (row.username, row.name, row.ground) for row in rows
    ]
    assert not any(person.has_usable_password() for person in people)


@pytest.mark.django_db
def test_that_one_taken_username_enrols_none_of_many() -> None:
    enrol()
    with pytest.raises(Rejected) as refused:
        actions.enrol_many([NewPerson("bruno", "Bruno"), NewPerson("ana", "Ana")])
    assert refusal(refused) is Refusal.USERNAME_TAKEN
    assert set(Person.objects.values_list("username", flat=True)) == {"ana"}


@pytest.mark.django_db
def test_that_a_new_password_replaces_the_old_and_ends_all_tokens() -> None:
    person = enrol(password=PASSWORD)
    token = actions.make_token(person)
    actions.change_password(person, old=PASSWORD, new="united-2022")
    again = Person.objects.get(pk=person.pk)
    assert (again.check_password("united-2022"), again.check_password(PASSWORD)) == (True, False)
    assert queries.person_of_token(token) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("wrong", "united-2022", Refusal.WRONG_PASSWORD),
        (PASSWORD, "short", Refusal.WEAK_PASSWORD),
    ],
)
def test_that_a_refused_new_password_changes_nothing(old: str, new: str, reason: Refusal) -> None:
    person = enrol(password=PASSWORD)
    token = actions.make_token(person)
    with pytest.raises(Rejected) as refused:
        actions.change_password(person, old=old, new=new)
    assert refusal(refused) is reason
    assert Person.objects.get(pk=person.pk).check_password(PASSWORD)
    assert queries.person_of_token(token) == person


@pytest.mark.django_db
def test_that_a_duty_gives_its_right_until_it_ends() -> None:
    person = enrol()
    assert not rules.may_plan(person)
    actions.give_duty(person, Duty.Kind.PLANNING)
    assert (rules.may_plan(person), rules.may_enrol(person)) == (True, False)
    actions.end_duty(person, Duty.Kind.PLANNING)
    assert not rules.may_plan(person)


@pytest.mark.django_db
def test_that_a_duty_given_and_ended_is_on_record() -> None:
    person = enrol()
    actions.give_duty(person, Duty.Kind.PLANNING)
    actions.end_duty(person, Duty.Kind.PLANNING)
    bodies = Submission.objects.filter(kind="duty").order_by("id").values_list("body", flat=True)
    assert list(bodies) == [
        f'{{"change":"{change}","duty":"planning","name":"Ana Souza","person":"{person.pk}"}}'
        for change in ("given", "ended")
    ]


@pytest.mark.django_db
def test_that_a_duty_given_twice_is_held_and_recorded_once() -> None:
    person = enrol()
    first = actions.give_duty(person, Duty.Kind.PLANNING)
    assert actions.give_duty(person, Duty.Kind.PLANNING) == first
    assert (Duty.objects.count(), Submission.objects.count()) == (1, 1)


def test_that_a_duty_given_by_eight_at_once_is_held_and_recorded_once(eight_at_once: Crowd) -> None:
    person = enrol()
    duties = eight_at_once(lambda _: actions.give_duty(person, Duty.Kind.PLANNING).pk)
    assert set(duties) == {Duty.objects.get().pk}
    assert Submission.objects.filter(kind="duty").count() == 1


@pytest.mark.django_db
def test_that_a_duty_not_held_cannot_end() -> None:
    with pytest.raises(Rejected) as refused:
        actions.end_duty(enrol(), Duty.Kind.PLANNING)
    assert refusal(refused) is Refusal.NOT_ON_DUTY
    assert Submission.objects.count() == 0


@pytest.mark.django_db
def test_that_only_the_hash_of_a_token_is_kept_for_thirty_days() -> None:
    person = enrol()
    token = actions.make_token(person)
    kept = Token.objects.get()
    assert kept.hash == sha256(token.encode()).hexdigest()
    assert kept.expires_at - kept.made_at == timedelta(days=30)
    assert queries.person_of_token(token) == person


@pytest.mark.django_db
def test_that_an_unknown_token_is_nobodys() -> None:
    actions.make_token(enrol())
    assert queries.person_of_token("guess") is None


@pytest.mark.django_db
def test_that_an_expired_token_is_nobodys_and_goes_with_the_next() -> None:
    person = enrol()
    token = actions.make_token(person)
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert queries.person_of_token(token) is None
    assert queries.tokens_of(person) == []
    actions.make_token(person)
    assert Token.objects.count() == 1


@pytest.mark.django_db
def test_that_the_token_of_one_who_left_is_nobodys() -> None:
    token = actions.make_token(enrol())
    Person.objects.update(left_at=timezone.now())
    assert queries.person_of_token(token) is None


@pytest.mark.django_db
def test_that_people_revoke_their_own_tokens_and_no_others() -> None:
    ana, bruno = enrol(), enrol("bruno")
    token = actions.make_token(ana)
    hash = actions.hash_of(token)
    actions.revoke_token(bruno, hash=hash)
    assert queries.person_of_token(token) == ana
    actions.revoke_token(ana, hash=hash)
    assert queries.person_of_token(token) is None
