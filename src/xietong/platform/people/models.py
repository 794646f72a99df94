"""Persons on the roll. A person signs in by name and password and has one place in everything."""

from typing import ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import moment, uuid7


class Ground(models.TextChoices):
    """By what right a person's credits come: their work, or a recognised need."""

    WORK = "work", _("works")
    CHILD = "child", _("child")
    STUDY = "study", _("studies")
    PENSION = "pension", _("retired")
    CARE = "care", _("cares for others")
    ILLNESS = "illness", _("ill or disabled")


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


class Person(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid7)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    ground = models.CharField(max_length=10, choices=Ground.choices, default=Ground.WORK)
    enrolled_at = moment()
    left_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ground__in=Ground.values), name="people_person_ground"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """On the roll: only then can the person sign in."""
        return self.left_at is None


class Duty(models.Model):
    """A public duty a person holds for a time, shown to everyone: who may move the round on."""

    class Kind(models.TextChoices):
        PLANNING = "planning", _("planning")
        ENROLMENT = "enrolment", _("enrolment")

    id = models.UUIDField(primary_key=True, default=uuid7)
    person = models.ForeignKey(Person, models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    since = moment()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(until__isnull=True),
                name="people_duty_held_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["planning", "enrolment"]), name="people_duty_kind"
            ),
        ]


class Token(models.Model):
    """A key with which a person's own programs use the API. Only its hash is kept."""

    hash = models.CharField(primary_key=True, max_length=64)
    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    made_at = moment()
    expires_at = models.DateTimeField()


class Request(models.Model):
    """Something a person asked to be done, once: the key they gave it, and what was answered.

    Of what was asked only a hash is kept.
    """

    pk = models.CompositePrimaryKey("person_id", "key")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    key = models.UUIDField()
    action = models.CharField(max_length=80)
    body = models.CharField(max_length=64, help_text="sha256 of the arguments")
    answer = models.JSONField(null=True, help_text="in a list of one; null while it is done")
    at = moment()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="people_request_answered_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__answer__isnull=False),
            ),
        ]
