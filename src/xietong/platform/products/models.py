"""What is made and wanted, and by which rule it reaches people."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Named, append_only, moment, uuid7
from xietong.platform.people.models import Person
from xietong.platform.ui.formats import chinese

MODES = ("credits", "quota", "free")


def quota_when_by_quota(name: str) -> models.CheckConstraint:
    """A quota stands exactly where the mode is quota."""
    return models.CheckConstraint(
        condition=Q(mode="quota", quota__isnull=False) | (~Q(mode="quota") & Q(quota__isnull=True)),
        name=name,
    )


class Region(Named):
    class Meta:
        ordering = ["code"]


class Group(Named):
    """A shelf of the catalogue."""

    class Meta:
        ordering = ["code"]


class Product(Named):
    class Mode(models.TextChoices):
        CREDITS = "credits", _("for credits")
        QUOTA = "quota", _("by quota")
        FREE = "free", _("free")

    class Tier(models.TextChoices):
        BASIC = "basic", _("basic need")
        PERSONAL = "personal", _("personal wish")

    group = models.ForeignKey(Group, models.PROTECT, related_name="products")
    unit_en = models.CharField(max_length=80)
    unit_zh = models.CharField(max_length=80)
    storable = models.BooleanField()
    loss = models.DecimalField(
        max_digits=7, decimal_places=6, default=0, help_text="share of a stock lost per round"
    )
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.CREDITS)
    quota = models.PositiveIntegerField(null=True, blank=True, help_text="units a person a round")
    tier = models.CharField(max_length=8, choices=Tier.choices, default=Tier.PERSONAL)
    orderable = models.BooleanField(help_text="people order it for themselves")
    pinyin = models.CharField(
        max_length=1700, help_text="syllables and initials of the Chinese name"
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            quota_when_by_quota("products_product_quota_when_by_quota"),
            models.CheckConstraint(condition=Q(mode__in=MODES), name="products_product_mode"),
            models.CheckConstraint(
                condition=Q(tier__in=["basic", "personal"]), name="products_product_tier"
            ),
            models.CheckConstraint(
                condition=Q(loss__gte=0, loss__lte=1), name="products_product_loss"
            ),
        ]

    @property
    def unit(self) -> str:
        """What one of it is, in the reader's language."""
        return self.unit_zh if (get_language() or "").startswith("zh") else self.unit_en


class Residence(models.Model):
    """The region in which a person lives, so that something can be tried in one region first.

    Whoever has none yet lives in the whole country.
    """

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, related_name="residence"
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="residents")


class Trial(models.Model):
    """A product reaches the residents of one region by the next rule, for so many rounds.

    One a product at a time, one step of credits, quota, free at a time, and only in rounds whose
    rules are not written yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    product = models.ForeignKey(Product, models.PROTECT, related_name="trials")
    region = models.ForeignKey(Region, models.PROTECT, related_name="trials")
    mode = models.CharField(max_length=8, choices=Product.Mode.choices)
    quota = models.PositiveIntegerField(null=True, blank=True)
    first_round = models.PositiveIntegerField()
    last_round = models.PositiveIntegerField()
    begun_at = moment()
    ended_round = models.PositiveIntegerField(
        null=True, blank=True, help_text="the round after whose close it was over"
    )
    failed = models.BooleanField(default=False, help_text="ended by rule before its time")

    class Meta:
        ordering = ["-id"]
        constraints = [
            quota_when_by_quota("products_trial_quota_when_by_quota"),
            models.CheckConstraint(
                condition=Q(mode__in=("quota", "free")), name="products_trial_mode"
            ),
            models.CheckConstraint(
                condition=Q(last_round__gte=F("first_round")), name="products_trial_rounds"
            ),
            models.CheckConstraint(
                condition=Q(failed=False) | Q(ended_round__isnull=False),
                name="products_trial_failed_is_over",
            ),
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(ended_round__isnull=True),
                name="products_trial_one_running",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="products_trial_one_step_ahead",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("present", "text"), ("written", "integer")],
                func="""
                    SELECT mode INTO present FROM products_product
                    WHERE code = NEW.product_id FOR SHARE;
                    SELECT max(round_number) INTO written FROM products_rule;
                    IF (present, NEW.mode) NOT IN (('credits', 'quota'), ('quota', 'free')) THEN
                        RAISE EXCEPTION 'a trial is one step ahead of the rule, % to % is not',
                            present, NEW.mode
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF NEW.first_round <= written THEN
                        RAISE EXCEPTION 'the rules of round % are written', NEW.first_round
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="products_trial_only_ends",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' OR OLD.ended_round IS NOT NULL
                       OR (NEW.id, NEW.product_id, NEW.region_id, NEW.mode, NEW.first_round,
                           NEW.last_round, NEW.begun_at)
                          <> (OLD.id, OLD.product_id, OLD.region_id, OLD.mode, OLD.first_round,
                              OLD.last_round, OLD.begun_at)
                       OR NEW.quota IS DISTINCT FROM OLD.quota THEN
                        RAISE EXCEPTION 'a trial is not rewritten, it ends, once'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Rule(models.Model):
    """By which rule a product reaches people in one round, written before its orders are taken.

    One row for everyone, and where a trial is held one for the residents of its region: nobody
    has two rules in a round. `most` is the fair share of what is free, in units a person.
    """

    pk = models.CompositePrimaryKey("round_number", "product_id", "on_trial")
    round_number = models.PositiveIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="rules")
    on_trial = models.BooleanField()
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    mode = models.CharField(max_length=8, choices=Product.Mode.choices)
    quota = models.PositiveIntegerField(null=True, blank=True)
    most = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            quota_when_by_quota("products_rule_quota_when_by_quota"),
            models.CheckConstraint(condition=Q(mode__in=MODES), name="products_rule_mode"),
            models.CheckConstraint(
                condition=Q(on_trial=True, region__isnull=False)
                | Q(on_trial=False, region__isnull=True),
                name="products_rule_region_of_trial",
            ),
            models.CheckConstraint(
                condition=Q(most__isnull=True) | Q(mode="free", most__gte=1),
                name="products_rule_fair_share_of_what_is_free",
            ),
        ]
        triggers = append_only("products_rule")


class Change(models.Model):
    """A product reaches people by another rule: since when, from what to what, and why."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    product = models.ForeignKey(Product, models.PROTECT, related_name="changes")
    first_round = models.PositiveIntegerField(help_text="the first whose orders it rules")
    mode_before = models.CharField(max_length=8, choices=Product.Mode.choices)
    quota_before = models.PositiveIntegerField(null=True, blank=True)
    mode = models.CharField(max_length=8, choices=Product.Mode.choices)
    quota = models.PositiveIntegerField(null=True, blank=True)
    by_rule = models.BooleanField(help_text="happened by itself, not by decision")
    reason_en = models.CharField(max_length=500, blank=True)
    reason_zh = models.CharField(max_length=500, blank=True)
    at = moment()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["product", "-id"])]
        constraints = [
            quota_when_by_quota("products_change_quota_when_by_quota"),
            models.CheckConstraint(
                condition=Q(mode__in=MODES, mode_before__in=MODES), name="products_change_modes"
            ),
        ]
        triggers = append_only("products_change")

    @property
    def reason(self) -> str:
        """In the reader's language."""
        return self.reason_zh if chinese() else self.reason_en
