"""Labour credits. An entry names one account and no counterpart; there is no other kind of account.

Amounts are integers in 1/1000 credit. An account's balance is the sum of its entries, kept by
the database, and never below zero. What was written in error stays and is reversed by a second
entry, which names it. What an hour issues is moved by the factor of the skill it was worked by, as
far as the spread allows that the people's congress has set.
"""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xietong.planning.payout import DEDUCTIONS
from xietong.platform.base import Derived, append_only, moment, uuid7
from xietong.platform.labour.models import Skill
from xietong.platform.people.models import Ground, Person
from xietong.platform.products.models import Product


def _adds_up(table: str) -> pgtrigger.Trigger:
    """Law of a round: hours in all = deductions + what is claimable, once all is written."""
    return pgtrigger.Trigger(
        name=f"{table}_adds_up",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        declare=[("rest", "numeric")],
        func="""
            SELECT rate.total_hours - rate.claimable_hours - coalesce(
                (SELECT sum(hours) FROM credits_deduction
                 WHERE round_number = rate.round_number), 0
            ) INTO rest
            FROM credits_rate AS rate WHERE rate.round_number = NEW.round_number;
            IF rest <> 0 THEN
                RAISE EXCEPTION 'round %: % hours are neither deducted nor claimable',
                    NEW.round_number, rest
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        """,
    )


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
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="credit_entries", db_index=False
    )
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
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="fresh"),  # type: ignore[no-untyped-call]
                declare=[("moved", "record")],
                # In the order of persons, so that no two statements wait for each other.
                func="""
                    INSERT INTO credits_account AS a (person_id, balance)
                    SELECT person_id, sum(amount) FROM fresh
                    GROUP BY person_id HAVING sum(amount) >= 0 ORDER BY person_id
                    ON CONFLICT (person_id) DO UPDATE
                    SET balance = a.balance + excluded.balance;
                    FOR moved IN
                        SELECT person_id, sum(amount) AS amount FROM fresh
                        GROUP BY person_id HAVING sum(amount) < 0 ORDER BY person_id
                    LOOP
                        UPDATE credits_account SET balance = balance + moved.amount
                        WHERE person_id = moved.person_id;
                        IF NOT FOUND THEN
                            INSERT INTO credits_account (person_id, balance)
                            VALUES (moved.person_id, moved.amount);
                        END IF;
                    END LOOP;
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
            pgtrigger.Trigger(
                name="credits_entry_of_work_is_what_it_is_worth",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="fresh"),  # type: ignore[no-untyped-call]
                declare=[("records", "uuid[]")],
                func="""
                    SELECT array_agg(source) INTO records FROM fresh WHERE kind = 'work';
                    IF records IS NULL THEN
                        RETURN NULL;
                    END IF;
                    IF EXISTS (
                        SELECT source, person_id, round_number, amount FROM fresh
                        WHERE kind = 'work'
                        EXCEPT
                        SELECT record, person, round_number, amount FROM credits_worth(records)
                    ) THEN
                        RAISE EXCEPTION 'certified hours issue rate x hours x factor, no other sum'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    SELECT array_agg(id) INTO records FROM labour_workrecord
                    WHERE id = ANY (records) AND corrects IS NOT NULL;
                    IF records IS NOT NULL AND EXISTS (
                        SELECT 1 FROM labour_workrecord AS work
                        JOIN labour_workrecord AS other USING (person_id, dispatch_id, week)
                        JOIN credits_entry AS before
                            ON before.person_id = other.person_id AND before.source = other.id
                            AND before.kind = 'work'
                        WHERE work.id = ANY (records) AND other.id <> work.id AND NOT EXISTS (
                              SELECT 1 FROM credits_entry AS undone
                              WHERE undone.person_id = before.person_id
                                AND undone.reverses = before.id)
                    ) THEN
                        RAISE EXCEPTION 'a week of work issues once: reverse what it issued before'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]


