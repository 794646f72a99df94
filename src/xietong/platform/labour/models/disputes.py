"""Hours that those who work together do not agree on, and their votes about them."""

from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xietong.platform.base import append_only, moment, uuid7
from xietong.platform.enterprises.models import Dispatch, Enterprise
from xietong.platform.people.models import Person
from xietong.platform.record.models import Entry, Submission

from .hours import DAYS_A_WEEK


class Dispute(models.Model):
    """A question to the workers' congress: shall these hours stand as `days`, or as they are?

    `record` is the WorkRecord disputed, `before` its minutes of each day when the dispute was
    opened. Upheld, hours that nobody certified are certified as `days`, and certified hours are
    corrected to them. Where the members cannot decide, a jury of others is announced and drawn.
    What cannot be carried out any more, or what nobody of a jury votes on, lapses by rule.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("dispute", "open")
        UPHELD = "upheld", pgettext_lazy("dispute", "upheld")
        REJECTED = "rejected", pgettext_lazy("dispute", "rejected")
        WITHDRAWN = "withdrawn", pgettext_lazy("dispute", "withdrawn")
        LAPSED = "lapsed", pgettext_lazy("dispute", "lapsed")

    class Lapse(models.TextChoices):
        IMPOSSIBLE = "impossible", _("posts and overtime no longer allow these hours")
        SILENCE = "silence", _("nobody of the jury voted in time")

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
    lapse = models.CharField(max_length=10, choices=Lapse.choices, blank=True)
    jury_at = models.DateTimeField(null=True, help_text="who worked elsewhere then can be drawn")
    jury_announcement = models.ForeignKey(
        Submission, models.PROTECT, null=True, related_name="+", help_text="of a jury"
    )
    jury_seed = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")

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
                | Q(
                    state__in=["upheld", "rejected", "withdrawn", "lapsed"],
                    decided_at__isnull=False,
                ),
                name="labour_dispute_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "rejected"])
                | Q(yes__isnull=False, no__isnull=False),
                name="labour_dispute_counted",
            ),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="labour_dispute_quorum"),
            models.CheckConstraint(
                condition=~Q(state="lapsed") & Q(lapse="")
                | Q(state="lapsed", lapse__in=["impossible", "silence"]),
                name="labour_dispute_lapsed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(jury_at=None, jury_announcement=None, jury_seed=None)
                | Q(jury_at__isnull=False, jury_announcement__isnull=False),
                name="labour_dispute_jury_announced",
            ),
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
    def parties(self) -> set[UUID]:
        """Who worked the hours and who opened the dispute: they do not decide it."""
        return {self.person_id, self.opened_by_id}

    @property
    def is_before_jury(self) -> bool:
        """Whether a jury decides it, drawn or yet to be drawn."""
        return self.jury_announcement_id is not None

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


class Juror(models.Model):
    """Somebody of another enterprise whom the lot has set over a dispute."""

    pk = models.CompositePrimaryKey("person_id", "dispute_id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="juries")
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="jurors")

    class Meta:
        triggers = [
            *append_only("labour_juror"),
            pgtrigger.Trigger(
                name="labour_juror_from_elsewhere",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM 1 FROM labour_dispute AS dispute
                    JOIN record_entry AS announced
                        ON announced.submission_id = dispute.jury_announcement_id
                    WHERE dispute.id = NEW.dispute_id AND dispute.state = 'open'
                      AND dispute.jury_seed_id > announced.number
                      AND NEW.person_id NOT IN (dispute.person_id, dispute.opened_by_id)
                      AND EXISTS (
                          SELECT FROM enterprises_membership AS member
                          WHERE member.person_id = NEW.person_id
                            AND member.enterprise_id <> dispute.enterprise_id
                            AND member.since <= dispute.jury_at
                            AND coalesce(member.until > dispute.jury_at, true));
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'a jury comes from elsewhere, by the lot on record'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class DisputeBallot(models.Model):
    """How a member or juror votes, until the dispute is decided; the parties have no ballot."""

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
                    WHERE dispute.id = ballot.dispute_id AND dispute.state = 'open'
                      AND ballot.person_id NOT IN (dispute.person_id, dispute.opened_by_id)
                      AND CASE WHEN TG_OP = 'DELETE' THEN true
                          WHEN dispute.jury_announcement_id IS NULL THEN EXISTS (
                              SELECT FROM enterprises_membership AS member
                              WHERE member.person_id = ballot.person_id AND member.until IS NULL
                                AND member.enterprise_id = dispute.enterprise_id)
                          ELSE EXISTS (
                              SELECT FROM labour_juror AS juror
                              WHERE juror.person_id = ballot.person_id
                                AND juror.dispute_id = dispute.id)
                          END
                    FOR SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'no ballot: the vote is over, or is not this person''s'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN ballot;
                """,
            ),
        ]
