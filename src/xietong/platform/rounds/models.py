"""The planning round and its scenarios."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import append_only, moment, uuid7
from xietong.platform.decisions.models import Motion
from xietong.platform.enterprises.models import Technique
from xietong.platform.people.models import Person
from xietong.platform.products.models import Product, Region

LONGEST_HORIZON = 12  # rounds that can be planned at once


class Round(models.Model):
    class State(models.TextChoices):
        GATHERING = "gathering", _("gathering")
        DRAFTING = "drafting", _("drafting")
        DECIDING = "deciding", _("deciding")
        RUNNING = "running", _("running")
        CLOSED = "closed", _("closed")

    number = models.PositiveIntegerField(primary_key=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.GATHERING)
    days = models.PositiveSmallIntegerField()
    horizon = models.PositiveSmallIntegerField(
        default=1, help_text="so many rounds are planned at once; the first is carried out"
    )
    opened_at = moment()
    changed_at = models.DateTimeField(auto_now=True)
    trouble = models.TextField(blank=True, help_text="why no plan could be drafted")
    motion = models.OneToOneField(
        Motion, models.PROTECT, null=True, blank=True, related_name="round"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="gathering"), name="rounds_one_gathering"
            ),
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(state__in=["drafting", "deciding"]),
                name="rounds_one_being_decided",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="rounds_one_running"
            ),
            models.CheckConstraint(
                condition=Q(horizon__gte=1, horizon__lte=LONGEST_HORIZON), name="rounds_horizon"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="rounds_round_steps",
                field="state",
                transitions=[
                    ("gathering", "drafting"),
                    ("drafting", "deciding"),
                    ("deciding", "running"),
                    ("running", "closed"),
                ],
            ),
        ]


class StockNorm(models.Model):
    """The stock of a product that a round should leave: no plan eats the seed corn."""

    pk = models.CompositePrimaryKey("region_id", "product_id")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    least = models.DecimalField(max_digits=20, decimal_places=3)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(least__gt=0), name="rounds_stocknorm_least"),
        ]


class Scenario(models.Model):
    """One plan that people can choose, with the very files by which anyone recomputes it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    round = models.ForeignKey(Round, models.PROTECT, related_name="scenarios")
    key = models.CharField(max_length=40)
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120)
    about_en = models.CharField(max_length=400)
    about_zh = models.CharField(max_length=400)
    workers = models.PositiveIntegerField(help_text="who offer these hours")
    hours_offered = models.DecimalField(max_digits=20, decimal_places=3)
    hours_planned = models.DecimalField(max_digits=20, decimal_places=3)
    shortage = models.FloatField()
    objective = models.FloatField()
    bound = models.FloatField()
    gap = models.FloatField()
    economy_sha256 = models.CharField(max_length=64)
    plan_sha256 = models.CharField(max_length=64)
    economy = models.BinaryField(help_text="the economy's folder, zipped")
    plan = models.BinaryField(help_text="the plan's folder, zipped")

    class Meta:
        ordering = ["round", "key"]
        constraints = [
            models.UniqueConstraint(fields=["round", "key"], name="rounds_scenario_key"),
        ]
        triggers = append_only("rounds_scenario")


class ScenarioNeed(models.Model):
    """What a scenario does for one need, and why it does no more."""

    pk = models.CompositePrimaryKey("scenario_id", "need")
    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="needs")
    need = models.CharField(max_length=160)
    tier = models.CharField(max_length=8)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    target = models.FloatField()
    delivered = models.FloatField()
    hours = models.FloatField(help_text="full labour content of one unit")
    why_en = models.TextField()
    why_zh = models.TextField()

    class Meta:
        triggers = append_only("rounds_scenarioneed")


class ScenarioTask(models.Model):
    pk = models.CompositePrimaryKey("scenario_id", "technique_id")
    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="tasks")
    technique = models.ForeignKey(Technique, models.PROTECT, related_name="+")
    runs = models.FloatField()
    hours = models.FloatField()

    class Meta:
        triggers = append_only("rounds_scenariotask")


class ScenarioProduct(models.Model):
    """A product in a scenario: made, used up, left in stock, and its labour value."""

    pk = models.CompositePrimaryKey("scenario_id", "product_id")
    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="products")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    opening = models.FloatField()
    made = models.FloatField()
    used = models.FloatField()
    delivered = models.FloatField()
    closing = models.FloatField()
    value = models.FloatField(help_text="hours of labour per unit")

    class Meta:
        triggers = append_only("rounds_scenarioproduct")


class ScenarioOutlook(models.Model):
    """What a scenario expects of a later round, if people go on ordering the same."""

    pk = models.CompositePrimaryKey("scenario_id", "ahead")
    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="outlook")
    ahead = models.PositiveSmallIntegerField(help_text="1 is the next round")
    hours_planned = models.DecimalField(max_digits=20, decimal_places=3)
    # Shares of the needs of each tier that are met, by hours; null where there are none.
    basic = models.FloatField(null=True)
    public = models.FloatField(null=True)
    personal = models.FloatField(null=True)
    reserve = models.FloatField(null=True)

    class Meta:
        ordering = ["ahead"]
        triggers = append_only("rounds_scenariooutlook")


class Adoption(models.Model):
    """The scenario that people chose for a round. One a round, and for good."""

    round = models.OneToOneField(Round, models.PROTECT, primary_key=True, related_name="adoption")
    scenario = models.OneToOneField(Scenario, models.PROTECT, related_name="adoption")
    adopted_at = moment()

    class Meta:
        triggers = append_only("rounds_adoption")


class DialReading(models.Model):
    """What the plan says a position of the policy dial would do; worked out once, then for good.

    It is compared with the plan at work, and goes by what was seen in the newest closed round.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="readings")
    observed = models.PositiveIntegerField(help_text="the newest closed round; 0 without one")
    spread = models.PositiveSmallIntegerField(help_text="of skill factors, in thousandths")
    steps = models.JSONField(help_text="by product code, the rule that it moves to")
    question = models.CharField(max_length=64, help_text="equal for equal settings")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = moment()
    answered_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)
    trouble = models.TextField(blank=True, help_text="why there is no answer")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["asked_by", "asked_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "observed", "question"],
                condition=Q(trouble=""),
                name="rounds_dialreading_once",
            ),
            models.UniqueConstraint(
                fields=["asked_by"],
                condition=Q(answered_at__isnull=True),
                name="rounds_dialreading_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer__isnull=True, trouble="")
                | Q(answered_at__isnull=False, answer__isnull=False, trouble="")
                | Q(answered_at__isnull=False, answer__isnull=True) & ~Q(trouble=""),
                name="rounds_dialreading_answered_whole",
            ),
            models.CheckConstraint(condition=Q(spread__lt=1000), name="rounds_dialreading_spread"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="rounds_dialreading_answered_for_good",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__answered_at__isnull=False),
            ),
            pgtrigger.ReadOnly(
                name="rounds_dialreading_question_stays",
                exclude=["answered_at", "answer", "trouble"],
            ),
        ]

    @property
    def waits(self) -> bool:
        return self.answered_at is None