# Spreads, factors and rates are written one at a time, and what a round is paid by stays.
_BEFORE_THE_RATE = """
    PERFORM pg_advisory_xact_lock(hashtext('credits_factor'));
    IF EXISTS (SELECT 1 FROM credits_rate WHERE round_number >= NEW.round_number) THEN
        RAISE EXCEPTION 'round % has its rate already', NEW.round_number
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
"""


class Spread(models.Model):
    """How far from 1 a skill factor may lie, from a round on, in thousandths; 0 at first.

    Without a decision of the people's congress it only ever narrows.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    round_number = models.PositiveIntegerField()
    thousandths = models.PositiveSmallIntegerField()
    decision = models.UUIDField(null=True, unique=True, help_text="the motion that set it")
    at = moment()

    class Meta:
        ordering = ["-round_number", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(thousandths__lt=1000), name="credits_spread_below_1")
        ]
        triggers = [
            *append_only("credits_spread"),
            pgtrigger.Trigger(
                name="credits_spread_only_narrows",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last", "credits_spread%ROWTYPE")],
                func=f"""
                    {_BEFORE_THE_RATE}
                    SELECT * INTO last FROM credits_spread
                    ORDER BY round_number DESC, id DESC LIMIT 1;
                    IF NEW.round_number < last.round_number THEN
                        RAISE EXCEPTION 'a spread is in force from round % on', last.round_number
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF NEW.decision IS NULL AND NEW.thousandths > coalesce(last.thousandths, 0) THEN
                        RAISE EXCEPTION 'only a decision of the congress widens the spread'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  a constant
            ),
        ]


class Factor(models.Model):
    """What an hour worked by a skill counts, in thousandths of an hour, from a round on.

    Where the spread has become narrower than the factor, the nearest factor inside it counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="factors")
    round_number = models.PositiveIntegerField()
    thousandths = models.PositiveSmallIntegerField()
    decision = models.UUIDField(null=True, help_text="the motion that set it")
    at = moment()

    class Meta:
        ordering = ["-round_number", "-id"]
        indexes = [models.Index(fields=["skill", "round_number"])]
        triggers = [
            *append_only("credits_factor"),
            pgtrigger.Trigger(
                name="credits_factor_within_spread",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    {_BEFORE_THE_RATE}
                    IF abs(NEW.thousandths - 1000) > credits_spread_of(NEW.round_number) THEN
                        RAISE EXCEPTION 'the factor lies outside the spread'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Rate(models.Model):
    """What an hour of work issues in one round, and the sums it comes from.

    payout = claimable / (hours + sum by need of persons x share x mean hours of a worker), where an
    hour counts as `mean_factor`, so that all credits issued = the labour content of the goods that
    cost credits. `allowance` and `allowance_share` are means over the persons on allowance;
    `Allowance` has each need's.
    """

    round_number = models.PositiveIntegerField(primary_key=True)
    per_hour = models.PositiveBigIntegerField(help_text="1/1000 credit per hour worked")
    allowance = models.PositiveBigIntegerField(help_text="1/1000 credit, on the mean")
    total_hours = models.DecimalField(max_digits=20, decimal_places=3)
    claimable_hours = models.DecimalField(max_digits=20, decimal_places=3)
    workers = models.PositiveIntegerField()
    on_allowance = models.PositiveIntegerField()
    allowance_share = models.DecimalField(max_digits=7, decimal_places=6)
    mean_factor = models.DecimalField(max_digits=7, decimal_places=6, default=1)
    published_at = moment()

    class Meta:
        triggers = [
            *append_only("credits_rate"),
            _adds_up("credits_rate"),
            pgtrigger.Trigger(
                name="credits_rate_after_its_factors",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM pg_advisory_xact_lock(hashtext('credits_factor'));
                    RETURN NEW;
                """,
            ),
        ]


