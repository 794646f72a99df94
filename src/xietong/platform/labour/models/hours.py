"""Hours: logged by the worker or the team, certified by another member, then unchangeable.

What was certified in error is set right by a second record, which names the first.
"""

from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from xietong.platform.base import Named, moment, uuid7
from xietong.platform.enterprises.models import Dispatch, Enterprise
from xietong.platform.people.models import Person

MOST_MINUTES_A_DAY = 10 * 60
MOST_MINUTES_A_WEEK = 60 * 60
DAYS_A_WEEK = 7
WEEKS_A_ROUND = 5


class Skill(Named):
    """What somebody can do that others may first have to learn."""

    class Meta:
        ordering = ["code"]


_UNLESS_DISPUTED = """
    IF EXISTS (SELECT 1 FROM labour_dispute WHERE record = OLD.id AND state = 'open') THEN
        RAISE EXCEPTION 'a dispute about these hours is open'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
"""
# Of all rows of a statement. Rounds that are open stay so until the hours are written.
_WHILE_OPEN = """
    PERFORM 1 FROM enterprises_dispatch
    WHERE closed_at IS NULL AND round_number IN (SELECT dispatch_id FROM fresh)
    ORDER BY round_number FOR SHARE;
    SELECT fresh.dispatch_id INTO over FROM fresh
    JOIN enterprises_dispatch AS dispatch ON dispatch.round_number = fresh.dispatch_id
    WHERE dispatch.closed_at IS NOT NULL AND fresh.corrects IS NULL AND NOT EXISTS (
        SELECT 1 FROM labour_dispute WHERE record = fresh.id AND state = 'upheld')
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'round % is closed for hours', over
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
"""
# A correction is of hours as they were worked then.
_OFFICE = """
    IF NEW.corrects IS NOT NULL THEN
        SELECT manages, holds_office INTO NEW.manages, NEW.holds_office
        FROM labour_workrecord WHERE person_id = NEW.person_id AND id = NEW.corrects;
    ELSE
        NEW.manages := EXISTS (
            SELECT 1 FROM enterprises_membership
            WHERE person_id = NEW.person_id AND until IS NULL AND manages);
        NEW.holds_office := NEW.manages OR EXISTS (
            SELECT 1 FROM people_duty WHERE person_id = NEW.person_id AND until IS NULL);
    END IF;
    IF NOT NEW.manages THEN
        NEW.line_minutes := NEW.minutes;
    END IF;
    RETURN NEW;
"""


class WorkRecords(models.QuerySet["WorkRecord"]):
    def standing(self) -> Self:
        """Without what a certified correction has replaced, and corrections not yet certified."""
        corrected = self.model._default_manager.filter(
            person=models.OuterRef("person"),
            corrects=models.OuterRef("id"),
            certified_by__isnull=False,
        )
        return self.filter(Q(corrects=None) | Q(certified_by__isnull=False)).exclude(
            models.Exists(corrected)
        )


