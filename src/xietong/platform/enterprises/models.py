"""What an enterprise has and does, all of it in kind and in hours.

Stocks are the sum of an append-only table of movements, kept by the database itself, so that
no code can make goods appear without saying where from.
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xietong.platform.base import (
    NOT_FORGETTING,
    Derived,
    Named,
    append_only,
    forgettable,
    moment,
    uuid7,
)
from xietong.platform.people.models import Person
from xietong.platform.products.models import Product, Region


class Enterprise(Named):
    region = models.ForeignKey(Region, models.PROTECT, related_name="enterprises")

    class Meta:
        ordering = ["code"]


class Membership(models.Model):
    """A person's place in an enterprise. One at a time; every member is a worker in it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="memberships")
    manages = models.BooleanField(default=False)
    since = moment()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until__isnull=True),
                name="enterprises_membership_one_at_a_time",
            ),
        ]


class Technique(Named):
    """One way of producing at one place; quantities and hours are per run."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="techniques")
    lead_time = models.PositiveSmallIntegerField(default=0, help_text="rounds")
    hours = models.DecimalField(max_digits=24, decimal_places=12, default=0)
    usual_runs = models.DecimalField(
        max_digits=20,
        decimal_places=6,
        default=0,
        help_text="runs of a usual round: how much it counts in the labour values of needs",
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gte=0, usual_runs__gte=0), name="enterprises_technique_hours"
            ),
        ]


class TechniqueProduct(models.Model):
    """What one run of a technique takes (input) or gives (output) of a product."""

    class Side(models.TextChoices):
        INPUT = "input", _("input")
        OUTPUT = "output", _("output")

    pk = models.CompositePrimaryKey("technique_id", "side", "product_id")
    technique = models.ForeignKey(Technique, models.CASCADE, related_name="products")
    side = models.CharField(max_length=6, choices=Side.choices)
    product = models.ForeignKey(Product, models.PROTECT, related_name="techniques")
    quantity = models.DecimalField(max_digits=24, decimal_places=12)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="enterprises_techniqueproduct_quantity"
            ),
            models.CheckConstraint(
                condition=Q(side__in=["input", "output"]), name="enterprises_techniqueproduct_side"
            ),
        ]


class Means(Named):
    """Machines, land, berths: capacity per round of one enterprise."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="means")
    available = models.DecimalField(max_digits=20, decimal_places=3)

    class Meta:
        verbose_name_plural = "means"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(available__gte=0), name="enterprises_means_available"
            ),
        ]


class Occupation(models.Model):
    """How much of a means one run of a technique occupies."""

    pk = models.CompositePrimaryKey("technique_id", "means_id")
    technique = models.ForeignKey(Technique, models.CASCADE, related_name="occupies")
    means = models.ForeignKey(Means, models.PROTECT, related_name="occupied_by")
    quantity = models.DecimalField(max_digits=24, decimal_places=12)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="enterprises_occupation_quantity"
            ),
        ]


class Dispatch(models.Model):
    """The plan of one round as sent to the enterprises. Reports and hours belong to an open one."""

    round_number = models.PositiveIntegerField(primary_key=True)
    opened_at = moment()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(closed_at__isnull=True),
                name="enterprises_dispatch_one_open",
            ),
        ]


class Task(models.Model):
    """What the plan asks of one enterprise by one technique in one round."""

    pk = models.CompositePrimaryKey("dispatch_id", "technique_id")
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="tasks")
    technique = models.ForeignKey(Technique, models.PROTECT, related_name="tasks")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="tasks")
    runs = models.DecimalField(max_digits=20, decimal_places=6)
    hours = models.DecimalField(max_digits=20, decimal_places=3)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(runs__gte=0, hours__gte=0), name="enterprises_task_amounts"
            ),
        ]


class Report(models.Model):
    """What an enterprise says it has made, or used. Its lines are the stock movements it caused."""

    class Kind(models.TextChoices):
        OUTPUT = "output", pgettext_lazy("report", "made")
        USE = "use", pgettext_lazy("report", "used")

    id = models.UUIDField(primary_key=True, default=uuid7)
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="reports")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    reported_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    note = models.CharField(max_length=400, blank=True)
    at = moment()

    class Meta:
        # The id is the key that the reporter's program chose, so it tells nothing about time.
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["output", "use"]), name="enterprises_report_kind"
            ),
        ]
        triggers = [
            *append_only("enterprises_report"),
            pgtrigger.Trigger(
                name="enterprises_report_while_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM 1 FROM enterprises_dispatch
                    WHERE round_number = NEW.dispatch_id AND closed_at IS NULL FOR SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'round % is closed for reports', NEW.dispatch_id
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Stock(models.Model):
    """What lies in an enterprise's store: the sum of its movements, kept by a trigger."""

    pk = models.CompositePrimaryKey("region_id", "product_id", "enterprise_id")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="stocks")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="stocks")
    quantity = models.DecimalField(max_digits=20, decimal_places=3)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=0), name="enterprises_stock_never_negative"
            ),
        ]
        triggers = [Derived(name="enterprises_stock_is_a_sum")]


class Movement(models.Model):
    """Goods come into a store or leave it, once for each source."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("counted at the start")
        OUTPUT = "output", pgettext_lazy("report", "made")
        USE = "use", _("used in production")
        COLLECTION = "collection", _("collected by people")
        DELIVERY = "delivery", _("delivered to common needs")
        LOSS = "loss", _("lost or expired")

    id = models.UUIDField(primary_key=True, default=uuid7)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="movements")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="movements")
    round_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    quantity = models.DecimalField(max_digits=20, decimal_places=3, help_text="in is positive")
    source = models.UUIDField(help_text="the report, collection, delivery or count that caused it")
    at = moment()

    class Meta:
        indexes = [
            models.Index(fields=["round_number", "enterprise", "kind"]),
            models.Index(fields=["round_number", "kind", "product"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "product", "enterprise"], name="enterprises_movement_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["opening", "output"], quantity__gt=0)
                | Q(kind__in=["use", "collection", "delivery", "loss"], quantity__lt=0),
                name="enterprises_movement_sign",
            ),
        ]
        triggers = [
            *forgettable("enterprises_movement"),
            pgtrigger.Trigger(
                name="enterprises_movement_moves_stock",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                # Many collections become one, and the stock is what it was.
                condition=NOT_FORGETTING,
                func="""
                    UPDATE enterprises_stock SET quantity = quantity + NEW.quantity
                    WHERE region_id = NEW.region_id AND product_id = NEW.product_id
                      AND enterprise_id = NEW.enterprise_id;
                    IF NOT FOUND THEN
                        INSERT INTO enterprises_stock AS s
                            (region_id, product_id, enterprise_id, quantity)
                        VALUES (NEW.region_id, NEW.product_id, NEW.enterprise_id, NEW.quantity)
                        ON CONFLICT (region_id, product_id, enterprise_id) DO UPDATE
                        SET quantity = s.quantity + excluded.quantity;
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]
