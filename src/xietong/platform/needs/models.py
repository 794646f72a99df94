"""Orders, common needs and what reached people."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xietong.planning.payout import PURPOSES
from xietong.platform.base import NOT_FORGETTING, Named, append_only, forgettable, moment, uuid7
from xietong.platform.people.models import NEEDS, Ground, Person
from xietong.platform.products.models import Product

# Of the usual share of what is free or by quota, in percent.
LEAST_SHARE, LARGEST_SHARE = 100, 300


class OrderBook(models.Model):
    """The orders of one round. What may be written in it depends on where it stands."""

    class State(models.TextChoices):
        OPEN = "open", _("taking orders")
        TAKEN = "taken", _("orders taken")
        COLLECTING = "collecting", _("goods can be collected")
        SETTLED = "settled", _("settled")

    round_number = models.PositiveIntegerField(primary_key=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="open"), name="needs_orderbook_one_open"
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="collecting"),
                name="needs_orderbook_one_collecting",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="needs_orderbook_steps",
                field="state",
                transitions=[("open", "taken"), ("taken", "collecting"), ("collecting", "settled")],
            ),
        ]


class OrderLine(models.Model):
    """What one person wants of one product in one round, and what became of it.

    quantity >= allotted (what the plan promised) >= collected; ``missed`` was promised and asked
    for but was not there; ``carried`` is the part that an earlier round left unmet. ``on_trial``
    says which of the round's two rules for the product it was ordered by; the database sets it.
    """

    pk = models.CompositePrimaryKey("person_id", "book_id", "product_id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="order_lines")
    book = models.ForeignKey(OrderBook, models.PROTECT, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, related_name="order_lines")
    quantity = models.PositiveIntegerField()
    carried = models.PositiveIntegerField(default=0)
    allotted = models.PositiveIntegerField(null=True)
    collected = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    paid = models.PositiveIntegerField(default=0, help_text="units collected that cost credits")
    spent = models.PositiveBigIntegerField(default=0, help_text="1/1000 credit")
    on_trial = models.BooleanField(default=False, db_default=False, editable=False)
    placed_at = moment()

    class Meta:
        indexes = [models.Index(fields=["book", "product"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, carried__lte=F("quantity")),
                name="needs_orderline_quantity",
            ),
            models.CheckConstraint(
                condition=Q(allotted__isnull=True, collected=0, missed=0)
                # A comparison with NULL is no refusal: it must be said.
                | Q(
                    allotted__isnull=False,
                    allotted__lte=F("quantity"),
                    collected__lte=F("allotted"),
                    missed__lte=F("allotted") - F("collected"),
                ),
                name="needs_orderline_within_allotment",
            ),
            models.CheckConstraint(
                condition=Q(paid__lte=F("collected")), name="needs_orderline_paid"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="needs_orderline_follows_book",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                condition=NOT_FORGETTING,
                declare=[("stage", "text"), ("line", "needs_orderline%ROWTYPE")],
                func="""
                    line := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
                    SELECT state INTO stage FROM needs_orderbook
                    WHERE round_number = line.book_id FOR SHARE;
                    IF NOT (stage = 'open'
                        OR TG_OP = 'UPDATE' AND stage = 'taken'
                           AND NEW.quantity = OLD.quantity AND NEW.collected = OLD.collected
                        OR TG_OP = 'UPDATE' AND stage = 'collecting'
                           AND NEW.quantity = OLD.quantity
                           AND NEW.allotted IS NOT DISTINCT FROM OLD.allotted
                           AND NEW.collected >= OLD.collected) THEN
                        RAISE EXCEPTION 'the order book of round % is %', line.book_id, stage
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF TG_OP = 'UPDATE' THEN
                        line.on_trial := OLD.on_trial;
                    END IF;
                    RETURN line;
                """,
            ),
            pgtrigger.Trigger(
                name="needs_orderline_has_one_rule",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    SELECT on_trial INTO NEW.on_trial FROM products_rule
                    WHERE round_number = NEW.book_id AND product_id = NEW.product_id
                        AND (NOT on_trial OR region_id = (
                            SELECT region_id FROM products_residence
                            WHERE person_id = NEW.person_id))
                    ORDER BY on_trial DESC LIMIT 1;
                    IF NOT FOUND THEN
                        -- It came into the catalogue after the round's rules were written.
                        INSERT INTO products_rule (round_number, product_id, on_trial, mode, quota)
                        SELECT NEW.book_id, code, false, mode, quota FROM products_product
                        WHERE code = NEW.product_id
                        ON CONFLICT DO NOTHING;
                        NEW.on_trial := false;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="needs_orderline_within_rule",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("quantity"),  # type: ignore[no-untyped-call]
                declare=[("most", "integer")],
                func="""
                    SELECT CASE rule.mode WHEN 'quota' THEN rule.quota ELSE rule.most END
                    INTO most FROM products_rule AS rule
                    WHERE rule.round_number = NEW.book_id
                        AND rule.product_id = NEW.product_id AND rule.on_trial = NEW.on_trial;
                    IF NEW.quantity > most THEN
                        most := most * coalesce((
                            SELECT percent FROM needs_larger_shares(NEW.book_id)
                            WHERE person_id = NEW.person_id), 100) / 100;
                    END IF;
                    IF NEW.quantity > most THEN
                        RAISE EXCEPTION '% of % is more than the % that a person may order',
                            NEW.quantity, NEW.product_id, most
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]