class WorkRecord(models.Model):
    """The minutes one person worked in one enterprise in one week of a round, day by day.

    `line_minutes` of them went into production itself: all, unless the person `manages`.
    `holds_office` if they manage or hold a public duty. Both are taken down by the database as
    they are when the hours are logged.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    id = models.UUIDField(default=uuid7, unique=True)
    # Every index is written for everyone each week: there are no others than are asked for.
    person = models.ForeignKey(Person, models.PROTECT, related_name="work_records", db_index=False)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="work_records")
    dispatch = models.ForeignKey(
        Dispatch, models.PROTECT, related_name="work_records", db_index=False
    )
    week = models.PositiveSmallIntegerField()
    days = ArrayField(
        models.PositiveSmallIntegerField(),
        size=DAYS_A_WEEK,
        help_text="minutes of each day, from Monday; `minutes` is their sum",
    )
    minutes = models.PositiveIntegerField()
    line_minutes = models.PositiveIntegerField(default=0)
    skill = models.ForeignKey(
        Skill,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="the skill they worked by",
    )
    manages = models.BooleanField(default=False)
    holds_office = models.BooleanField(default=False)
    # The migration makes it a foreign key: (person_id, corrects) names a record of the same person.
    corrects = models.UUIDField(null=True, help_text="the certified record that this one corrects")
    logged_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    logged_at = moment()
    certified_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False
    )
    certified_at = models.DateTimeField(null=True)

    objects = WorkRecords.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["dispatch", "enterprise"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "dispatch", "week"],
                condition=Q(corrects__isnull=True),
                name="labour_workrecord_once_a_week",
            ),
            models.UniqueConstraint(
                fields=["person", "corrects"], name="labour_workrecord_corrected_once"
            ),
            models.CheckConstraint(
                condition=RawSQL(  # noqa: S611  constants
                    f"""
                    cardinality(days) = {DAYS_A_WEEK} AND array_position(days, NULL) IS NULL
                    AND 0 <= ALL (days) AND {MOST_MINUTES_A_DAY} >= ALL (days)
                    AND minutes = {" + ".join(f"days[{d}]" for d in range(1, DAYS_A_WEEK + 1))}
                    """,
                    [],
                    models.BooleanField(),
                ),
                name="labour_workrecord_days",
            ),
            models.CheckConstraint(
                # A correction may say that nothing was worked at all.
                condition=Q(minutes__lte=MOST_MINUTES_A_WEEK)
                & (Q(minutes__gte=1) | Q(corrects__isnull=False)),
                name="labour_workrecord_minutes",
            ),
            models.CheckConstraint(
                condition=Q(line_minutes=F("minutes"))
                | Q(manages=True, line_minutes__gte=0, line_minutes__lt=F("minutes")),
                name="labour_workrecord_line",
            ),
            models.CheckConstraint(
                condition=Q(holds_office=True) | Q(manages=False),
                name="labour_workrecord_who_manages_holds_office",
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
            models.CheckConstraint(
                condition=Q(certified_by__isnull=True)
                | Q(corrects__isnull=True)
                | ~Q(certified_by=F("logged_by")),
                name="labour_workrecord_correction_by_two",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="labour_workrecord_certified_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__certified_by__isnull=False),
            ),
            pgtrigger.Trigger(
                name="labour_workrecord_corrects_certified",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__corrects__isnull=False),
                func="""
                    PERFORM 1 FROM labour_workrecord
                    WHERE person_id = NEW.person_id AND id = NEW.corrects
                      AND enterprise_id = NEW.enterprise_id AND dispatch_id = NEW.dispatch_id
                      AND week = NEW.week AND certified_by_id IS NOT NULL;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'only certified hours of the same week are corrected'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF EXISTS (SELECT 1 FROM labour_dispute
                               WHERE record = NEW.corrects AND state = 'open') THEN
                        RAISE EXCEPTION 'a dispute about these hours is open'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="labour_workrecord_not_while_disputed",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=f"{_UNLESS_DISPUTED} RETURN OLD;",
            ),
            pgtrigger.Trigger(
                name="labour_workrecord_office",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_OFFICE,
            ),
            pgtrigger.Trigger(
                name="labour_workrecord_office_anew",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__certified_by__isnull=True),
                func=_OFFICE,
            ),
            pgtrigger.Protect(
                name="labour_workrecord_office_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__certified_by__isnull=False)
                & (
                    pgtrigger.Q(old__manages__df=pgtrigger.F("new__manages"))
                    | pgtrigger.Q(old__holds_office__df=pgtrigger.F("new__holds_office"))
                ),
            ),
            pgtrigger.Trigger(
                name="labour_workrecord_changed_while_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__certified_by__isnull=True),
                func=f"""
                    {_UNLESS_DISPUTED}
                    PERFORM 1 FROM enterprises_dispatch
                    WHERE round_number = NEW.dispatch_id AND closed_at IS NULL FOR SHARE;
                    IF NOT FOUND AND NEW.corrects IS NULL THEN
                        RAISE EXCEPTION 'round % is closed for hours', NEW.dispatch_id
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # The same of a whole statement, as many hours are logged and certified at once.
            pgtrigger.Trigger(
                name="labour_workrecord_logged_while_open",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="fresh"),  # type: ignore[no-untyped-call]
                declare=[("over", "integer")],
                func=f"{_WHILE_OPEN} RETURN NULL;",
            ),
            pgtrigger.Trigger(
                name="labour_workrecord_while_open",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(old="stale", new="fresh"),  # type: ignore[no-untyped-call]
                declare=[("over", "integer")],
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM stale JOIN labour_dispute AS dispute
                            ON dispute.record = stale.id AND dispute.state = 'open'
                    ) THEN
                        RAISE EXCEPTION 'a dispute about these hours is open'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    {_WHILE_OPEN}
                    RETURN NULL;
                """,  # noqa: S608  a constant
            ),
        ]
