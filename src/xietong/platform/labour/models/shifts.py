"""The week of an enterprise: its shifts, who has which, and what members ask to exchange."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import moment, uuid7
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.people.models import Person

from .hours import Skill
from .posts import FULL_WEEK

DAY = 24 * 60
WEEK = 7 * DAY
REST = 11 * 60
LONGEST = 12 * 60


class Shift(models.Model):
    """A time of the week, every week, for which an enterprise needs so many people of a skill."""

    class Weekday(models.IntegerChoices):
        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    id = models.UUIDField(primary_key=True, default=uuid7)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="shifts")
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, related_name="+")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.PositiveSmallIntegerField(help_text="minutes after midnight")
    minutes = models.PositiveSmallIntegerField(help_text="may pass midnight")
    places = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["weekday", "starts", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7, starts__lt=DAY)
                & Q(minutes__gte=1, minutes__lte=LONGEST, places__gte=1),
                name="labour_shift_times",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="labour_shift_stays", operation=pgtrigger.Update),
        ]


class ShiftPlace(models.Model):
    """A member has a shift, every week: with 11 hours of rest, within their assignments."""

    pk = models.CompositePrimaryKey("person_id", "shift_id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="shift_places")
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="taken")
    since = moment()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="labour_shiftplace_stays", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="labour_shiftplace_within",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    DECLARE new_shift labour_shift; allowed bigint; worked bigint;
                        joined timestamptz;
                    BEGIN
                        SELECT place.since INTO joined FROM enterprises_membership AS place
                        JOIN labour_shift AS shift ON shift.enterprise_id = place.enterprise_id
                        WHERE place.person_id = NEW.person_id AND place.until IS NULL
                          AND shift.id = NEW.shift_id
                        FOR NO KEY UPDATE OF place;
                        IF NOT FOUND THEN
                            RAISE EXCEPTION 'only a member has a shift in an enterprise'
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'labour_shiftplace_of_member';
                        END IF;
                        SELECT * INTO new_shift FROM labour_shift WHERE id = NEW.shift_id
                        FOR NO KEY UPDATE;
                        IF new_shift.places <= (
                            SELECT count(*) FROM labour_shiftplace WHERE shift_id = NEW.shift_id
                        ) THEN
                            RAISE EXCEPTION 'the shift has no place left'
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'labour_shiftplace_places';
                        END IF;
                        IF EXISTS (
                            SELECT FROM labour_shiftplace AS had
                            JOIN labour_shift AS shift ON shift.id = had.shift_id
                            CROSS JOIN LATERAL (VALUES (
                                mod((new_shift.weekday - shift.weekday) * {DAY}
                                    + new_shift.starts - shift.starts + {2 * WEEK}, {WEEK})
                            )) AS apart (minutes)
                            WHERE had.person_id = NEW.person_id
                              AND (apart.minutes < shift.minutes + {REST}
                                   OR {WEEK} - apart.minutes < new_shift.minutes + {REST})
                        ) THEN
                            RAISE EXCEPTION 'between two shifts lie at least {REST} minutes'
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'labour_shiftplace_rest';
                        END IF;
                        SELECT CASE WHEN count(*) = 0 THEN {FULL_WEEK} ELSE coalesce(
                            sum(had.minutes) FILTER (
                                WHERE had.until IS NULL OR had.until > clock_timestamp()), 0) END
                        INTO allowed
                        FROM labour_assignment AS had
                        JOIN labour_post AS post ON post.id = had.post_id
                        WHERE had.person_id = NEW.person_id
                          AND post.enterprise_id = new_shift.enterprise_id
                          AND (had.until IS NULL OR had.until > joined);
                        SELECT coalesce(sum(shift.minutes), 0) + new_shift.minutes INTO worked
                        FROM labour_shiftplace AS had
                        JOIN labour_shift AS shift ON shift.id = had.shift_id
                        WHERE had.person_id = NEW.person_id;
                        IF worked > allowed THEN
                            RAISE EXCEPTION 'the shifts are more than the assignments'
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'labour_shiftplace_within';
                        END IF;
                        RETURN NEW;
                    END;
                """,  # noqa: S608
            ),
        ]


class Swap(models.Model):
    """A member asks another to take over a shift, in return for one of theirs or for none."""

    pk = models.CompositePrimaryKey("person_id", "id")
    id = models.UUIDField(default=uuid7, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="swaps")
    gives = models.ForeignKey(Shift, models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="swaps_asked")
    takes = models.ForeignKey(Shift, models.CASCADE, null=True, related_name="+")
    at = moment()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "gives"], name="labour_swap_once"),
            models.CheckConstraint(
                condition=~Q(other=F("person")), name="labour_swap_with_another"
            ),
        ]
