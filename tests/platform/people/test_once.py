from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from tests.platform.conftest import Crowd

from xietong.platform.base import Rejected
from xietong.platform.people import actions
from xietong.platform.people.actions import enrol, forget_requests
from xietong.platform.people.models import Duty, Person, Request
from xietong.platform.people.once import Secret, once
from xietong.platform.people.rules import Refusal
from xietong.platform.record.chain import canonical

pytestmark = pytest.mark.django_db


@once
@transaction.atomic
def take_up(
    person: Person, *, kind: str, fails: bool = False, key: UUID | None = None
) -> list[object]:
    duty = Duty.objects.create(person=person, kind=kind)
    if fails:
        raise Rejected(Refusal.NOT_ON_DUTY)
    return [duty, 3, "done", None]


@pytest.fixture
def ana() -> Person:
    return enrol(username="ana", name="Ana", password=None)


def test_that_the_same_request_sent_again_takes_place_once_and_is_answered_alike(
    ana: Person,
) -> None:
    key = uuid4()
    first = take_up(ana, kind="planning", key=key)
    assert take_up(ana, kind="planning", key=key) == first
    assert [duty.pk for duty in Duty.objects.all()] == [first[0].pk]  # type: ignore[attr-defined]


def test_that_a_key_that_stands_for_something_else_is_refused_and_changes_nothing(
    ana: Person,
) -> None:
    key = uuid4()
    take_up(ana, kind="planning", key=key)
    with pytest.raises(Rejected) as refused:
        take_up(ana, kind="enrolment", key=key)
    assert refused.value.reason == Refusal.KEY_USED
    assert list(Duty.objects.values_list("kind", flat=True)) == ["planning"]


def test_that_keys_of_different_persons_have_nothing_to_do_with_each_other(ana: Person) -> None:
    bruno, key = enrol(username="bruno", name="Bruno", password=None), uuid4()
    take_up(ana, kind="planning", key=key)
    take_up(bruno, kind="enrolment", key=key)
    assert Duty.objects.count() == 2


def test_that_what_was_refused_leaves_no_trace_and_can_be_sent_again(ana: Person) -> None:
    key = uuid4()
    with pytest.raises(Rejected):
        take_up(ana, kind="planning", fails=True, key=key)
    assert (Request.objects.count(), Duty.objects.count()) == (0, 0)
    take_up(ana, kind="planning", key=key)
    assert (Request.objects.count(), Duty.objects.count()) == (1, 1)


def test_that_an_answer_stays_as_it_was_given(ana: Person) -> None:
    take_up(ana, kind="planning", key=uuid4())
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Request.objects.update(answer=[4])


def test_that_only_what_was_asked_long_ago_is_forgotten(ana: Person) -> None:
    for days in (0, 89, 91):
        Request.objects.create(
            person=ana, key=uuid4(), action="a", body="b", at=timezone.now() - timedelta(days)
        )
    assert forget_requests() == 1
    assert Request.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_that_the_same_request_sent_by_eight_at_once_takes_place_once(
    eight_at_once: Crowd,
) -> None:
    ana, key = enrol(username="ana", name="Ana", password=None), uuid4()

    def send(_: int) -> str:
        return str(take_up(ana, kind="planning", key=key)[0].pk)  # type: ignore[attr-defined]

    answers = eight_at_once(send)
    assert set(answers) == {str(Duty.objects.get().pk)}


FIRST_PASSWORD = Secret("rice and beans 7")


def test_that_a_person_enrolled_twice_with_one_key_is_enrolled_once(ana: Person) -> None:
    key = uuid4()

    def enrol_bao(name: str = "Bao") -> Person:
        return actions.enrol_by(ana, username="bao", name=name, password=FIRST_PASSWORD, key=key)

    with pytest.raises(Rejected, match="does not hold this duty"):
        enrol_bao()
    actions.give_duty(ana, Duty.Kind.ENROLMENT)
    bao = enrol_bao()
    assert bao.check_password(FIRST_PASSWORD)
    assert enrol_bao() == bao
    with pytest.raises(Rejected) as refused:
        enrol_bao("Bo")
    assert refused.value.reason == Refusal.KEY_USED
    assert Person.objects.filter(username="bao").count() == 1


def test_that_nothing_kept_of_a_request_depends_on_a_password(ana: Person) -> None:
    actions.give_duty(ana, Duty.Kind.ENROLMENT)
    for name in ("bao", "cao"):
        password = Secret(f"{name} and beans 7")
        actions.enrol_by(ana, username=name, name="Bao", password=password, key=uuid4())
        bao = Person.objects.get(username=name)
        kept = Request.objects.get(answer=[{"row": "people.person", "pk": str(bao.pk)}])
        told: dict[str, object] = {
            "by": ["people.person", str(ana.pk)],
            "username": name,
            "name": "Bao",
        }
        told |= {"ground": "work", "born": None, "parents": [], "password": None}
        assert kept.body == sha256(canonical(told).encode()).hexdigest()


def test_that_the_duty_enrols_through_the_api(ana: Person) -> None:
    client = Client()
    client.force_login(ana)
    new = {"username": "bao", "name": "Bao", "password": "rice and beans 7"}
    key = {"Idempotency-Key": str(uuid4())}

    def post(**changed: object) -> tuple[int, object]:
        answer = client.post(
            "/api/people/roll", {**new, **changed}, content_type="application/json", headers=key
        )
        return answer.status_code, answer.json().get("username")

    assert post()[0] == 409
    actions.give_duty(ana, Duty.Kind.ENROLMENT)
    assert post(password="12345678")[0] == 409
    assert post(username="b\0")[0] == 422
    assert post() == post() == (201, "bao")
    assert Person.objects.filter(username="bao").count() == 1
