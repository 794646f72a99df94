"""Hours are logged by the worker or the team, then certified by another member."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from xietong.platform.base import Rejected, again_after_conflict, constraint_of, uuid7
from xietong.platform.enterprises.models import Dispatch, Membership
from xietong.platform.people.models import Person
from xietong.platform.people.once import once

from ..models import Skill, WorkRecord
from ..rules import Refusal, days_of, refuse_impossible_line, refuse_impossible_week

NOBODY: Mapping[UUID, int] = {}
UNCHANGED: Mapping[UUID, str | None] = {}


def log_hours(
    by: Person,
    *,
    person: Person,
    week: int,
    minutes: int | Sequence[int],
    line: int = 0,
    skill: str | None = None,
    key: UUID | None = None,
) -> None:
    """Log a week's minutes, one's own or of a member of the same enterprise.

    `skill` is the code of the skill they worked by, or None for work that asks for none. Other
    arguments and errors as for `log_team_hours`.
    """
    log_team_hours(
        by,
        week=week,
        minutes={person.id: minutes},
        line={person.id: line},
        skills={person.id: skill},
        key=key,
    )


@again_after_conflict
@once
@transaction.atomic
def log_team_hours(
    by: Person,
    *,
    week: int,
    minutes: Mapping[UUID, int | Sequence[int]],
    line: Mapping[UUID, int] = NOBODY,
    skills: Mapping[UUID, str | None] = UNCHANGED,
    key: UUID | None = None,
) -> None:
    """Log what members of one's enterprise worked in a week of the running round.

    Args:
        by: a member of the enterprise.
        week: from 1 to `WEEKS_A_ROUND`.
        minutes: by person's id, of the week (`rules.spread` says on which days) or of each of its
            days; they replace what was logged before, and 0 withdraws it.
        line: of those who manage, by person's id, how many of these minutes went into production;
            none if not given. Of everyone else, all of them did.
        skills: by person's id, the code of the skill worked by; if not given, that of the person's
            post in the enterprise, or else of their latest hours there.

    Raises Rejected NO_SUCH_WEEK, NO_SUCH_MINUTES, NO_SUCH_DAYS, NO_SUCH_LINE, NO_SUCH_SKILL,
    NO_OPEN_ROUND, NOT_A_TEAM_MATE, CERTIFIED if hours of that week are certified already, DISPUTED,
    WORKED_ELSEWHERE if they were logged in another enterprise, BEYOND_ASSIGNMENT if they are more
    than posts and overtime allow. Then nothing is logged.
    """
    refuse_impossible_week(week)
    days = {person: days_of(worked) for person, worked in minutes.items()}
    for person, worked in days.items():
        refuse_impossible_line(line.get(person, 0), sum(worked))
    _refuse_unknown_skills(skills.values())
    dispatch = _running()
    enterprise = shared_enterprise(by, minutes)
    before = list(
        WorkRecord.objects.select_for_update(of=("self",))
        .filter(person__in=minutes, dispatch=dispatch, week=week, corrects=None)
        .select_related("person")
        # Everyone locks in this order, so that two who log at once never block each other.
        .order_by("person_id")
    )
    for record in before:
        if record.certified_by_id:
            raise Rejected(Refusal.CERTIFIED, record.person.name)
        if record.enterprise_id != enterprise:
            raise Rejected(Refusal.WORKED_ELSEWHERE, record.person.name)
    refuse_disputed([record.id for record in before])
    withdrawn = [person for person, worked in days.items() if not any(worked)]
    if withdrawn:
        WorkRecord.objects.filter(
            person__in=withdrawn, dispatch=dispatch, week=week, corrects=None
        ).delete()
    logged = sorted(person for person, worked in days.items() if any(worked))
    with within_assignments(), connection.cursor() as cursor:
        cursor.execute(
            # A change gives a new id: nobody certifies other hours than those they have seen.
            """
            INSERT INTO labour_workrecord AS work
                (id, person_id, enterprise_id, dispatch_id, week, days, minutes, line_minutes,
                 skill_id, manages, holds_office, logged_by_id)
            SELECT given.id, given.person, %(enterprise)s, %(round)s, %(week)s,
                   given.days::smallint[], given.minutes, given.line,
                   CASE WHEN given.person = ANY (%(skilled)s::uuid[]) THEN given.skill
                   ELSE coalesce((
                       SELECT post.skill_id FROM labour_assignment AS held
                       JOIN labour_post AS post ON post.id = held.post_id
                       WHERE held.person_id = given.person AND held.until IS NULL
                         AND post.enterprise_id = %(enterprise)s
                       ORDER BY held.minutes DESC, held.id LIMIT 1
                   ), (
                       SELECT skill_id FROM labour_workrecord AS last
                       WHERE last.person_id = given.person AND last.enterprise_id = %(enterprise)s
                       ORDER BY last.id DESC LIMIT 1
                   )) END, false, false, %(by)s
            FROM unnest(%(ids)s::uuid[], %(persons)s::uuid[], %(days)s::text[], %(minutes)s::int[],
                        %(lines)s::int[], %(skills)s::text[])
                 AS given (id, person, days, minutes, line, skill)
            -- Everything is read before the first is written: or each would look among those.
            ORDER BY given.person
            ON CONFLICT (person_id, dispatch_id, week) WHERE corrects IS NULL DO UPDATE
            SET id = excluded.id, days = excluded.days, minutes = excluded.minutes,
                line_minutes = excluded.line_minutes, skill_id = excluded.skill_id,
                logged_by_id = excluded.logged_by_id, logged_at = now()
            WHERE work.certified_by_id IS NULL AND work.enterprise_id = excluded.enterprise_id
            """,
            {
                "enterprise": enterprise,
                "round": dispatch.round_number,
                "week": week,
                "by": by.id,
                "skilled": list(skills),
                "ids": [uuid7() for _ in logged],
                "persons": logged,
                # As text: PostgreSQL unnests an array of arrays to its last element.
                "days": [f"{{{','.join(map(str, days[person]))}}}" for person in logged],
                "minutes": [sum(days[person]) for person in logged],
                "lines": [line.get(person, 0) for person in logged],
                "skills": [skills.get(person) for person in logged],
            },
        )
        if cursor.rowcount < len(logged):
            raise Rejected(Refusal.CERTIFIED)


@transaction.atomic
def certify(by: Person, *, records: Collection[UUID]) -> int:
    """Certify hours of other members of one's enterprise; returns how many were not yet.

    Certified hours issue credits: `credits.actions.certify_and_issue` does both, use that.
    Raises Rejected NO_SUCH_HOURS if one of the records is gone or was changed, OWN_HOURS,
    NOT_A_TEAM_MATE, OWN_CORRECTION, DISPUTED, or NO_OPEN_ROUND if the round of the hours is over
    (corrections can be certified then too). Then none is certified.
    """
    enterprise = shared_enterprise(by, [])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH found AS (
                SELECT * FROM labour_workrecord WHERE id = ANY (%(records)s)
                ORDER BY person_id, id FOR UPDATE
            )
            SELECT count(*),
                   count(*) FILTER (WHERE person_id = %(by)s),
                   count(*) FILTER (WHERE enterprise_id <> %(enterprise)s),
                   count(*) FILTER (WHERE certified_by_id IS NULL),
                   count(*) FILTER (WHERE certified_by_id IS NULL
                                    AND corrects IS NOT NULL AND logged_by_id = %(by)s),
                   array_agg(DISTINCT dispatch_id)
                       FILTER (WHERE certified_by_id IS NULL AND corrects IS NULL)
            FROM found
            """,
            {"records": list(records), "by": by.id, "enterprise": enterprise},
        )
        found, own, elsewhere, waiting, own_corrections, rounds = cursor.fetchone()
    for wrong, reason in (
        (found < len(set(records)), Refusal.NO_SUCH_HOURS),
        (own, Refusal.OWN_HOURS),
        (elsewhere, Refusal.NOT_A_TEAM_MATE),
        (own_corrections, Refusal.OWN_CORRECTION),
    ):
        if wrong:
            raise Rejected(reason)
    if not waiting:
        return 0
    refuse_disputed(records)
    if rounds and rounds != [_running().round_number]:
        raise Rejected(Refusal.NO_OPEN_ROUND)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE labour_workrecord SET certified_by_id = %s, certified_at = now()
            WHERE id = ANY(%s) AND certified_by_id IS NULL
            """,
            [by.pk, list(records)],
        )
        return int(cursor.rowcount)


@contextmanager
def within_assignments() -> Iterator[None]:
    """What the database refuses as too much for somebody's posts, as a refusal."""
    try:
        yield
    except IntegrityError as error:
        if constraint_of(error) == "labour_workrecord_within_assignment":
            raise Rejected(Refusal.BEYOND_ASSIGNMENT) from error
        raise


