"""What the rules of distribution go by: sums of each product and round, and what they propose."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xietong.platform.base import SMALLEST_CELL, append_only
from xietong.platform.people.queries import HouseholdKind
from xietong.platform.products.models import MODES, Product, Region, Trial

from .gains import TENTHS


class Standing(models.Model):
    """How a product reached people in a closed round: sums over persons, written once.

    One row for everyone; while a trial is announced or held, its region stands ``apart`` in a
    second row and the first is of all others.
    """

    pk = models.CompositePrimaryKey("round_number", "product_id", "apart")
    round_number = models.PositiveIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="standings")
    apart = models.BooleanField()
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    mode = models.CharField(max_length=8, choices=Product.Mode.choices)
    quota = models.PositiveIntegerField(null=True)
    persons = models.PositiveIntegerField(help_text="who live there")
    askers = models.PositiveIntegerField(help_text="who asked for it")
    takers = models.PositiveIntegerField(help_text="who took any of it")
    asked = models.PositiveBigIntegerField(help_text="units, as are the next three")
    promised = models.PositiveBigIntegerField()
    taken = models.PositiveBigIntegerField()
    missed = models.PositiveBigIntegerField()
    stock = models.DecimalField(
        max_digits=20, decimal_places=3, help_text="in all stores when the round closed"
    )
    value = models.PositiveBigIntegerField(help_text="1/1000 hour of labour in a unit")
    price = models.PositiveBigIntegerField(help_text="1/1000 credit a unit")

    class Meta:
        indexes = [models.Index(fields=["product", "round_number"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(promised__lte=F("asked"), taken__lte=F("promised")),
                name="distribution_standing_within_what_was_asked",
            ),
            models.CheckConstraint(
                condition=Q(apart=True, region__isnull=False) | Q(apart=False, region__isnull=True),
                name="distribution_standing_region_apart",
            ),
            models.CheckConstraint(condition=Q(mode__in=MODES), name="distribution_standing_mode"),
        ]
        triggers = append_only("distribution_standing")


class KindStanding(models.Model):
    """What persons of one kind took of a product in a round, where ten or more asked for it."""

    pk = models.CompositePrimaryKey("round_number", "product_id", "kind")
    round_number = models.PositiveIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=HouseholdKind.choices)
    persons = models.PositiveIntegerField(help_text="all persons of this kind")
    askers = models.PositiveIntegerField(help_text="those who asked for it")
    taken = models.PositiveBigIntegerField(help_text="units")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(askers__gte=SMALLEST_CELL),
                name="distribution_kindstanding_ten_in_a_cell",
            ),
        ]
        triggers = append_only("distribution_kindstanding")


class SpreadStanding(models.Model):
    """How incomes or consumption are spread over persons when a round closes, written once.

    Over everyone on the roll, and of each kind of household (``kind`` is empty for everyone). An
    income is what the round had issued, in 1/1000 credit; consumption the labour in all that was
    taken, whatever rule it came by, in 1/1000 hour. ``low`` and ``high`` are means over the tenths
    of persons with least and with most, kept where a tenth is ten persons.
    """

    class Of(models.TextChoices):
        INCOMES = "incomes", _("incomes")
        CONSUMPTION = "consumption", _("consumption")

    pk = models.CompositePrimaryKey("round_number", "of", "kind")
    round_number = models.PositiveIntegerField()
    of = models.CharField(max_length=11, choices=Of.choices)
    kind = models.CharField(max_length=20, choices=HouseholdKind.choices, blank=True)
    persons = models.PositiveIntegerField()
    mean = models.PositiveBigIntegerField()
    gini = models.FloatField(help_text="0 when all have the same, nearly 1 when one has all")
    low = models.PositiveBigIntegerField(null=True)
    high = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(persons__gte=SMALLEST_CELL),
                name="distribution_spreadstanding_ten_in_a_cell",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True, high__isnull=True)
                # A comparison with NULL is no refusal: it must be said.
                | Q(
                    low__isnull=False,
                    high__isnull=False,
                    persons__gte=SMALLEST_CELL * TENTHS,
                    low__lte=F("mean"),
                    high__gte=F("mean"),
                ),
                name="distribution_spreadstanding_ten_in_a_tenth",
            ),
            models.CheckConstraint(
                condition=Q(gini__gte=0, gini__lt=1), name="distribution_spreadstanding_gini"
            ),
            models.CheckConstraint(
                condition=Q(of__in=("incomes", "consumption")),
                name="distribution_spreadstanding_of",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("", *HouseholdKind.values)),
                name="distribution_spreadstanding_kind",
            ),
        ]
        triggers = append_only("distribution_spreadstanding")

    @property
    def ratio(self) -> float | None:
        """The mean of the tenth with most over that of the tenth with least."""
        return self.high / self.low if self.low and self.high else None


class Move(models.TextChoices):
    """What the rules propose for a product."""

    ROLL_BACK = "roll_back", _("roll back")
    HOLD = "hold", pgettext_lazy("distribution", "hold")
    TRY = "try", _("try in one region")
    PROMOTE = "promote", _("put to the vote")


class Reason(models.TextChoices):
    """Why they propose it."""

    CUPBOARDS_EMPTY = "cupboards_empty", _("people found less in the stores than promised")
    PLAN_SHORT = "plan_short", _("the plan could not promise enough")
    USE_RUNS_AWAY = "use_runs_away", _("use ran away beyond what was estimated")
    TRIAL_RUNS = "trial_runs", _("its trial is running")
    VOTE_OPEN = "vote_open", _("people are voting on it")
    WAITING = "waiting", _("the waiting time before the next try is not over")
    FREE_ALREADY = "free_already", _("it is free already, and holds")
    TOO_FEW_ROUNDS = "too_few_rounds", _("too few rounds have been seen under this rule")
    NOT_WANTED = "not_wanted", _("in some round nobody asked for it")
    COVER_TOO_LOW = "cover_too_low", _("the plan did not cover what was asked for")
    SOME_MISSED = "some_missed", _("not everything promised was there")
    STILL_CHANGING = "still_changing", _("use has not levelled off yet")
    TOO_DEAR = "too_dear", _("it would cost more hours than the published share")
    READY_TO_TRY = "ready_to_try", _("covered, levelled off and within the published share")
    TRIAL_HELD = "trial_held", _("the trial held: covered, levelled off, within the share")


class Proposal(models.Model):
    """What the published rules say of a product at the close of a round, and by which figures.

    Figures of what fewer than ten persons asked for, where that was counted apart, are not kept.
    """

    pk = models.CompositePrimaryKey("round_number", "product_id")
    round_number = models.PositiveIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="proposals")
    move = models.CharField(max_length=10, choices=Move.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    mode = models.CharField(max_length=8, choices=Product.Mode.choices)
    to_mode = models.CharField(max_length=8, choices=Product.Mode.choices)
    to_quota = models.PositiveIntegerField(null=True)
    trial = models.ForeignKey(Trial, models.PROTECT, null=True, related_name="+")
    cover = models.FloatField(null=True, help_text="promised of what was asked")
    use = models.FloatField(null=True, help_text="units a head in the round")
    free_use = models.FloatField(null=True, help_text="estimated units a head by the next rule")
    free_low = models.FloatField(null=True)
    free_high = models.FloatField(null=True)
    hours = models.FloatField(null=True, help_text="cost of the next step, in hours a round")
    budget = models.FloatField(help_text="hours a round that the published share allows")

    class Meta:
        indexes = [models.Index(fields=["product", "-round_number"])]
        triggers = append_only("distribution_proposal")
