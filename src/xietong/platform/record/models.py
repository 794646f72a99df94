"""The public record: a hash chain that anyone can check, and the parameters it governs."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from xietong.platform.base import Named, append_only, moment, uuid7


class Submission(models.Model):
    """What a transaction asks to be recorded. The sequencer turns submissions into entries.

    Many transactions submit at once; one sequencer numbers. So the chain needs no lock that
    voters or planners would wait for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=40)
    body = models.TextField(help_text="canonical JSON")
    at = moment()

    class Meta:
        triggers = append_only("record_submission")


class Entry(models.Model):
    """One link of the chain: ``hash`` = sha256 of number, time, kind, body and the hash before."""

    number = models.BigIntegerField(primary_key=True)
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="entry")
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    body = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="record_entry_number"),
        ]
        triggers = [
            *append_only("record_entry"),
            pgtrigger.Trigger(
                name="record_entry_links",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("head", "record_entry%ROWTYPE")],
                func="""
                    SELECT * INTO head FROM record_entry ORDER BY number DESC LIMIT 1;
                    IF NEW.number <> coalesce(head.number, 0) + 1
                       OR NEW.previous <> coalesce(head.hash, repeat('0', 64)) THEN
                        RAISE EXCEPTION 'record entry % does not follow entry %',
                            NEW.number, coalesce(head.number, 0)
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF NEW.hash <> encode(sha256(convert_to(
                        NEW.previous || chr(10) || NEW.number || chr(10)
                        || to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                        || chr(10) || NEW.kind || chr(10) || NEW.body, 'UTF8')), 'hex') THEN
                        RAISE EXCEPTION 'record entry % has a false hash', NEW.number
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Parameter(Named):
    """A number that the plan or the platform works with, and that people can change by vote."""

    value = models.DecimalField(max_digits=20, decimal_places=6)
    lowest = models.DecimalField(max_digits=20, decimal_places=6)
    highest = models.DecimalField(max_digits=20, decimal_places=6)
    unit_en = models.CharField(max_length=80, blank=True)
    unit_zh = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=F("lowest"), value__lte=F("highest")),
                name="record_parameter_within_bounds",
            ),
        ]

    @property
    def unit(self) -> str:
        """What its value counts, in the reader's language."""
        return self.unit_zh if (get_language() or "").startswith("zh") else self.unit_en


class ParameterChange(models.Model):
    """What a parameter was set to, when and by what right."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    parameter = models.ForeignKey(Parameter, models.PROTECT, related_name="changes")
    old = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    new = models.DecimalField(max_digits=20, decimal_places=6)
    reason = models.CharField(max_length=500)
    at = moment()

    class Meta:
        ordering = ["-id"]
        triggers = append_only("record_parameter_change")