class Deduction(models.Model):
    """Hours of a round that are not claimable, by what they go to; below zero, they are added.

    total_hours of the rate = the sum of these + its claimable_hours, to the last thousandth.
    """

    class Kind(models.TextChoices):
        RENEWAL = "renewal", _("Renewal of means of production")
        EXPANSION = "expansion", _("Expansion of means of production")
        MEANS = "means", _("Renewal and expansion of means of production, not told apart")
        RESERVE = "reserve", _("Reserve")
        ADMINISTRATION = "administration", _("General administration")
        COMMON = "common", _("Needs met in common: schools, health and the like")
        ABROAD = "abroad", _("Payments abroad")
        STOCK = "stock", _("What the stores gain")
        NEED = "need", _("Free goods and quotas, distributed by need")
        UNUSED = "unused", _("Lost in store, left unused or still in the making")
        INDIVISIBLE = "indivisible", _("What cannot be shared out in whole units, and rounding")
        SCARCITY = "scarcity", _("Prices below labour value, by scarcity")
        BALANCE = "balance", _("Held back, so that credits stay near the goods")

    pk = models.CompositePrimaryKey("rate_id", "kind")
    rate = models.ForeignKey(
        Rate, models.PROTECT, related_name="deductions", db_column="round_number"
    )
    kind = models.CharField(max_length=14, choices=Kind.choices)
    hours = models.DecimalField(max_digits=20, decimal_places=3)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DEDUCTIONS), name="credits_deduction_kind"),
        ]
        triggers = [
            *append_only("credits_deduction"),
            _adds_up("credits_deduction"),
        ]


class Reckoning(models.Model):
    """What a round's payout was computed from, with the very files by which anyone recomputes it.

    Credits are in thousandths: `balances` on all accounts as the round started, `cost` of all that
    was promised for credits, `idle` of what stays in store beyond the norm.
    """

    rate = models.OneToOneField(
        Rate, models.PROTECT, primary_key=True, related_name="reckoning", db_column="round_number"
    )
    plan_sha256 = models.CharField(max_length=64)
    economy_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, help_text="of the certificate among the files")
    packed = models.BinaryField(help_text="the files, zipped")
    pull = models.DecimalField(max_digits=5, decimal_places=4)
    purse = models.DecimalField(max_digits=7, decimal_places=4)
    balances = models.PositiveBigIntegerField()
    cost = models.PositiveBigIntegerField()
    idle = models.PositiveBigIntegerField()

    class Meta:
        triggers = append_only("credits_reckoning")


class PriceBand(models.Model):
    """The share by which prices of one round may leave labour values, as the congress voted."""

    round_number = models.PositiveIntegerField(primary_key=True)
    band = models.DecimalField(max_digits=5, decimal_places=4)

    class Meta:
        constraints = [
            # The migration makes (round_number, band) unique, so that a price can refer to both.
            models.CheckConstraint(
                condition=Q(band__gte=0, band__lte=Decimal("0.5")), name="credits_priceband_narrow"
            ),
        ]
        triggers = append_only("credits_priceband")


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
    """1/1000 credit per unit of a product in one round, and why it is so much.

    amount = max(1, round(1000 x value x factor)), where the value is in hours of labour and the
    factor within the band of the round; without a band it is 1. The migration says so to the
    database, and that (round_number, band) is the band of the round. What moves the factor is
    kept beside it: units in store, of the stock norm, used in the last round, ordered in it and
    not met of that. Prices of rounds before this was kept have none of it.
    """

    pk = models.CompositePrimaryKey("round_number", "product_id")
    round_number = models.PositiveIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="prices")
    amount = models.PositiveBigIntegerField()
    value = models.DecimalField(max_digits=30, decimal_places=12, null=True)
    factor = models.DecimalField(max_digits=5, decimal_places=4, default=1, db_default=1)
    band = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    stock = models.DecimalField(max_digits=20, decimal_places=3, null=True)
    normal = models.DecimalField(max_digits=20, decimal_places=3, null=True)
    usual = models.DecimalField(max_digits=20, decimal_places=3, null=True)
    ordered = models.PositiveBigIntegerField(null=True)
    unmet = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(band__isnull=True, factor=1)
                # A comparison with NULL is no refusal: it must be said.
                | Q(
                    band__isnull=False,
                    factor__gte=1 - F("band"),
                    factor__lte=1 + F("band"),
                ),
                name="credits_price_within_band",
            ),
        ]
        triggers = append_only("credits_price")
