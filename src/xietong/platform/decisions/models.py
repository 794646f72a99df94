"""Motions that people vote on. One person, one ballot; a carried motion executes by itself."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import moment, uuid7
from xietong.platform.people.models import Person
from xietong.platform.ui.formats import chinese


class Motion(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("open")
        DECIDED = "decided", _("decided")

    id = models.UUIDField(primary_key=True, default=uuid7)
    effect = models.CharField(max_length=40, help_text="what happens by itself when decided")
    subject = models.JSONField(help_text="what the effect works on")
    title_en = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200)
    text_en = models.TextField(blank=True)
    text_zh = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = moment()
    decided_at = models.DateTimeField(null=True, blank=True)
    electorate = models.PositiveIntegerField(help_text="persons entitled when it opened")
    winner = models.CharField(max_length=40, blank=True)
    tally = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, winner="")
                | (Q(state="decided", decided_at__isnull=False) & ~Q(winner="")),
                name="decisions_motion_decided_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="decisions_motion_decided_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="decided"),
            ),
        ]

    @property
    def title(self) -> str:
        """In the reader's language, as is `text`."""
        return self.title_zh if chinese() else self.title_en

    @property
    def text(self) -> str:
        return self.text_zh if chinese() else self.text_en


class Option(models.Model):
    pk = models.CompositePrimaryKey("motion_id", "key")
    motion = models.ForeignKey(Motion, models.CASCADE, related_name="options")
    key = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()
    title_en = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200)
    text_en = models.TextField(blank=True)
    text_zh = models.TextField(blank=True)

    class Meta:
        ordering = ["order"]

    @property
    def title(self) -> str:
        """In the reader's language, as is `text`."""
        return self.title_zh if chinese() else self.title_en

    @property
    def text(self) -> str:
        return self.text_zh if chinese() else self.text_en


class Ballot(models.Model):
    """Approval: the options a person agrees to. It can be changed until the motion is decided."""

    pk = models.CompositePrimaryKey("person_id", "motion_id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="ballots")
    motion = models.ForeignKey(Motion, models.PROTECT, related_name="ballots")
    choices = ArrayField(models.CharField(max_length=40))
    cast_at = models.DateTimeField(auto_now=True)

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="decisions_ballot_while_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("ballot", "decisions_ballot%ROWTYPE")],
                func="""
                    ballot := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
                    PERFORM 1 FROM decisions_motion
                    WHERE id = ballot.motion_id AND state = 'open' FOR SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'the vote is over'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF TG_OP <> 'DELETE' AND EXISTS (
                        SELECT 1 FROM unnest(NEW.choices) AS c WHERE NOT EXISTS (
                            SELECT 1 FROM decisions_option o
                            WHERE o.motion_id = NEW.motion_id AND o.key = c)) THEN
                        RAISE EXCEPTION 'the ballot names an option that is not there'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN ballot;
                """,
            ),
        ]
