"""Hours that those who work together do not agree on, and their votes about them."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from xietong.platform.base import moment, uuid7
from xietong.platform.enterprises.models import Dispatch, Enterprise
from xietong.platform.people.models import Person

from .hours import DAYS_A_WEEK


class Dispute(models.Model):
    """A question to the workers' congress: shall these hours stand as `days`, or as they are?

    `record` is the WorkRecord disputed, `before` its minutes of each day when the dispute was
    opened. Upheld, hours that nobody certified are certified as `days`, and certified hours are
    corrected to them.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("dispute", "open")
        UPHELD = "upheld", pgettext_lazy("dispute", "upheld")
        REJECTED = "rejected", pgettext_lazy("dispute", "rejected")
        WITHDRAWN = "withdrawn", pgettext_lazy("dispute", "withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid7)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="disputes")
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="+")
    week = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", help_text="who worked")
    record = models.UUIDField()
    certified = models.BooleanField(help_text="whether the hours were certified when it was opened")
    before = ArrayField(models.PositiveSmallIntegerField(), size=DAYS_A_WEEK)
    days = ArrayField(models.PositiveSmallIntegerField(), size=DAYS_A_WEEK)
    line_minutes = models.PositiveIntegerField()
    why = models.CharField(max_length=1000)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = moment()
    quorum = models.PositiveIntegerField(help_text="ballots without which nothing is decided")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    yes = models.PositiveIntegerField(null=True)
    no = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["enterprise", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=~Q(state="withdrawn"),
                name="labour_dispute_once_a_record",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | Q(state__in=["upheld", "rejected", "withdrawn"], decided_at__isnull=False),
                name="labour_dispute_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "rejected"])
                | Q(yes__isnull=False, no__isnull=False),
                name="labour_dispute_counted",
            ),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="labour_dispute_quorum"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="labour_dispute_decided_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state="open"),
            ),
            pgtrigger.Trigger(
                name="labour_dispute_counts_ballots",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Insert,
                condition=pgtrigger.Q(new__state__in=["upheld", "rejected"]),
                func="""
                    SELECT count(*) FILTER (WHERE agrees), count(*) FILTER (WHERE NOT agrees)
                    INTO NEW.yes, NEW.no FROM labour_disputeballot WHERE dispute_id = NEW.id;
                    IF NEW.yes + NEW.no < NEW.quorum
                       OR (NEW.state = 'upheld') <> (NEW.yes > NEW.no) THEN
                        RAISE EXCEPTION 'the ballots do not decide so'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def overdue(self) -> bool:
        """Whether its time to be decided has passed and it is still open."""
        return self.state == self.State.OPEN and self.due_at <= timezone.now()

    @property
    def standing(self) -> str:
        """What has become of it, in the reader's language."""
        return str(
            pgettext_lazy("dispute", "overdue") if self.overdue else self.State(self.state).label
        )


class DisputeBallot(models.Model):
    """How a member votes on a dispute, until it is decided; the parties have no ballot."""

    pk = models.CompositePrimaryKey("person_id", "dispute_id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="ballots")
    agrees = models.BooleanField()
    cast_at = models.DateTimeField(auto_now=True)

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="labour_disputeballot_of_members",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("ballot", "labour_disputeballot%ROWTYPE")],
                func="""
                    ballot := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
                    PERFORM 1 FROM labour_dispute AS dispute
                    JOIN enterprises_membership AS member
                        ON member.enterprise_id = dispute.enterprise_id AND member.until IS NULL
                    WHERE dispute.id = ballot.dispute_id AND dispute.state = 'open'
                      AND member.person_id = ballot.person_id
                      AND ballot.person_id NOT IN (dispute.person_id, dispute.opened_by_id)
                    FOR SHARE OF dispute;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'no ballot: the vote is over, or is not this person''s'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN ballot;
                """,
            ),
        ]
