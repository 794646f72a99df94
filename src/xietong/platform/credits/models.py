"""Labour credits. An entry names one account and no counterpart; there is no other kind of account.

Amounts are integers in 1/1000 credit. An account's balance is the sum of its entries, kept by
the database, and never below zero. What was written in error stays and is reversed by a second
entry, which names it.
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Derived, append_only, moment, uuid7
from xietong.platform.people.models import Ground, Person
from xietong.platform.products.models import Product


class Account(models.Model):
    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="account")
    balance = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(balance__gte=0), name="credits_account_never_below_zero"
            ),
        ]
        triggers = [Derived(name="credits_account_is_a_sum")]


class Entry(models.Model):
    class Kind(models.TextChoices):
        WORK = "work", _("work")
        ALLOWANCE = "allowance", _("allowance")
        CONSUMPTION = "consumption", _("consumption")
        REVERSAL = "reversal", _("reversal")

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="credit_entries")
    id = models.UUIDField(default=uuid7)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = models.BigIntegerField()
    source = models.UUIDField(
        help_text="work record, round's allowance, collection, or what a reversal follows from"
    )
    round_number = models.PositiveIntegerField()
    # The migration makes it a foreign key: (person_id, reverses) names an entry of the same person.
    reverses = models.UUIDField(null=True, help_text="the entry that a reversal reverses")
    at = moment()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["round_number", "kind"])]
        constraints = [
            models.UniqueConstraint(fields=["person", "source"], name="credits_entry_once"),
            models.UniqueConstraint(
                fields=["person", "reverses"], name="credits_entry_reversed_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["work", "allowance"], amount__gt=0)
                | Q(kind="consumption", amount__lt=0)
                | Q(kind="reversal"),
                name="credits_entry_sign",
            ),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False)
                | ~Q(kind="reversal") & Q(reverses__isnull=True),
                name="credits_entry_names_what_it_reverses",
            ),
        ]
        triggers = [
            *append_only("credits_entry"),
            pgtrigger.Trigger(
                name="credits_entry_moves_balance",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="""
                    UPDATE credits_account SET balance = balance + NEW.amount
                    WHERE person_id = NEW.person_id;
                    IF NOT FOUND THEN
                        INSERT INTO credits_account AS a (person_id, balance)
                        VALUES (NEW.person_id, NEW.amount)
                        ON CONFLICT (person_id) DO UPDATE
                        SET balance = a.balance + excluded.balance;
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="credits_entry_reverses_whole",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__kind="reversal"),
                declare=[("reversed", "credits_entry%ROWTYPE")],
                func="""
                    SELECT * INTO reversed FROM credits_entry
                    WHERE person_id = NEW.person_id AND id = NEW.reverses;
                    IF reversed.kind = 'reversal' THEN
                        RAISE EXCEPTION 'a reversal is not reversed'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF NEW.amount <> -reversed.amount
                       OR NEW.round_number <> reversed.round_number THEN
                        RAISE EXCEPTION 'a reversal moves the opposite amount in the same round'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]


class Rate(models.Model):
    """What an hour of work issues in one round, and the sums it comes from.

    payout = claimable / (hours + sum by need of persons x share x mean hours of a worker), so that
    all credits issued = the labour content of the goods that cost credits. `allowance` and
    `allowance_share` are means over the persons on allowance; `Allowance` has each need's.
    """

    round_number = models.PositiveIntegerField(primary_key=True)
    per_hour = models.PositiveBigIntegerField(help_text="1/1000 credit per hour worked")
    allowance = models.PositiveBigIntegerField(help_text="1/1000 credit, on the mean")
    total_hours = models.DecimalField(max_digits=20, decimal_places=3)
    claimable_hours = models.DecimalField(max_digits=20, decimal_places=3)
    workers = models.PositiveIntegerField()
    on_allowance = models.PositiveIntegerField()
    allowance_share = models.DecimalField(max_digits=7, decimal_places=6)
    published_at = moment()

    class Meta:
        triggers = append_only("credits_rate")


class Allowance(models.Model):
    """What a recognised need issues in one round, in place of work or beside it."""

    pk = models.CompositePrimaryKey("round_number", "ground", "beside_work")
    round_number = models.PositiveIntegerField()
    ground = models.CharField(max_length=10, choices=Ground.choices)
    beside_work = models.BooleanField()
    share = models.PositiveSmallIntegerField(help_text="thousandths of a worker's mean issue")
    persons = models.PositiveIntegerField()
    amount = models.PositiveBigIntegerField(help_text="1/1000 credit a person")

    class Meta:
        ordering = ["round_number", "ground", "beside_work"]
        triggers = append_only("credits_allowance")


class Price(models.Model):
    """1/1000 credit per unit of a product in one round: its labour value in the adopted plan."""

    pk = models.CompositePrimaryKey("round_number", "product_id")
    round_number = models.PositiveIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="prices")
    amount = models.PositiveBigIntegerField()

    class Meta:
        triggers = append_only("credits_price")
