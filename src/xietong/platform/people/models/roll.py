"""Persons on the roll. A person signs in by name and password and has one place in everything."""

from typing import ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import moment, uuid7


class Ground(models.TextChoices):
    """By what right a person's credits come: their work, or a recognised need in its place."""

    WORK = "work", _("works")
    CHILD = "child", _("child")
    STUDY = "study", _("studies")
    PENSION = "pension", _("retired")
    CARE = "care", _("cares for others")
    ILLNESS = "illness", _("ill or disabled")
    PARENT = "parent", _("new parent")


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


class Person(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid7)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    ground = models.CharField(max_length=10, choices=Ground.choices, default=Ground.WORK)
    born = models.DateField(null=True, blank=True)
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
        triggers = [
            pgtrigger.Trigger(
                name="people_person_ground_follows_needs",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF pg_trigger_depth() <= 1 AND NEW.ground <> (
                       CASE TG_OP WHEN 'INSERT' THEN 'work' ELSE OLD.ground END) THEN
                        RAISE EXCEPTION 'a person''s ground follows from their recognised needs'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="people_person_leaves_all",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__left_at__isnull=True, new__left_at__isnull=False),
                func="""
                    INSERT INTO people_recognition
                        (person_id, id, ground, what, follows, beside_work, why)
                    SELECT person_id, people_uuid7(), ground, 'ended', last, false, ''
                    FROM people_need
                    WHERE person_id = NEW.id AND state IN ('claimed', 'granted', 'appealed');
                    UPDATE people_membership SET until = statement_timestamp()
                    WHERE person_id = NEW.id AND until IS NULL;
                    RETURN NULL;
                """,
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
        ALLOWANCES = "allowances", _("recognising needs")
        APPEALS = "appeals", _("appeals")

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
                condition=Q(kind__in=["planning", "enrolment", "allowances", "appeals"]),
                name="people_duty_kind",
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
