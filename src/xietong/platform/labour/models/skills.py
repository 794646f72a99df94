"""Who can do what, and what skills the work of an enterprise needs."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from xietong.platform.base import moment
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.people.models import Person

from .hours import Skill


class PersonSkill(models.Model):
    """What a person says they can do, and who confirms it."""

    pk = models.CompositePrimaryKey("person_id", "skill_id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    certificate = models.CharField(max_length=200, blank=True, help_text="of which course")
    stated_at = moment()
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="labour_personskill_confirmed_whole",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("person")),
                name="labour_personskill_confirmed_by_another",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="labour_personskill_confirmed_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__confirmed_by__isnull=False),
            ),
        ]


class SkillShare(models.Model):
    """The share of an enterprise's hours that needs a skill; all its shares make up the whole."""

    pk = models.CompositePrimaryKey("enterprise_id", "skill_id")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="skill_shares")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    share = models.DecimalField(max_digits=5, decimal_places=4)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="labour_skillshare_share"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="labour_skillshare_whole",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                func="""
                    IF EXISTS (
                        SELECT FROM labour_skillshare
                        WHERE enterprise_id IN (OLD.enterprise_id, NEW.enterprise_id)
                        GROUP BY enterprise_id HAVING sum(share) <> 1
                    ) THEN
                        RAISE EXCEPTION 'the skills of an enterprise make up the whole of its hours'
                        USING ERRCODE = 'integrity_constraint_violation',
                              CONSTRAINT = 'labour_skillshare_whole';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]
