"""The duty rota of a round: what public service is asked for, who can serve, and how it is drawn.

Times are in minutes: within the round, whose first week begins on Monday at 0:00.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Named, append_only, moment
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.people.models import Person
from xietong.platform.products.models import Region
from xietong.platform.record.models import Entry, Submission

from .hours import Skill
from .shifts import REST

MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
LONGEST_TURN = 12 * 60


class Part(models.TextChoices):
    """The part of the day in which a turn begins: from 6:00, 14:00 or 22:00."""

    EARLY = "early", _("early shift")
    LATE = "late", _("late shift")
    NIGHT = "night", _("night shift")

    @classmethod
    def of(cls, minute: int) -> "Part":
        """That of a minute of the week or of a round."""
        return (cls.NIGHT, cls.EARLY, cls.LATE)[(minute + 2 * 60) % MINUTES_A_DAY // (8 * 60)]


class Service(Named):
    """A kind of public service. Nobody serves alone."""

    class Scope(models.TextChoices):
        WHOLE = "whole", _("the whole country")
        REGION = "region", _("each region")
        ENTERPRISE = "enterprise", _("each enterprise")

    scope = models.CharField(max_length=10, choices=Scope.choices)
    starts = ArrayField(
        models.PositiveSmallIntegerField(), help_text="when its turns begin in a week, in minutes"
    )
    minutes = models.PositiveSmallIntegerField(help_text="a turn")
    people = models.PositiveSmallIntegerField(help_text="a turn")
    rest = models.PositiveSmallIntegerField(help_text="minutes between turns of one person")
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, related_name="+")
    mixed = models.BooleanField(help_text="one of those on a turn has served before")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=["whole", "region", "enterprise"]),
                name="labour_service_scope",
            ),
            models.CheckConstraint(
                condition=Q(
                    minutes__gte=1, minutes__lte=LONGEST_TURN, people__gte=2, people__lte=100
                ),
                name="labour_service_turn",
            ),
            models.CheckConstraint(
                condition=Q(starts__len__gte=1, rest__lte=MINUTES_A_WEEK),
                name="labour_service_times",
            ),
        ]


class Rota(models.Model):
    """The rota of one round: announced with all who can serve, then drawn once.

    The seed is the hash of the entry of the public record that comes `wait` entries after the
    announcement's own: when the list is fixed, nobody can know it.
    """

    round_number = models.PositiveIntegerField(primary_key=True)
    announced_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    announced_at = moment()
    announcement = models.OneToOneField(Submission, models.PROTECT, related_name="+")
    wait = models.PositiveSmallIntegerField()
    roll = models.TextField(help_text="`draw.Roll` as text")
    seed_entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    drawn = models.TextField(null=True, help_text="`draw.Drawn` as text")  # noqa: DJ001
    drawn_at = models.DateTimeField(null=True)
    draw_asked_at = models.DateTimeField(null=True, help_text="of the worker beside the server")
    trouble = models.CharField(max_length=20, blank=True, help_text="why no draw came of it")

    class Meta:
        ordering = ["-round_number"]
        constraints = [
            models.CheckConstraint(condition=Q(wait__gte=1), name="labour_rota_wait"),
            models.CheckConstraint(
                condition=Q(seed_entry=None, drawn=None, drawn_at=None)
                | Q(seed_entry__isnull=False, drawn__isnull=False, drawn_at__isnull=False),
                name="labour_rota_drawn_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="labour_rota_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="labour_rota_drawn_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'UPDATE' AND (
                        OLD.seed_entry_id IS NOT NULL
                        OR (OLD.round_number, OLD.announcement_id, OLD.announced_at, OLD.wait,
                            OLD.announced_by_id, OLD.roll)
                           IS DISTINCT FROM
                           (NEW.round_number, NEW.announcement_id, NEW.announced_at, NEW.wait,
                            NEW.announced_by_id, NEW.roll)
                    ) THEN
                        RAISE EXCEPTION 'the rota of round % is announced and drawn once',
                            OLD.round_number USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF NEW.seed_entry_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM record_entry
                        WHERE submission_id = NEW.announcement_id
                          AND number + NEW.wait = NEW.seed_entry_id
                    ) THEN
                        RAISE EXCEPTION 'entry % is not the seed that was announced',
                            NEW.seed_entry_id USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def is_being_drawn(self) -> bool:
        return self.drawn is None and self.draw_asked_at is not None and not self.trouble


class Turn(models.Model):
    """One turn of a rota, of all, of one region or of one enterprise.

    Between two turns of a person lies the rest of the law of shifts, or more.
    """

    code = models.CharField(primary_key=True, max_length=200)
    rota = models.ForeignKey(Rota, models.PROTECT, related_name="turns")
    service = models.ForeignKey(Service, models.PROTECT, related_name="turns")
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")
    starts = models.PositiveIntegerField()
    ends = models.PositiveIntegerField()
    rest = models.PositiveSmallIntegerField()
    people = models.PositiveSmallIntegerField()
    skill = models.ForeignKey(
        Skill, models.PROTECT, null=True, related_name="+", help_text="one of those on it has it"
    )

    class Meta:
        ordering = ["starts", "code"]
        triggers = [
            *append_only("labour_turn"),
            pgtrigger.Trigger(
                name="labour_turn_rest",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__rest__lt=REST),
                func=f"""
                    RAISE EXCEPTION 'between two turns lie at least {REST} minutes'
                    USING ERRCODE = 'integrity_constraint_violation';
                """,
            ),
        ]

    @property
    def part(self) -> Part:
        return Part.of(self.starts)

    @property
    def minutes(self) -> int:
        return self.ends - self.starts


class Candidate(models.Model):
    """A person on the list of a rota, who could serve in that round; on it under a pseudonym."""

    pk = models.CompositePrimaryKey("person_id", "rota_id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    rota = models.ForeignKey(Rota, models.PROTECT, related_name="candidates")
    pseudonym = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rota", "pseudonym"], name="labour_candidate_pseudonym"
            ),
        ]
        triggers = append_only("labour_candidate")
