"""What work the plan leaves open, who wants it, is offered it and has it.

An assignment's minutes are those of a week in the rounds of its turn: in round r it counts where
r mod `turns` = `turn`. Work that is not taken in turn has one turn, and counts in every round.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import append_only, moment, uuid7
from xietong.platform.enterprises.models import Dispatch, Enterprise, Membership
from xietong.platform.people.models import Person

from .hours import MOST_MINUTES_A_WEEK, Skill, WorkRecord

FULL_WEEK = 40 * 60
OVERTIME = "1.25"  # times the minutes of one's assignments may be worked in a week
LONGEST_TURN = 6
TURNS = 60  # after so many rounds all turns up to the longest begin anew


class Post(models.Model):
    """Work that one enterprise has for one skill, or for any hands: so many minutes a week.

    The plan sets `needed` and, less what members without an assignment do, `capacity`. Members can
    take places of 40 hours out of it to share or to take in turn, `holders` persons to a place.
    """

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("full or part-time")
        SHARED = "shared", _("shared")
        ROTATING = "rotating", _("taken in turn")

    id = models.UUIDField(primary_key=True, default=uuid7)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="posts")
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, related_name="posts")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.ORDINARY)
    holders = models.PositiveSmallIntegerField(default=1, help_text="persons to one place")
    needed = models.PositiveIntegerField(default=0, help_text="minutes a week of this skill")
    capacity = models.PositiveIntegerField(default=0, help_text="minutes a week to assign")

    class Meta:
        ordering = ["enterprise", "skill", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "skill", "kind"],
                nulls_distinct=False,
                name="labour_post_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="ordinary", holders=1)
                | Q(
                    kind__in=["shared", "rotating"],
                    holders__gte=2,
                    holders__lte=LONGEST_TURN,
                ),
                name="labour_post_kind",
            ),
        ]


class Application(models.Model):
    """A person who wants work, or other work: how much of it, and what it may be."""

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, related_name="application"
    )
    minutes = models.PositiveIntegerField(help_text="a week, at most")
    learns = models.BooleanField(help_text="also what has to be learned first")
    anything = models.BooleanField(help_text="gladly also what was not chosen")
    moves = models.BooleanField(default=False, help_text="gladly also in another region")
    since = moment()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES_A_WEEK),
                name="labour_application_minutes",
            ),
        ]


class Choice(models.Model):
    """A post a person would like, the dearest first."""

    pk = models.CompositePrimaryKey("person_id", "rank")
    person = models.ForeignKey(Person, models.PROTECT, related_name="choices")
    rank = models.PositiveSmallIntegerField()
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["person", "post"], name="labour_choice_once"),
            models.CheckConstraint(
                condition=Q(rank__gte=1, rank__lte=5), name="labour_choice_rank"
            ),
        ]


class Matching(models.Model):
    """All who wanted work were matched with all that was open; the seed decided between equals."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="+")
    seed = models.CharField(max_length=64)
    hands = models.PositiveIntegerField()
    at = moment()

    class Meta:
        triggers = append_only("labour_matching")


class Offer(models.Model):
    """A post offered to one person. `lost` tells why each dearer choice went elsewhere."""

    class Answer(models.TextChoices):
        OPEN = "open", _("waits for your answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        LAPSED = "lapsed", _("not answered in its round")

    pk = models.CompositePrimaryKey("person_id", "id")
    id = models.UUIDField(default=uuid7, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="offers")
    matching = models.ForeignKey(Matching, models.PROTECT, related_name="offers")
    post = models.ForeignKey(Post, models.PROTECT, related_name="offers")
    minutes = models.PositiveIntegerField()
    turns = models.PositiveSmallIntegerField(default=1)
    turn = models.PositiveSmallIntegerField(default=0)
    shares = models.BooleanField(help_text="beyond the plan's hours, which are shared")
    choice = models.PositiveSmallIntegerField(null=True, help_text="which of the person's choices")
    fitness = models.CharField(max_length=9)
    lost = models.JSONField(help_text="[post, why] of each dearer choice")
    distance = models.CharField(max_length=6, blank=True, help_text="`matching.Distance`")
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.OPEN)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(answer="open"), name="labour_offer_one_open"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["open", "accepted", "declined", "lapsed"]),
                name="labour_offer_answer",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES_A_WEEK)
                & Q(turns__gte=1, turns__lte=LONGEST_TURN, turn__lt=F("turns")),
                name="labour_offer_minutes",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="labour_offer_answered_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=~pgtrigger.Q(old__answer="open"),
            ),
        ]


