"""Recognised needs: what is claimed, granted and ended is an event, and the state follows from it.

Time is counted in rounds, as allowances are. A need is known by the id of its first event.
"""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xietong.platform.base import Derived, append_only, moment, uuid7

from .roll import Ground, Person

NEEDS = [ground.value for ground in Ground if ground != Ground.WORK]


class NeedRule(models.Model):
    """By what rule a need is recognised, and what share of a worker's mean issue it brings.

    Of a ground's rules the one with the highest `from_round` that has come is in force, and of
    two from the same round the later one. Ages are in whole years; `age_to` is the first that is
    too old.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    ground = models.CharField(max_length=10, choices=Ground.choices)
    share = models.PositiveSmallIntegerField(help_text="thousandths of a worker's mean issue")
    beside_share = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="the same, held beside work; null where it cannot be"
    )
    longest = models.PositiveSmallIntegerField(null=True, blank=True, help_text="rounds")
    age_from = models.PositiveSmallIntegerField(null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(null=True, blank=True)
    from_round = models.PositiveIntegerField()
    motion = models.UUIDField(null=True, blank=True, help_text="the vote that set it")
    reason = models.CharField(max_length=200, help_text="by what right")
    at = moment()

    class Meta:
        indexes = [models.Index(fields=["ground", "-from_round", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ground__in=NEEDS), name="people_needrule_is_of_a_need"
            ),
            models.CheckConstraint(
                condition=Q(share__range=(200, 1000))
                & (
                    Q(beside_share__isnull=True)
                    | Q(beside_share__gt=0, beside_share__lt=F("share"))
                ),
                name="people_needrule_share_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(longest__isnull=True) | Q(longest__range=(1, 600)),
                name="people_needrule_longest_in_bounds",
            ),
            models.CheckConstraint(
                condition=(Q(age_from__isnull=True) | Q(age_from__lte=120))
                & (Q(age_to__isnull=True) | Q(age_to__range=(1, 120)))
                & (Q(age_from__isnull=True) | Q(age_to__isnull=True) | Q(age_from__lt=F("age_to"))),
                name="people_needrule_ages_in_order",
            ),
            models.CheckConstraint(condition=Q(from_round__gte=1), name="people_needrule_from"),
        ]
        triggers = append_only("people_needrule")

    @property
    def whole(self) -> Decimal:
        """`share` of 1, as is `beside`."""
        return Decimal(self.share) / 1000

    @property
    def beside(self) -> Decimal | None:
        return None if self.beside_share is None else Decimal(self.beside_share) / 1000


class Turn(models.Model):
    """A round that has started, and with which needs have begun and ended by themselves."""

    number = models.PositiveIntegerField(primary_key=True)
    at = moment()

    class Meta:
        triggers = append_only("people_turn")


class Birth(models.Model):
    """Whose child somebody is: what brings new parents their time with it."""

    pk = models.CompositePrimaryKey("person_id", "child_id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="births")
    child = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("child")), name="people_birth_of_somebody_else"
            ),
        ]
        triggers = append_only("people_birth")


class Recognition(models.Model):
    """An event in the life of a need. It follows the last event of the need, or begins one."""

    class What(models.TextChoices):
        CLAIMED = "claimed", _("claimed")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        ENDED = "ended", pgettext_lazy("need", "ended")
        APPEALED = "appealed", _("appealed against")
        UPHELD = "upheld", _("granted on appeal")
        DISMISSED = "dismissed", _("appeal dismissed")

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="recognitions")
    id = models.UUIDField(default=uuid7)
    ground = models.CharField(max_length=10, choices=Ground.choices)
    what = models.CharField(max_length=10, choices=What.choices)
    follows = models.UUIDField(null=True, help_text="the event that this one answers")
    from_round = models.PositiveIntegerField(null=True)
    until_round = models.PositiveIntegerField(null=True, help_text="the last one")
    beside_work = models.BooleanField(default=False)
    rule = models.ForeignKey(NeedRule, models.PROTECT, null=True, related_name="+")
    birth = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", help_text="whose birth it follows from"
    )
    by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", help_text="null: by rule"
    )
    why = models.TextField(blank=True, help_text="read by the person and by who decides")
    at = moment()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ground__in=NEEDS), name="people_recognition_is_of_a_need"
            ),
            models.UniqueConstraint(
                fields=["person", "follows"], name="people_recognition_answered_once"
            ),
            models.UniqueConstraint(
                fields=["person", "birth"], name="people_recognition_once_a_birth"
            ),
            models.CheckConstraint(
                condition=Q(birth__isnull=True) | Q(what="granted", ground="parent"),
                name="people_recognition_birth_makes_parents",
            ),
            models.CheckConstraint(
                condition=Q(what__in=["claimed", "appealed"], by=F("person"))
                | Q(what__in=["refused", "upheld", "dismissed"], by__isnull=False)
                & ~Q(by=F("person"))
                | Q(what="granted", by__isnull=True)
                | Q(what="granted") & ~Q(by=F("person"))
                | Q(what="ended"),
                name="people_recognition_not_decided_by_oneself",
            ),
            models.CheckConstraint(
                condition=Q(what__in=["granted", "upheld"], rule__isnull=False)
                | ~Q(what__in=["granted", "upheld"]) & Q(rule__isnull=True),
                name="people_recognition_granted_by_a_rule",
            ),
            models.CheckConstraint(
                condition=~Q(what__in=["claimed", "granted", "upheld"])
                | Q(from_round__isnull=False),
                name="people_recognition_begins",
            ),
            models.CheckConstraint(
                condition=Q(from_round__isnull=True)
                | Q(until_round__isnull=True)
                | Q(from_round__lte=F("until_round")),
                name="people_recognition_rounds_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(what__in=["claimed", "refused", "appealed", "dismissed"]) | ~Q(why=""),
                name="people_recognition_says_why",
            ),
        ]
        triggers = [
            *append_only("people_recognition"),
            pgtrigger.Trigger(
                name="people_recognition_moves_need",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                declare=[
                    ("before", "people_recognition%ROWTYPE"),
                    ("rule", "people_needrule%ROWTYPE"),
                    ("born", "date"),
                    ("years", "int"),
                ],
                func="""
                    IF NEW.follows IS NULL THEN
                        IF NEW.what NOT IN ('claimed', 'granted')
                           OR NEW.what = 'granted' AND NEW.by_id IS NOT NULL THEN
                            RAISE EXCEPTION 'a need begins with a claim, or by rule'
                            USING ERRCODE = 'integrity_constraint_violation';
                        END IF;
                        INSERT INTO people_need (person_id, id, ground, state, from_round,
                            until_round, beside_work, last, changed_at)
                        VALUES (NEW.person_id, NEW.id, NEW.ground, NEW.what, NEW.from_round,
                            NEW.until_round, NEW.beside_work, NEW.id, NEW.at);
                    ELSE
                        SELECT * INTO before FROM people_recognition
                        WHERE person_id = NEW.person_id AND id = NEW.follows;
                        IF NOT FOUND OR before.ground <> NEW.ground
                           OR (before.what, NEW.what) NOT IN (
                               ('claimed', 'granted'), ('claimed', 'refused'),
                               ('claimed', 'ended'), ('granted', 'ended'), ('refused', 'appealed'),
                               ('ended', 'appealed'), ('appealed', 'upheld'),
                               ('appealed', 'dismissed'), ('appealed', 'ended'),
                               ('upheld', 'ended')) THEN
                            RAISE EXCEPTION '% does not follow', NEW.what
                            USING ERRCODE = 'integrity_constraint_violation';
                        END IF;
                        IF before.what = 'ended' AND (before.by_id IS NULL
                           OR before.by_id = before.person_id) THEN
                            RAISE EXCEPTION 'nobody else ended it'
                            USING ERRCODE = 'integrity_constraint_violation';
                        END IF;
                        IF NEW.what IN ('upheld', 'dismissed') AND NEW.by_id = (
                           SELECT by_id FROM people_recognition
                           WHERE person_id = NEW.person_id AND id = before.follows) THEN
                            RAISE EXCEPTION 'an appeal is decided by somebody else'
                            USING ERRCODE = 'integrity_constraint_violation';
                        END IF;
                        UPDATE people_need
                        SET state = CASE NEW.what WHEN 'upheld' THEN 'granted' ELSE NEW.what END,
                            from_round = coalesce(NEW.from_round, from_round),
                            until_round = CASE WHEN NEW.what IN ('granted', 'upheld', 'ended')
                                THEN NEW.until_round ELSE until_round END,
                            beside_work = CASE WHEN NEW.what IN ('granted', 'upheld')
                                THEN NEW.beside_work ELSE beside_work END,
                            last = NEW.id, changed_at = NEW.at
                        WHERE person_id = NEW.person_id AND last = NEW.follows;
                        IF NOT FOUND THEN
                            RAISE EXCEPTION 'it has been answered'
                            USING ERRCODE = 'integrity_constraint_violation';
                        END IF;
                    END IF;
                    IF NEW.by_id <> NEW.person_id AND NOT EXISTS (
                       SELECT FROM people_duty
                       WHERE person_id = NEW.by_id AND until IS NULL AND kind =
                           CASE WHEN NEW.what IN ('upheld', 'dismissed') THEN 'appeals'
                                ELSE 'allowances' END) THEN
                        RAISE EXCEPTION 'needs are decided by who holds the duty'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF NEW.what IN ('granted', 'upheld') THEN
                        SELECT * INTO rule FROM people_needrule WHERE id = NEW.rule_id;
                        SELECT p.born INTO born FROM people_person AS p WHERE id = NEW.person_id;
                        years := extract(year FROM age(current_date, born));
                        IF rule.ground <> NEW.ground
                           OR NEW.beside_work AND rule.beside_share IS NULL
                           OR rule.longest IS NOT NULL AND (NEW.until_round IS NULL
                               OR NEW.until_round - NEW.from_round >= rule.longest)
                           OR years < rule.age_from OR years >= rule.age_to THEN
                            RAISE EXCEPTION 'the rule does not allow it'
                            USING ERRCODE = 'integrity_constraint_violation';
                        END IF;
                    END IF;
                    IF NEW.what IN ('granted', 'upheld', 'ended') THEN
                        UPDATE people_person AS person SET ground = standing.ground
                        FROM (SELECT coalesce((
                            SELECT ground FROM people_need
                            WHERE person_id = NEW.person_id AND state = 'granted'
                                AND NOT beside_work), 'work') AS ground) AS standing
                        WHERE person.id = NEW.person_id AND person.ground <> standing.ground;
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]


class Need(models.Model):
    """How a need stands after the last of its events; the database writes it from them."""

    class State(models.TextChoices):
        CLAIMED = "claimed", _("waits for an answer")
        GRANTED = "granted", _("recognised")
        REFUSED = "refused", _("refused")
        APPEALED = "appealed", _("appeal waits for an answer")
        DISMISSED = "dismissed", _("appeal dismissed")
        ENDED = "ended", pgettext_lazy("need", "ended")

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="needs_recognised")
    id = models.UUIDField()
    ground = models.CharField(max_length=10, choices=Ground.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    from_round = models.PositiveIntegerField()
    until_round = models.PositiveIntegerField(null=True, help_text="the last one")
    beside_work = models.BooleanField()
    last = models.UUIDField(help_text="its last event")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "changed_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "ground"],
                condition=Q(state__in=["claimed", "granted", "appealed"]),
                name="people_need_open_once",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="granted", beside_work=False),
                name="people_need_one_in_place_of_work",
            ),
        ]
        triggers = [Derived(name="people_need_follows_its_events")]
