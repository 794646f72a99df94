"""People fall ill and ask for what they need; officials recognise it, or another one does."""

from uuid import UUID

from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Ground, Need, Person

from . import assumptions as assumed
from .steps import Draw, on_duty
from .work_places import spared


def claim(number: int) -> None:
    """Some who work are ill for a while; now and then it takes an appeal until it is recognised."""
    if Need.objects.filter(ground=Ground.ILLNESS, from_round=number).exists():
        return
    step = Draw(number, "claim")
    working = [person for person in spared() if person.ground == Ground.WORK]
    chosen = step.rng.choice(len(working), min(len(working), assumed.ILL), replace=False)
    for nth, at in enumerate(chosen):
        person = working[at]
        event = people.claim_need(
            person,
            ground=Ground.ILLNESS,
            from_round=number,
            until_round=number + assumed.ROUNDS_ILL - 1,
            why="ill, as the doctor writes / 医生证明患病",
        )
        _answer(person, event.id, refused=nth == 0 and number % 3 == 0)


def _answer(person: Person, claim: UUID, *, refused: bool) -> None:
    """Grant a claim at once; or refuse it, and grant it on appeal."""
    official, second = on_duty(Duty.Kind.ALLOWANCES), on_duty(Duty.Kind.APPEALS)
    if not refused:
        people.answer_claim(official, person=person.id, claim=claim, grant=True)
        return
    answer = people.answer_claim(
        official, person=person.id, claim=claim, grant=False, why="no certificate / 缺少证明"
    )
    appeal = people.appeal(person, event=answer.id, why="it is here now / 现已补交")
    people.answer_appeal(
        second,
        person=person.id,
        event=appeal.id,
        uphold=True,
        why="the certificate is here / 证明齐全",
    )
