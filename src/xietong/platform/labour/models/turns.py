"""Who serves when, what they hand to each other, and who is excused."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import moment, uuid7
from xietong.platform.people.models import Ground, Person

from .rota import Turn

CAN_SERVE = (Ground.WORK, Ground.STUDY)


class Exemption(models.Model):
    """That a person is excused in some rounds: asked for, and decided by another.

    The reason is read by whoever decides, and gone when it is decided.
    """

    class Kind(models.TextChoices):
        HEALTH = "health", _("health")
        CARE = "care", _("care for somebody")
        PREGNANCY = "pregnancy", _("pregnancy or birth")
        EXAM = "exam", _("exams")
        AWAY = "away", _("away from home")
        CONSCIENCE = "conscience", _("conscience")

    pk = models.CompositePrimaryKey("person_id", "id")
    id = models.UUIDField(default=uuid7, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="exemptions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.TextField(blank=True)
    first_round = models.PositiveIntegerField()
    last_round = models.PositiveIntegerField()
    asked_at = moment()
    appeals = models.UUIDField(null=True, unique=True, help_text="the refusal appealed against")
    granted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["id"], condition=Q(granted=None), name="labour_undecided")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["health", "care", "pregnancy", "exam", "away", "conscience"]),
                name="labour_exemption_kind",
            ),
            models.CheckConstraint(
                condition=Q(first_round__lte=F("last_round")), name="labour_exemption_rounds"
            ),
            models.CheckConstraint(
                condition=Q(granted=None, decided_by=None, decided_at=None)
                | Q(
                    granted__isnull=False,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    reason="",
                ),
                name="labour_exemption_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("person")),
                name="labour_exemption_by_another",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="labour_exemption_decided_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__decided_by__isnull=False),
            ),
            pgtrigger.Trigger(
                name="labour_exemption_decided_by_duty",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.appeals IS NOT NULL AND NOT EXISTS (
                        SELECT FROM labour_exemption AS refused
                        WHERE refused.id = NEW.appeals AND refused.person_id = NEW.person_id
                          AND NOT refused.granted
                          AND refused.decided_by_id IS DISTINCT FROM NEW.decided_by_id
                    ) THEN
                        RAISE EXCEPTION 'an appeal is against a refusal, and another decides it'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF NEW.decided_by_id IS NOT NULL THEN
                        PERFORM 1 FROM people_duty
                        WHERE person_id = NEW.decided_by_id AND kind = 'enrolment'
                          AND until IS NULL FOR SHARE;
                        IF NOT FOUND THEN
                            RAISE EXCEPTION 'who decides holds no duty of enrolment'
                            USING ERRCODE = 'integrity_constraint_violation';
                        END IF;
                        -- A turn that is being taken meanwhile waits, or is seen here.
                        PERFORM 1 FROM people_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Place(models.Model):
    """A person's place on a turn: one of its numbers, until it is handed on or they are excused."""

    class Origin(models.TextChoices):
        LOT = "lot", _("drawn by lot")
        FREE = "free", _("came forward")
        TAKEN = "taken", _("took it over")
        EXCHANGE = "exchange", _("exchanged")

    class End(models.TextChoices):
        HANDED = "handed", _("handed on")
        EXCUSED = "excused", _("excused")

    pk = models.CompositePrimaryKey("person_id", "id")
    id = models.UUIDField(default=uuid7, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="places")
    turn = models.ForeignKey(Turn, models.PROTECT, related_name="places")
    number = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    follows = models.UUIDField(null=True, unique=True, help_text="the place that was handed on")
    given_at = moment()
    offered_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=10, choices=End.choices, blank=True)
    until = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["turn__starts", "turn", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["turn", "number"], condition=Q(until=None), name="labour_place_held_once"
            ),
            models.UniqueConstraint(
                fields=["turn", "person"], condition=Q(until=None), name="labour_place_not_twice"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["lot", "free"], follows=None)
                | Q(origin__in=["taken", "exchange"], follows__isnull=False),
                name="labour_place_origin",
            ),
            models.CheckConstraint(
                condition=Q(ended="", until=None)
                | Q(
                    ended__in=["handed", "excused"],
                    until__isnull=False,
                    offered_at=None,
                    confirmed_by=None,
                ),
                name="labour_place_ended",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False, offered_at=None)
                    & ~Q(confirmed_by=F("person"))
                ),
                name="labour_place_confirmed_by_another",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="labour_place_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="labour_place_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__until__isnull=False)
                | pgtrigger.Q(old__confirmed_by__isnull=False),
            ),
            pgtrigger.Trigger(
                name="labour_place_can_be_served",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("asked", "labour_turn%ROWTYPE")],
                func="""
                    SELECT * INTO asked FROM labour_turn WHERE code = NEW.turn_id;
                    IF NEW.number NOT BETWEEN 1 AND asked.people THEN
                        RAISE EXCEPTION 'turn % has no place %', NEW.turn_id, NEW.number
                        USING ERRCODE = 'integrity_constraint_violation',
                              CONSTRAINT = 'labour_place_number';
                    END IF;
                    -- Whatever else this person takes on waits, so that it sees this place.
                    PERFORM 1 FROM people_person
                    WHERE id = NEW.person_id AND left_at IS NULL AND ground IN ('work', 'study')
                    FOR NO KEY UPDATE;
                    IF NOT FOUND OR EXISTS (
                        SELECT FROM labour_exemption
                        WHERE person_id = NEW.person_id AND granted
                          AND asked.rota_id BETWEEN first_round AND last_round
                    ) THEN
                        RAISE EXCEPTION 'the person cannot serve in round %', asked.rota_id
                        USING ERRCODE = 'integrity_constraint_violation',
                              CONSTRAINT = 'labour_place_can_serve';
                    END IF;
                    IF EXISTS (
                        SELECT FROM labour_place AS place
                        JOIN labour_turn AS other ON other.code = place.turn_id
                        WHERE place.person_id = NEW.person_id AND place.until IS NULL
                          AND other.rota_id = asked.rota_id
                          AND other.starts < asked.ends + greatest(asked.rest, other.rest)
                          AND asked.starts < other.ends + greatest(asked.rest, other.rest)
                    ) THEN
                        RAISE EXCEPTION 'no rest between turns'
                        USING ERRCODE = 'integrity_constraint_violation',
                              CONSTRAINT = 'labour_place_rest';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="labour_place_changes",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[("round", "integer")],
                func="""
                    IF (OLD.person_id, OLD.id, OLD.turn_id, OLD.number, OLD.origin, OLD.follows)
                       IS DISTINCT FROM
                       (NEW.person_id, NEW.id, NEW.turn_id, NEW.number, NEW.origin, NEW.follows)
                    THEN
                        RAISE EXCEPTION 'a place stays whose it is: it is handed on by a new one'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    SELECT rota_id INTO round FROM labour_turn WHERE code = NEW.turn_id;
                    IF NEW.ended = 'excused' AND NOT EXISTS (
                        SELECT FROM people_person WHERE id = NEW.person_id
                          AND (left_at IS NOT NULL OR ground NOT IN ('work', 'study'))
                    ) AND NOT EXISTS (
                        SELECT FROM labour_exemption WHERE person_id = NEW.person_id AND granted
                          AND round BETWEEN first_round AND last_round
                    ) THEN
                        RAISE EXCEPTION 'nobody has excused this person'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF NEW.confirmed_by_id IS NOT NULL THEN
                        PERFORM 1 FROM enterprises_dispatch
                        WHERE round_number = round AND closed_at IS NULL FOR SHARE;
                        IF NOT FOUND THEN
                            RAISE EXCEPTION 'round % is closed for turns', round
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'labour_place_while_open';
                        END IF;
                        IF NOT EXISTS (
                            SELECT FROM labour_place
                            WHERE turn_id = NEW.turn_id AND until IS NULL
                              AND person_id = NEW.confirmed_by_id
                        ) AND (EXISTS (
                            SELECT FROM labour_place
                            WHERE turn_id = NEW.turn_id AND until IS NULL
                              AND person_id <> NEW.person_id
                        ) OR NOT EXISTS (
                            SELECT FROM people_duty WHERE person_id = NEW.confirmed_by_id
                              AND kind = 'planning' AND until IS NULL
                        )) THEN
                            RAISE EXCEPTION 'who confirms was not there'
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'labour_place_by_who_was_there';
                        END IF;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="labour_place_stays_covered",
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF NEW.ended = 'handed' AND NOT EXISTS (
                        SELECT FROM labour_place WHERE follows = NEW.id
                          AND turn_id = NEW.turn_id AND number = NEW.number
                    ) THEN
                        RAISE EXCEPTION 'the place was handed to nobody'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF NEW.follows IS NOT NULL AND NOT EXISTS (
                        SELECT FROM labour_place WHERE id = NEW.follows AND ended = 'handed'
                          AND turn_id = NEW.turn_id AND number = NEW.number
                    ) THEN
                        RAISE EXCEPTION 'the place was handed on by nobody'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]


class Exchange(models.Model):
    """That one proposes to another to serve each other's turns; it waits for their answer."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_to = models.ForeignKey(Person, models.PROTECT, related_name="exchanges_proposed")
    given = models.UUIDField(help_text="the place of who proposes")
    wanted = models.UUIDField(help_text="the place of who is asked")
    proposed_at = moment()
    agreed = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["given", "wanted"], condition=Q(agreed=None), name="labour_exchange_once"
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("proposed_to")), name="labour_exchange_between_two"
            ),
            models.CheckConstraint(
                condition=Q(agreed=None, answered_at=None)
                | Q(agreed__isnull=False, answered_at__isnull=False),
                name="labour_exchange_answered_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="labour_exchange_answered_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__agreed__isnull=False),
            ),
        ]
