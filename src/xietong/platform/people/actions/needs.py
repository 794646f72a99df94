"""What needs are recognised by, and how each is claimed, granted, ended and appealed."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import DateField, Exists, Func, OuterRef, Value

from xietong.platform.base import Rejected, constraint_of
from xietong.platform.record.actions import submit

from ..models import Birth, Ground, Need, NeedRule, Person, Recognition
from ..once import once
from ..rules import (
    Refusal,
    last_round,
    may_hear_appeals,
    may_recognise,
    present_round,
    rule_in_force,
)

What = Recognition.What
# Grounds that begin and end with age alone.
BY_AGE = (Ground.CHILD, Ground.PENSION)
REFUSED_BY = {
    "people_need_open_once": Refusal.CLAIMED_ALREADY,
    "people_need_one_in_place_of_work": Refusal.LIVES_BY_ANOTHER,
    "people_recognition_answered_once": Refusal.ANSWERED,
}


@transaction.atomic
def set_need_rule(
    ground: str,
    *,
    share: int,
    beside_share: int | None = None,
    longest: int | None = None,
    age_from: int | None = None,
    age_to: int | None = None,
    from_round: int,
    reason: str,
    motion: UUID | None = None,
) -> NeedRule:
    """Lay down by what rule a need is recognised from a round on, and put it on record.

    Shares are thousandths of a worker's mean issue, `longest` rounds, ages whole years of which
    `age_to` is too old; `reason` says by what right, in both languages. What a round has
    published stays. Raises Rejected RULE_OUT_OF_BOUNDS.
    """
    try:
        with transaction.atomic():
            rule = NeedRule.objects.create(
                ground=ground,
                share=share,
                beside_share=beside_share,
                longest=longest,
                age_from=age_from,
                age_to=age_to,
                from_round=from_round,
                reason=reason,
                motion=motion,
            )
    except IntegrityError as error:
        raise Rejected(Refusal.RULE_OUT_OF_BOUNDS) from error
    submit(
        "need-rule",
        {
            "ground": ground,
            "share": share,
            "beside_share": beside_share,
            "longest": longest,
            "age_from": age_from,
            "age_to": age_to,
            "from_round": from_round,
            "reason": reason,
        },
    )
    return rule


@once
@transaction.atomic
def claim_need(
    person: Person,
    *,
    ground: str,
    from_round: int,
    why: str,
    until_round: int | None = None,
    beside_work: bool = False,
    key: UUID | None = None,
) -> Recognition:
    """Ask that a need of one's own be recognised, from the present round or a later one.

    `until_round` is the last one, or None. Raises Rejected SAY_WHY, ROUND_IS_PAST, NO_RULE,
    OUTSIDE_THE_RULE, CLAIMED_ALREADY.
    """
    rule = rule_in_force(ground, from_round)
    if from_round < (present := present_round()):
        raise Rejected(Refusal.ROUND_IS_PAST, str(present))
    if (beside_work and rule.beside_share is None) or (
        until_round is not None and until_round < from_round
    ):
        raise Rejected(Refusal.OUTSIDE_THE_RULE)
    return _write(
        Recognition(
            person=person,
            ground=ground,
            what=What.CLAIMED,
            from_round=from_round,
            until_round=until_round,
            beside_work=beside_work,
            by=person,
            why=_said(why),
        )
    )


@once
@transaction.atomic
def answer_claim(
    by: Person, *, person: UUID, claim: UUID, grant: bool, why: str = "", key: UUID | None = None
) -> Recognition:
    """Grant a claim as it was made, or refuse it and say why.

    Raises Rejected NOT_ON_DUTY, OWN_NEED, ANSWERED, SAY_WHY, NO_RULE, OUTSIDE_THE_RULE,
    LIVES_BY_ANOTHER.
    """
    if not may_recognise(by):
        raise Rejected(Refusal.NOT_ON_DUTY, by.name)
    need = _need(by, person, claim, Need.State.CLAIMED)
    if grant:
        return _grant(need, What.GRANTED, by, why)
    return _answer(need, What.REFUSED, by, _said(why))


@once
@transaction.atomic
def appeal(person: Person, *, event: UUID, why: str, key: UUID | None = None) -> Recognition:
    """Ask somebody else to decide anew what was refused, or ended by an official.

    Raises Rejected ANSWERED, SAY_WHY, CLAIMED_ALREADY.
    """
    need = Need.objects.filter(person=person, last=event).first()
    if need is None:
        raise Rejected(Refusal.ANSWERED)
    return _answer(need, What.APPEALED, person, _said(why))


@once
@transaction.atomic
def answer_appeal(
    by: Person, *, person: UUID, event: UUID, uphold: bool, why: str, key: UUID | None = None
) -> Recognition:
    """Grant on appeal what had been refused or ended, or dismiss the appeal and say why.

    Raises Rejected NOT_ON_DUTY, OWN_NEED, SAME_OFFICIAL, ANSWERED, SAY_WHY, NO_RULE,
    OUTSIDE_THE_RULE, LIVES_BY_ANOTHER.
    """
    if not may_hear_appeals(by):
        raise Rejected(Refusal.NOT_ON_DUTY, by.name)
    need = _need(by, person, event, Need.State.APPEALED)
    against = Recognition.objects.filter(person=person, id=event).values("follows")
    if Recognition.objects.filter(person=person, id__in=against, by=by).exists():
        raise Rejected(Refusal.SAME_OFFICIAL)
    if uphold:
        return _grant(need, What.UPHELD, by, why)
    return _answer(need, What.DISMISSED, by, _said(why))


@once
@transaction.atomic
def end_need(
    by: Person, *, person: UUID, event: UUID, why: str = "", key: UUID | None = None
) -> Recognition:
    """End a need, or withdraw what waits: one's own, or as an official, who says why.

    The last allowance is that of the present round. Raises Rejected NOT_ON_DUTY, ANSWERED, SAY_WHY.
    """
    own = by.pk == person
    if not own and not may_recognise(by):
        raise Rejected(Refusal.NOT_ON_DUTY, by.name)
    need = Need.objects.filter(person=person, last=event).first()
    if need is None:
        raise Rejected(Refusal.ANSWERED)
    return _answer(need, What.ENDED, by, why if own else _said(why), until_round=present_round())


@transaction.atomic
def turn_needs(round_number: int) -> int:
    """What begins and ends by itself when a round starts; returns how many events, once a round.

    A need ends when its last round is over or the person too old for it. Whoever works and never
    had one is granted a child's allowance or a pension by age, and in a child's first year, once
    a birth, the time of new parents.
    """
    if not _is_first(round_number):
        return 0
    over = Need.objects.filter(state=Need.State.GRANTED, until_round__lt=round_number)
    events = [_ended(need) for need in over]
    for ground in BY_AGE:
        rule = rule_in_force(ground, round_number)
        if rule.age_to is not None:
            old = Need.objects.filter(state=Need.State.GRANTED, ground=ground).exclude(
                until_round__lt=round_number
            )
            events += [_ended(need) for need in old.filter(person__born__lte=_ago(rule.age_to))]
    _write_all(events)
    begun: list[Recognition] = []
    for ground in BY_AGE:
        rule = rule_in_force(ground, round_number)
        if rule.age_from is None and rule.age_to is None:
            continue
        people = Person.objects.filter(left_at=None, ground=Ground.WORK, born__isnull=False)
        if rule.age_from is not None:
            people = people.filter(born__lte=_ago(rule.age_from))
        if rule.age_to is not None:
            people = people.filter(born__gt=_ago(rule.age_to))
        never = people.exclude(pk__in=Need.objects.filter(ground=ground).values("person"))
        begun += [
            _by_rule(person, rule, from_round=round_number, why="age / 年龄")
            for person in never.values_list("pk", flat=True)
        ]
    _write_all(begun)
    _write_all(_new_parents(round_number))
    return len(events) + len(begun)


def recognise_enrolled(people: Sequence[tuple[Person, Ground]]) -> None:
    """Grant those who come onto the roll the need they come with, from the present round on.

    Part of enrolment, within its transaction. Raises Rejected NO_RULE, OUTSIDE_THE_RULE.
    """
    if not people:
        return
    present = present_round()
    rules = {ground: rule_in_force(ground, present) for ground in {each for _, each in people}}
    _write_all(
        _by_rule(person.pk, rules[ground], from_round=present, why="enrolment / 登记")
        for person, ground in people
    )
    for person, ground in people:
        person.ground = ground


def _is_first(round_number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_turn (number) VALUES (%s) ON CONFLICT DO NOTHING", [round_number]
        )
        return bool(cursor.rowcount)


def _new_parents(round_number: int) -> list[Recognition]:
    rule = rule_in_force(Ground.PARENT, round_number)
    births = Birth.objects.filter(
        person__left_at=None, person__ground=Ground.WORK, child__born__gt=_ago(1)
    ).exclude(
        Exists(Recognition.objects.filter(person=OuterRef("person"), birth=OuterRef("child")))
    )
    # Of twins, the first alone: it is one time with both.
    first = {birth.person_id: birth.child_id for birth in births.order_by("-child_id")}
    return [
        _by_rule(person, rule, from_round=round_number, why="birth / 出生", birth=child)
        for person, child in first.items()
    ]


def _by_rule(
    person: UUID, rule: NeedRule, *, from_round: int, why: str, birth: UUID | None = None
) -> Recognition:
    return Recognition(
        person_id=person,
        ground=rule.ground,
        what=What.GRANTED,
        from_round=from_round,
        until_round=last_round(rule, from_round, None),
        rule=rule,
        birth_id=birth,
        why=why,
    )


def _ended(need: Need) -> Recognition:
    return Recognition(
        person_id=need.person_id,
        ground=need.ground,
        what=What.ENDED,
        follows=need.last,
        until_round=need.until_round,
        why="rule / 规则",
    )


def _grant(need: Need, what: str, by: Person, why: str) -> Recognition:
    # A claim that waited long is granted for what it asked, no longer than the rule now allows.
    rule = rule_in_force(need.ground, max(need.from_round, present_round()))
    return _write(
        Recognition(
            person_id=need.person_id,
            ground=need.ground,
            what=what,
            follows=need.last,
            from_round=need.from_round,
            until_round=last_round(rule, need.from_round, _asked_until(need)),
            beside_work=need.beside_work,
            rule=rule,
            by=by,
            why=why.strip(),
        )
    )


def _asked_until(need: Need) -> int | None:
    claimed = Recognition.objects.filter(person=need.person_id, id=need.id)
    return claimed.values_list("until_round", flat=True).get()


def _answer(
    need: Need, what: str, by: Person, why: str, *, until_round: int | None = None
) -> Recognition:
    return _write(
        Recognition(
            person_id=need.person_id,
            ground=need.ground,
            what=what,
            follows=need.last,
            until_round=until_round,
            by=by,
            why=why.strip(),
        )
    )


def _need(by: Person, person: UUID, event: UUID, state: str) -> Need:
    if by.pk == person:
        raise Rejected(Refusal.OWN_NEED)
    need = Need.objects.filter(person=person, last=event, state=state).first()
    if need is None:
        raise Rejected(Refusal.ANSWERED)
    return need


def _said(why: str) -> str:
    if not why.strip():
        raise Rejected(Refusal.SAY_WHY)
    return why.strip()


def _write(event: Recognition) -> Recognition:
    _write_all([event])
    return event


def _write_all(events: Iterable[Recognition]) -> None:
    try:
        with transaction.atomic():
            Recognition.objects.bulk_create(events, batch_size=2000)
    except IntegrityError as error:
        # A trigger names no constraint: it refused what the rule or the order of events forbids.
        outside = "the rule does not allow it" in str(error)
        unnamed = Refusal.OUTSIDE_THE_RULE if outside else Refusal.ANSWERED
        raise Rejected(REFUSED_BY.get(constraint_of(error), unnamed)) from error


def _ago(years: int) -> Func:
    """The day of birth of who is so many years old today, by the database's clock."""
    return Func(
        Value(years),
        template="(CURRENT_DATE - make_interval(years => %(expressions)s))::date",
        output_field=DateField(),
    )