class Assignment(models.Model):
    """The minutes a week that one person has in one post, from a day until a day."""

    pk = models.CompositePrimaryKey("person_id", "id")
    id = models.UUIDField(default=uuid7, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="assignments")
    post = models.ForeignKey(Post, models.PROTECT, related_name="assignments")
    minutes = models.PositiveIntegerField()
    turns = models.PositiveSmallIntegerField(default=1)
    turn = models.PositiveSmallIntegerField(default=0)
    shares = models.BooleanField(default=False)
    offer = models.UUIDField(null=True, unique=True)
    since = moment()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "post"],
                condition=Q(until__isnull=True),
                name="labour_assignment_once",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES_A_WEEK)
                & Q(turns__gte=1, turns__lte=LONGEST_TURN, turn__lt=F("turns")),
                name="labour_assignment_minutes",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="labour_assignment_stays",
                operation=pgtrigger.Delete,
            ),
            pgtrigger.Trigger(
                name="labour_assignment_ends_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF (to_jsonb(NEW) - 'until') <> (to_jsonb(OLD) - 'until')
                        OR NEW.until IS NULL OR NEW.until > OLD.until
                        OR OLD.until <= clock_timestamp() THEN
                        RAISE EXCEPTION 'an assignment changes only by ending'
                        USING ERRCODE = 'integrity_constraint_violation',
                              CONSTRAINT = 'labour_assignment_ends_once';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="labour_assignment_within",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                # The person's place first, then the post: two assignments of one person, or to one
                # post, come after one another, and nobody waits in a circle.
                func=f"""
                    DECLARE room bigint; taken bigint; own bigint;
                    BEGIN
                        PERFORM 1 FROM enterprises_membership AS place
                        JOIN labour_post AS post ON post.enterprise_id = place.enterprise_id
                        WHERE place.person_id = NEW.person_id AND place.until IS NULL
                          AND post.id = NEW.post_id
                        FOR NO KEY UPDATE OF place;
                        IF NOT FOUND THEN
                            RAISE EXCEPTION 'only a member has a post in an enterprise'
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'labour_assignment_of_member';
                        END IF;
                        SELECT capacity INTO room FROM labour_post WHERE id = NEW.post_id
                        FOR NO KEY UPDATE;
                        SELECT
                            max(minutes) FILTER (WHERE post), max(minutes) FILTER (WHERE NOT post)
                        INTO taken, own
                        FROM (
                            SELECT which.post, round,
                                sum(held.minutes) + NEW.minutes AS minutes
                            FROM (VALUES (true), (false)) AS which (post)
                            CROSS JOIN generate_series(0, {TURNS - 1}) AS round
                            LEFT JOIN LATERAL (
                                SELECT 0 AS minutes
                                UNION ALL
                                SELECT had.minutes FROM labour_assignment AS had
                                WHERE (had.until IS NULL OR had.until > clock_timestamp())
                                  AND mod(round, had.turns) = had.turn
                                  AND CASE WHEN which.post THEN had.post_id = NEW.post_id
                                      ELSE had.person_id = NEW.person_id END
                            ) AS held ON true
                            WHERE mod(round, NEW.turns) = NEW.turn
                            GROUP BY which.post, round
                        ) AS rounds;
                        IF own > {MOST_MINUTES_A_WEEK} THEN
                            RAISE EXCEPTION 'more than a week''s work for one person'
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'labour_assignment_week';
                        END IF;
                        IF NEW.shares THEN
                            PERFORM 1 FROM labour_offer WHERE id = NEW.offer AND shares
                                AND person_id = NEW.person_id AND post_id = NEW.post_id;
                            IF NOT FOUND THEN
                                RAISE EXCEPTION 'hours are shared by the rule of the matching alone'
                                USING ERRCODE = 'integrity_constraint_violation',
                                      CONSTRAINT = 'labour_assignment_shared_by_rule';
                            END IF;
                        ELSIF taken > room THEN
                            RAISE EXCEPTION 'the post has no minutes left for this'
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'labour_assignment_places';
                        END IF;
                        RETURN NEW;
                    END;
                """,  # noqa: S608
            ),
        ]


class PlaceAtWork(Membership):
    """A person's place in an enterprise, as seen from here: with it, posts and shifts end."""

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="labour_place_ends_posts",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("until"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(new__until__isnull=False),
                func="""
                    UPDATE labour_assignment SET until = NEW.until
                    FROM labour_post
                    WHERE labour_assignment.person_id = NEW.person_id
                      AND labour_post.id = post_id AND enterprise_id = NEW.enterprise_id
                      AND (labour_assignment.until IS NULL OR labour_assignment.until > NEW.until);
                    DELETE FROM labour_swap WHERE NEW.person_id IN (person_id, other_id);
                    DELETE FROM labour_shiftplace WHERE person_id = NEW.person_id;
                    RETURN NULL;
                """,
            ),
        ]


class WorkWithin(WorkRecord):
    """Hours, as seen from here: within what the person's assignments of the round allow.

    A member who has had no assignment since they joined counts as one with a full week.
    """

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="labour_workrecord_within_assignment",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("minutes"),  # type: ignore[no-untyped-call]
                # The place is held as it is: an assignment that begins meanwhile waits, or is seen.
                func=f"""
                    DECLARE allowed bigint; joined timestamptz;
                    BEGIN
                        SELECT since INTO joined FROM enterprises_membership
                        WHERE person_id = NEW.person_id AND until IS NULL FOR SHARE;
                        SELECT CASE WHEN count(*) = 0 THEN {FULL_WEEK} ELSE coalesce(
                            sum(had.minutes) FILTER (
                                WHERE (had.until IS NULL OR had.until > dispatch.opened_at)
                                  AND mod(NEW.dispatch_id, had.turns) = had.turn
                            ), 0) END
                        INTO allowed
                        FROM labour_assignment AS had
                        JOIN labour_post AS post ON post.id = had.post_id
                        JOIN enterprises_dispatch AS dispatch
                            ON dispatch.round_number = NEW.dispatch_id
                        WHERE had.person_id = NEW.person_id
                          AND post.enterprise_id = NEW.enterprise_id
                          AND (had.until IS NULL OR had.until > joined);
                        IF NEW.minutes > allowed * {OVERTIME} THEN
                            RAISE EXCEPTION 'more than the assignments allow: % minutes a week',
                                floor(allowed * {OVERTIME})
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'labour_workrecord_within_assignment';
                        END IF;
                        RETURN NEW;
                    END;
                """,  # noqa: S608
            ),
        ]
