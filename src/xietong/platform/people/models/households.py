"""Households: who lives with whom, by agreement. Its members alone see who they are."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from xietong.platform.base import moment, uuid7

from .roll import Person


class Household(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    made_at = moment()


class Membership(models.Model):
    """A person's place in a household: an invitation until it is agreed to."""

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="households")
    id = models.UUIDField(default=uuid7)
    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships")
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    invited_at = moment()
    agreed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(since__isnull=False, until__isnull=True),
                name="people_membership_in_one_household",
            ),
            models.UniqueConstraint(
                fields=["person", "household"],
                condition=Q(until__isnull=True),
                name="people_membership_once",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True, agreed_by__isnull=True)
                | Q(since__isnull=False, agreed_by__isnull=False),
                name="people_membership_since_agreed",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="people_membership_times_in_order",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="people_membership_by_agreement",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("first", "boolean"), ("child", "boolean"), ("adults", "uuid[]")],
                func="""
                    IF TG_OP = 'UPDATE' AND (
                       (NEW.person_id, NEW.id, NEW.household_id, NEW.invited_by_id, NEW.invited_at)
                           <> (OLD.person_id, OLD.id, OLD.household_id, OLD.invited_by_id,
                               OLD.invited_at)
                       OR OLD.since IS NOT NULL AND (NEW.since, NEW.agreed_by_id)
                           IS DISTINCT FROM (OLD.since, OLD.agreed_by_id)
                       OR OLD.until IS NOT NULL) THEN
                        RAISE EXCEPTION 'a membership begins once and ends once'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    -- One at a time, so that nobody invites while they leave.
                    PERFORM FROM people_household WHERE id = NEW.household_id FOR UPDATE;
                    first := NOT EXISTS (
                        SELECT FROM people_membership WHERE household_id = NEW.household_id);
                    SELECT ground = 'child' INTO child FROM people_person
                    WHERE id = NEW.person_id;
                    SELECT coalesce(array_agg(person.id), '{}') INTO adults
                    FROM people_membership AS m JOIN people_person AS person
                        ON person.id = m.person_id AND person.ground <> 'child'
                    WHERE m.household_id = NEW.household_id
                        AND m.since IS NOT NULL AND m.until IS NULL;
                    IF TG_OP = 'INSERT' AND NOT (
                       first AND NEW.since IS NOT NULL AND NOT child
                           AND NEW.invited_by_id = NEW.person_id
                       OR NOT first AND NEW.invited_by_id = ANY (adults)) THEN
                        RAISE EXCEPTION 'an adult of the household invites'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF NEW.since IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.since IS NULL)
                       AND NOT coalesce(CASE WHEN child
                           THEN NEW.agreed_by_id = ANY (adults)
                           ELSE NEW.agreed_by_id = NEW.person_id END, false) THEN
                        RAISE EXCEPTION 'who joins agrees; for a child, an adult of the household'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="people_membership_stays_known", operation=pgtrigger.Delete),
        ]