class ShareRule(models.Model):
    """What part of the usual share whoever has a recognised need may order, from a round on.

    Of what is by quota and of what is free, in percent. Who has several needs has the largest
    share, nobody a smaller one than the usual. In force is the newest rule of each ground.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    ground = models.CharField(max_length=10, choices=Ground.choices)
    percent = models.PositiveSmallIntegerField()
    from_round = models.PositiveIntegerField()
    motion = models.UUIDField(null=True, help_text="the vote that set it")
    reason = models.CharField(max_length=200, help_text="by what right")
    at = moment()

    class Meta:
        indexes = [models.Index(fields=["ground", "-from_round", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ground__in=NEEDS), name="needs_sharerule_is_of_a_need"
            ),
            models.CheckConstraint(
                condition=Q(percent__range=(LEAST_SHARE, LARGEST_SHARE), from_round__gte=1),
                name="needs_sharerule_percent_in_bounds",
            ),
        ]
        triggers = [
            *append_only("needs_sharerule"),
            pgtrigger.Trigger(
                name="needs_sharerule_of_rounds_to_come",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (
                        SELECT FROM needs_orderbook WHERE round_number >= NEW.from_round
                    ) THEN
                        RAISE EXCEPTION 'orders of round % are taken by its rules', NEW.from_round
                        USING ERRCODE = 'integrity_constraint_violation',
                              CONSTRAINT = 'needs_sharerule_of_rounds_to_come';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Standing(models.Model):
    """What a person does not want to say anew each round."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="standing")
    repeats = models.BooleanField(default=False, help_text="the last order is placed again")
    delivered = models.BooleanField(default=False, help_text="what was promised is brought home")


class Collection(models.Model):
    """One visit in which a person took goods. Its id is the source of credits and stock moved.

    ``key`` is the person's own name for the visit: the same key again is the same visit, if it
    asks for the same.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="collections")
    id = models.UUIDField(default=uuid7)
    key = models.UUIDField()
    book = models.ForeignKey(OrderBook, models.PROTECT, related_name="collections")
    asked = models.JSONField(
        null=True, help_text="units by product code; unknown of visits before this was kept"
    )
    cost = models.PositiveBigIntegerField(help_text="1/1000 credit cancelled")
    at = moment()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="needs_collection_once"),
        ]
        triggers = forgettable("needs_collection")


class CollectionLine(models.Model):
    pk = models.CompositePrimaryKey("person_id", "collection_id", "product_id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    collection_id = models.UUIDField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    cost = models.PositiveBigIntegerField(help_text="1/1000 credit")

    class Meta:
        triggers = forgettable("needs_collectionline")


class RoundSum(models.Model):
    """What all persons together ordered, were promised and took of a product in a settled round.

    It stays when single orders and visits are forgotten. Until a round is settled the database's
    view ``needs_sum`` adds up its orders; after that it gives these rows.
    """

    pk = models.CompositePrimaryKey("book_id", "product_id")
    book = models.ForeignKey(OrderBook, models.PROTECT, related_name="sums")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=8, help_text="by which rule it reached people")
    persons = models.PositiveIntegerField(help_text="who ordered it")
    takers = models.PositiveIntegerField(help_text="who took some")
    asked = models.PositiveBigIntegerField()
    promised = models.PositiveBigIntegerField()
    collected = models.PositiveBigIntegerField()
    missed = models.PositiveBigIntegerField()
    paid = models.PositiveBigIntegerField(help_text="units collected that cost credits")
    spent = models.PositiveBigIntegerField(help_text="1/1000 credit")
    promised_shares = models.FloatField(help_text="sum over persons of promised / asked")
    reached_shares = models.FloatField(help_text="sum over persons of collected / asked")

    class Meta:
        triggers = append_only("needs_roundsum")


class CommonNeed(Named):
    """What is needed in common each round: public services, and what renews and extends means."""

    class Tier(models.TextChoices):
        PUBLIC = "public", _("public need")
        RESERVE = "reserve", _("renewal and reserve")

    class Purpose(models.TextChoices):
        RENEWAL = "renewal", _("renewal of means of production")
        EXPANSION = "expansion", _("expansion of means of production")
        MEANS = "means", _("renewal and expansion, not told apart")
        RESERVE = "reserve", _("reserve")
        ADMINISTRATION = "administration", _("general administration")
        COMMON = "common", _("needs met in common")
        ABROAD = "abroad", _("payments abroad")

    tier = models.CharField(max_length=8, choices=Tier.choices)
    purpose = models.CharField(
        max_length=14, choices=Purpose.choices, help_text="what it is for, among the deductions"
    )
    product = models.ForeignKey(Product, models.PROTECT, related_name="common_needs")
    quantity = models.DecimalField(max_digits=20, decimal_places=3)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="needs_commonneed_quantity"),
            models.CheckConstraint(
                condition=Q(tier__in=["public", "reserve"]), name="needs_commonneed_tier"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=PURPOSES), name="needs_commonneed_purpose"
            ),
        ]


class CommonShare(models.Model):
    """What one round's plan promised to a common need, and what has been delivered of it."""

    pk = models.CompositePrimaryKey("book_id", "need_id")
    book = models.ForeignKey(OrderBook, models.PROTECT, related_name="common_shares")
    need = models.ForeignKey(CommonNeed, models.PROTECT, related_name="shares")
    target = models.DecimalField(max_digits=20, decimal_places=3)
    allotted = models.DecimalField(max_digits=20, decimal_places=3)
    delivered = models.DecimalField(max_digits=20, decimal_places=3, default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    allotted__gte=0,
                    allotted__lte=F("target"),
                    delivered__gte=0,
                    delivered__lte=F("allotted"),
                ),
                name="needs_commonshare_within_target",
            ),
        ]
