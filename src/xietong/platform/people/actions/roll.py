"""Who comes onto the roll, what duties they hold and how they sign in."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from xietong.platform.base import Rejected, again_after_conflict, constraint_of
from xietong.platform.record.actions import submit

from ..models import Duty, Ground, Person, Request, Token
from ..once import Secret, once
from ..rules import Refusal, may_enrol
from . import households, needs

TOKEN_LIFETIME = timedelta(days=30)
# Nobody sends again what was sent so long ago.
REQUEST_LIFETIME = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to come onto the roll."""

    username: str
    name: str
    ground: Ground = Ground.WORK
    born: date | None = None


@transaction.atomic
def enrol(
    *,
    username: str,
    name: str,
    password: str | None,
    ground: Ground = Ground.WORK,
    born: date | None = None,
    parents: Collection[str] = (),
) -> Person:
    """Put one person on the roll, at a founding; without a password they cannot sign in yet.

    Who holds the duty of enrolment does it by `enrol_by`.

    A ground other than work is recognised at once, by rule. `parents` are the names by which a
    child's parents sign in: it joins the household of the first who has one, and in the first
    year each has a new parent's time with it, from the next round that starts.

    Raises Rejected USERNAME_TAKEN, WEAK_PASSWORD, UNKNOWN_PERSON, or what the rule of the ground
    refuses: NO_RULE, OUTSIDE_THE_RULE.
    """
    person = _person(NewPerson(username, name, ground, born))
    if password is not None:
        _set_password(person, password)
    _insert([person], [ground])
    if parents:
        households.enter_family(person, parents)
    return person


@again_after_conflict
@once
@transaction.atomic
def enrol_by(
    by: Person,
    *,
    username: str,
    name: str,
    password: Secret,
    ground: Ground = Ground.WORK,
    born: date | None = None,
    parents: Collection[str] = (),
    key: UUID | None = None,
) -> Person:
    """Put one person on the roll, by the duty of enrolment; for the rest as `enrol`.

    Raises Rejected NOT_ON_DUTY, and what `enrol` raises.
    """
    if not may_enrol(by):
        raise Rejected(Refusal.NOT_ON_DUTY, by.name)
    return enrol(
        username=username, name=name, password=password, ground=ground, born=born, parents=parents
    )


@transaction.atomic
def enrol_many(rows: Iterable[NewPerson]) -> list[Person]:
    """Put many on the roll, in the order given, without passwords.

    A ground other than work is recognised at once, by rule. Raises Rejected USERNAME_TAKEN,
    NO_RULE, OUTSIDE_THE_RULE.
    """
    given = list(rows)
    people = [_person(row) for row in given]
    _insert(people, [row.ground for row in given])
    return people


def _person(row: NewPerson) -> Person:
    return Person(
        username=Person.normalize_username(row.username),
        name=row.name,
        born=row.born,
        password=make_password(None),
    )


def _insert(people: list[Person], grounds: list[Ground]) -> None:
    try:
        with transaction.atomic():
            Person.objects.bulk_create(people, batch_size=2000)
    except IntegrityError as error:
        if constraint_of(error).startswith("people_person_username"):
            taken = Person.objects.filter(username__in=[person.username for person in people])
            names = ", ".join(taken.values_list("username", flat=True)[:5])
            raise Rejected(Refusal.USERNAME_TAKEN, names) from error
        raise
    needs.recognise_enrolled(
        [pair for pair in zip(people, grounds, strict=True) if pair[1] != Ground.WORK]
    )


@transaction.atomic
def change_password(person: Person, *, old: str, new: str) -> None:
    """Set a new password; every token of the person ends, in case the old one was known.

    Raises Rejected WRONG_PASSWORD, WEAK_PASSWORD.
    """
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if not locked.check_password(old):
        raise Rejected(Refusal.WRONG_PASSWORD)
    _set_password(locked, new)
    locked.save(update_fields=["password"])
    locked.tokens.all().delete()
    person.password = locked.password


def _set_password(person: Person, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Rejected(Refusal.WEAK_PASSWORD, " ".join(error.messages)) from error
    person.set_password(password)


@transaction.atomic
def give_duty(person: Person, kind: Duty.Kind) -> Duty:
    """Give a person a public duty and put it on record; one who holds it keeps it."""
    held = Duty.objects.bulk_create([Duty(person=person, kind=kind)], ignore_conflicts=True)[0]
    duty = Duty.objects.get(person=person, kind=kind, until__isnull=True)
    if duty.pk == held.pk:
        _record(duty, "given")
    return duty


@transaction.atomic
def end_duty(person: Person, kind: Duty.Kind) -> Duty:
    """End a public duty and put that on record. Raises Rejected NOT_ON_DUTY."""
    duty = (
        Duty.objects.select_for_update()
        .filter(person=person, kind=kind, until__isnull=True)
        .first()
    )
    if duty is None:
        raise Rejected(Refusal.NOT_ON_DUTY, person.name)
    duty.until = timezone.now()
    duty.save(update_fields=["until"])
    _record(duty, "ended")
    return duty


def _record(duty: Duty, change: str) -> None:
    person = duty.person
    submit("duty", {"person": person.pk, "name": person.name, "duty": duty.kind, "change": change})


@transaction.atomic
def make_token(person: Person) -> str:
    """A new key to the API for 30 days. It is returned this once; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    Token.objects.create(hash=hash_of(token), person=person, expires_at=Now() + TOKEN_LIFETIME)
    Token.objects.filter(person=person, expires_at__lt=Now()).delete()
    return token


@transaction.atomic
def revoke_token(person: Person, *, hash: str) -> None:
    """End one of the person's own tokens; nothing happens if it has ended."""
    person.tokens.filter(hash=hash).delete()


@transaction.atomic
def forget_requests() -> int:
    """Forget what was asked long ago and need no longer be answered alike; returns how many."""
    forgotten, _ = Request.objects.filter(at__lt=Now() - REQUEST_LIFETIME).delete()
    return forgotten


def hash_of(token: str) -> str:
    """What is kept of a token: 64 hexadecimal digits."""
    return sha256(token.encode()).hexdigest()
