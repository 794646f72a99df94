"""Hours: logged by the worker or the team, certified by another member, then unchangeable."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from xietong.platform.base import Named, moment, uuid7
from xietong.platform.enterprises.models import Dispatch, Enterprise
from xietong.platform.people.models import Person

MOST_MINUTES_A_WEEK = 60 * 60
WEEKS_A_ROUND = 5


class Skill(Named):
    """What somebody can do that others may first have to learn."""

    class Meta:
        ordering = ["code"]


class WorkRecord(models.Model):
    """The minutes one person worked in one enterprise in one week of a round."""

    pk = models.CompositePrimaryKey("person_id", "id")
    id = models.UUIDField(default=uuid7, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="work_records")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="work_records")
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="work_records")
    week = models.PositiveSmallIntegerField()
    minutes = models.PositiveIntegerField()
    logged_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    logged_at = moment()
    certified_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    certified_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["dispatch", "enterprise"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "dispatch", "week"], name="labour_workrecord_once_a_week"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES_A_WEEK),
                name="labour_workrecord_minutes",
            ),
            models.CheckConstraint(
                condition=Q(week__gte=1, week__lte=WEEKS_A_ROUND), name="labour_workrecord_week"
            ),
            models.CheckConstraint(
                condition=Q(certified_by__isnull=True, certified_at__isnull=True)
                | Q(certified_by__isnull=False, certified_at__isnull=False),
                name="labour_workrecord_certified_whole",
            ),
            models.CheckConstraint(
                condition=Q(certified_by__isnull=True) | ~Q(certified_by=F("person")),
                name="labour_workrecord_certified_by_another",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="labour_workrecord_certified_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__certified_by__isnull=False),
            ),
            pgtrigger.Trigger(
                name="labour_workrecord_while_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    PERFORM 1 FROM enterprises_dispatch
                    WHERE round_number = NEW.dispatch_id AND closed_at IS NULL FOR SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'round % is closed for hours', NEW.dispatch_id
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