def refuse_disputed(records: Collection[UUID]) -> None:
    """Raises Rejected DISPUTED. Ask once the records are locked: then no dispute can come up."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (
                SELECT FROM labour_dispute WHERE state = 'open' AND record = ANY (%s::uuid[]))
            """,
            [list(records)],
        )
        (disputed,) = cursor.fetchone()
    if disputed:
        raise Rejected(Refusal.DISPUTED)


def shared_enterprise(by: Person, persons: Collection[UUID]) -> str:
    """The code of the enterprise in which `by` and all these persons have their places.

    Raises Rejected NOT_A_TEAM_MATE.
    """
    places = dict(
        Membership.objects.filter(person__in={by.id, *persons}, until=None).values_list(
            "person_id", "enterprise_id"
        )
    )
    enterprise = places.get(by.id)
    if enterprise is None or any(places.get(person) != enterprise for person in persons):
        raise Rejected(Refusal.NOT_A_TEAM_MATE)
    return enterprise


def _running() -> Dispatch:
    """The running round, which stays open until the transaction ends."""
    for dispatch in Dispatch.objects.raw(
        "SELECT * FROM enterprises_dispatch WHERE closed_at IS NULL FOR SHARE"
    ):
        return dispatch
    raise Rejected(Refusal.NO_OPEN_ROUND)


def _refuse_unknown_skills(skills: Iterable[str | None]) -> None:
    named = {skill for skill in skills if skill}
    if named:
        known = set(Skill.objects.filter(code__in=named).values_list("code", flat=True))
        if unknown := sorted(named - known):
            raise Rejected(Refusal.NO_SUCH_SKILL, ", ".join(unknown))
