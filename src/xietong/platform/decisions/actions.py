"""How a motion comes to the vote, how people vote on it, and how it is decided."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.credits import queries as credits
from xietong.platform.credits.rules import Refusal as CreditsRefusal
from xietong.platform.labour.models import Skill
from xietong.platform.people import rules as people
from xietong.platform.people.models import Ground, Person
from xietong.platform.people.once import once
from xietong.platform.people.queries import numbers_on_the_roll
from xietong.platform.people.rules import RuleDraft
from xietong.platform.record import rules as record
from xietong.platform.record.actions import submit
from xietong.platform.record.models import Parameter
from xietong.platform.ui.formats import chinese, percent
from xietong.voting import approval

from . import effects
from .models import Ballot, Motion, Option
from .rules import Refusal, may_call

# Parameters are kept to this many places.
MILLIONTH = Decimal("0.000001")
# Votes that end when who holds the planning duty has the ballots counted.


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """One thing people can agree to; `key` is what ballots and effects call it."""

    key: str
    title_en: str
    title_zh: str
    text_en: str = ""
    text_zh: str = ""


@transaction.atomic
def open_motion(
    *,
    effect: str,
    subject: Mapping[str, object],
    title_en: str,
    title_zh: str,
    text_en: str = "",
    text_zh: str = "",
    options: Sequence[OptionDraft],
) -> Motion:
    """Put something to the vote; in a tie the option that stands first here wins.

    `effect` names what happens by itself when it is decided, `subject` (JSON) what it works on.
    Raises Rejected OPTIONS_UNCLEAR for fewer than two options or keys that repeat, LookupError
    for an effect that nobody registered.
    """
    effects.registered(effect)
    if len({option.key for option in options}) != len(options) or len(options) < 2:
        raise Rejected(Refusal.OPTIONS_UNCLEAR)
    motion = Motion.objects.create(
        effect=effect,
        subject=subject,
        title_en=title_en,
        title_zh=title_zh,
        text_en=text_en,
        text_zh=text_zh,
        electorate=numbers_on_the_roll().voters,
    )
    Option.objects.bulk_create(
        Option(motion=motion, order=order, **asdict(option))
        for order, option in enumerate(options, start=1)
    )
    return motion


@once
@transaction.atomic
def put_parameter_to_vote(
    by: Person, *, code: str, values: Collection[Decimal], key: UUID | None = None
) -> Motion:
    """Let people choose a parameter's value: the present one or one of `values`.

    Raises Rejected NOT_YOUR_DUTY, ALREADY_OPEN, OPTIONS_UNCLEAR, or the record's
    UNKNOWN_PARAMETER and OUT_OF_BOUNDS.
    """
    if not may_call(by):
        raise Rejected(Refusal.NOT_YOUR_DUTY)
    parameter = Parameter.objects.select_for_update().filter(code=code).first()
    if parameter is None:
        raise Rejected(record.Refusal.UNKNOWN_PARAMETER, code)
    if Motion.objects.filter(
        state=Motion.State.OPEN, effect="set_parameter", subject__code=code
    ).exists():
        raise Rejected(Refusal.ALREADY_OPEN, code)
    if not all(record.within_bounds(parameter, value) for value in values):
        raise Rejected(record.Refusal.OUT_OF_BOUNDS, code)
    present = _plain(parameter.value)
    keys = [present, *sorted({_plain(value) for value in values} - {present}, key=Decimal)]
    return open_motion(
        effect="set_parameter",
        subject={"code": code, "values": {key: key for key in keys}},
        title_en=parameter.name_en,
        title_zh=parameter.name_zh,
        text_en="Approve every value you could live with. The one with most approvals holds.",
        text_zh="凡是可以接受的数值都可以勾选，赞成者最多的数值生效。",
        options=[
            OptionDraft(
                key=key,
                title_en=f"{key} {parameter.unit_en}".strip(),
                title_zh=f"{key} {parameter.unit_zh}".strip(),
                text_en="As it is now." if key == present else "",
                text_zh="维持现状。" if key == present else "",
            )
            for key in keys
        ],
    )


@once
@transaction.atomic
def put_spread_to_vote(
    by: Person,
    *,
    round_number: int,
    values: Collection[int],
    reading: UUID | None = None,
    key: UUID | None = None,
) -> Motion:
    """Let people choose how far skill factors may lie from 1, in thousandths, from a round on.

    The present spread can always be chosen; `reading` tells what the dial says of it. Raises
    Rejected NOT_YOUR_DUTY, ALREADY_OPEN, OPTIONS_UNCLEAR, or the record's OUT_OF_BOUNDS.
    """
    if not all(0 <= value < 1000 for value in values):
        raise Rejected(record.Refusal.OUT_OF_BOUNDS, "0 – 0.999")
    return _put_thousandths(
        by,
        effect="set_spread",
        subject={"round": round_number},
        present=credits.spread_in(round_number),
        values=values,
        reading=reading,
        title_en=f"How far may skill factors lie from 1, from round {round_number} on?",
        title_zh=f"从第{round_number}轮起，技能系数偏离1最多多少？",
    )


@once
@transaction.atomic
def put_factor_to_vote(
    by: Person,
    *,
    skill: Skill,
    round_number: int,
    values: Collection[int],
    key: UUID | None = None,
) -> Motion:
    """Let people choose what an hour by a skill counts, in thousandths, from a round on.

    The present factor can always be chosen. Raises Rejected NOT_YOUR_DUTY, ALREADY_OPEN,
    OPTIONS_UNCLEAR, or the credits' OUTSIDE_SPREAD.
    """
    spread = credits.spread_in(round_number)
    if any(abs(value - 1000) > spread for value in values):
        raise Rejected(CreditsRefusal.OUTSIDE_SPREAD)
    present = {line.skill: line.thousandths for line in credits.factors_in(round_number)}
    return _put_thousandths(
        by,
        effect="set_factor",
        subject={"skill": skill.code, "round": round_number},
        present=present[skill],
        values=values,
        title_en=f"What does an hour count, from round {round_number} on: {skill.name_en}",
        title_zh=f"从第{round_number}轮起，{skill.name_zh}一小时计多少？",
    )


def _put_thousandths(
    by: Person,
    *,
    effect: str,
    subject: Mapping[str, object],
    present: int,
    values: Collection[int],
    title_en: str,
    title_zh: str,
    reading: UUID | None = None,
) -> Motion:
    if not may_call(by):
        raise Rejected(Refusal.NOT_YOUR_DUTY)
    if Motion.objects.filter(
        state=Motion.State.OPEN, effect=effect, subject__contains=subject
    ).exists():
        raise Rejected(Refusal.ALREADY_OPEN)
    choices = [present, *sorted(set(values) - {present})]
    named = {value: _plain(Decimal(value) / 1000) for value in choices}
    return open_motion(
        effect=effect,
        subject={
            **subject,
            "values": {named[value]: value for value in choices},
            **({"reading": str(reading)} if reading else {}),
        },
        title_en=title_en,
        title_zh=title_zh,
        text_en="Approve every value you could live with. The one with most approvals holds.",
        text_zh="凡是可以接受的数值都可以勾选，赞成者最多的数值生效。",
        options=[
            OptionDraft(
                key=named[value],
                title_en=named[value],
                title_zh=named[value],
                text_en="As it is now." if value == present else "",
                text_zh="维持现状。" if value == present else "",
            )
            for value in choices
        ],
    )


@once
@transaction.atomic
def put_allowance_to_vote(
    by: Person, *, ground: str, alternatives: Sequence[RuleDraft], key: UUID | None = None
) -> Motion:
    """Let people choose by what rule a need is recognised: the present one or an alternative.

    What is chosen holds from the next round. Raises Rejected NOT_YOUR_DUTY, ALREADY_OPEN,
    OPTIONS_UNCLEAR, or the roll's NO_RULE and RULE_OUT_OF_BOUNDS.
    """
    if not may_call(by):
        raise Rejected(Refusal.NOT_YOUR_DUTY)
    rule = people.rule_in_force(ground, 2**31 - 1)
    if Motion.objects.filter(
        state=Motion.State.OPEN, effect="set_allowance_rule", subject__ground=ground
    ).exists():
        raise Rejected(Refusal.ALREADY_OPEN, str(rule.get_ground_display()))
    if not all(draft.within_bounds for draft in alternatives):
        raise Rejected(people.Refusal.RULE_OUT_OF_BOUNDS)
    present = RuleDraft(rule.share, rule.beside_share, rule.longest, rule.age_from, rule.age_to)
    drafts = [present, *(draft for draft in dict.fromkeys(alternatives) if draft != present)]
    names = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            names[language] = [
                _("Allowance: %(need)s") % {"need": rule.get_ground_display()},
                *map(_rule_in_words, drafts),
            ]
    (title_en, *texts_en), (title_zh, *texts_zh) = names.values()
    return open_motion(
        effect="set_allowance_rule",
        subject={
            "ground": ground,
            "rules": {str(order): asdict(draft) for order, draft in enumerate(drafts)},
        },
        title_en=title_en,
        title_zh=title_zh,
        text_en="Approve every rule you could live with. The one with most approvals holds.",
        text_zh="凡是可以接受的规则都可以勾选，赞成者最多的规则生效。",
        options=[
            OptionDraft(
                key=str(order),
                title_en=text_en,
                title_zh=text_zh,
                text_en="" if order else "As it is now.",
                text_zh="" if order else "维持现状。",
            )
            for order, (text_en, text_zh) in enumerate(zip(texts_en, texts_zh, strict=True))
        ],
    )


def _rule_in_words(draft: RuleDraft) -> str:
    """In the active language: what the rule says, clause by clause."""
    clauses = [
        _("%(share)s of a worker's mean credits") % {"share": percent(Decimal(draft.share) / 1000)}
    ]
    if draft.beside_share is not None:
        clauses.append(
            _("%(share)s beside work") % {"share": percent(Decimal(draft.beside_share) / 1000)}
        )
    if draft.longest is not None:
        clauses.append(_("%(rounds)s rounds at the longest") % {"rounds": draft.longest})
    if draft.age_from is not None:
        clauses.append(_("from age %(years)s") % {"years": draft.age_from})
    if draft.age_to is not None:
        clauses.append(_("until age %(years)s") % {"years": draft.age_to})
    return ("，" if chinese() else ", ").join(clauses)


def _plain(value: Decimal) -> str:
    return f"{value.quantize(MILLIONTH).normalize():f}"


@again_after_conflict
@once
@transaction.atomic
def cast_ballot(
    person: Person, *, motion: Motion, choices: Collection[str], key: UUID | None = None
) -> None:
    """Cast a person's ballot, or cast it anew: the options they agree to, by key.

    Raises Rejected NOT_ENTITLED, VOTE_IS_OVER, UNKNOWN_OPTION.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO decisions_ballot (person_id, motion_id, choices, cast_at)
                SELECT id, %(motion)s, %(choices)s::varchar[], now() FROM people_person
                WHERE id = %(person)s AND left_at IS NULL AND ground <> %(child)s
                ON CONFLICT (person_id, motion_id)
                DO UPDATE SET choices = excluded.choices, cast_at = excluded.cast_at
                """,
                {
                    "person": person.pk,
                    "motion": motion.pk,
                    "choices": sorted(set(choices)),
                    "child": Ground.CHILD,
                },
            )
            entitled = cursor.rowcount == 1
    except IntegrityError as error:
        # The table's trigger refused. Once over, a vote stays over: this cannot be a race.
        over = not Motion.objects.filter(pk=motion.pk, state=Motion.State.OPEN).exists()
        raise Rejected(Refusal.VOTE_IS_OVER if over else Refusal.UNKNOWN_OPTION) from error
    if not entitled:
        raise Rejected(Refusal.NOT_ENTITLED)


@once
@transaction.atomic
def end_vote(by: Person, *, motion: Motion, key: UUID | None = None) -> Motion:
    """Have the ballots of a vote counted that is not part of a round; what was chosen holds.

    Raises Rejected NOT_YOUR_DUTY, ENDS_ELSEWHERE, and what `decide` raises.
    """
    if not may_call(by):
        raise Rejected(Refusal.NOT_YOUR_DUTY)
    if not effects.ended_by_hand(motion.effect):
        raise Rejected(Refusal.ENDS_ELSEWHERE)
    return decide(motion)


@transaction.atomic
def decide(motion: Motion) -> Motion:
    """Count the ballots, put the result on record and let its effect happen, all or nothing.

    Raises Rejected VOTE_IS_OVER, NO_BALLOTS when nobody agrees to any option, and what the
    effect raises.
    """
    decided = Motion.objects.select_for_update().get(pk=motion.pk)
    if decided.state != Motion.State.OPEN:
        raise Rejected(Refusal.VOTE_IS_OVER)
    options = {option.key: option for option in decided.options.order_by("order")}
    keys = list(options)
    ballots = Ballot.objects.filter(motion=decided).values_list("choices", flat=True)
    tally = approval.tally(
        (frozenset(choices) for choices in ballots.iterator()), keys, tie_break=keys
    )
    if not any(tally.counts.values()):
        raise Rejected(Refusal.NO_BALLOTS)
    decided.state = Motion.State.DECIDED
    decided.decided_at = timezone.now()
    decided.winner = tally.winner
    decided.tally = {
        "counts": tally.counts,
        "ballots": tally.ballots,
        "tied": list(tally.tied) if len(tally.tied) > 1 else [],
    }
    decided.save(update_fields=["state", "decided_at", "winner", "tally"])
    submit(
        "vote",
        {
            "motion": decided.pk,
            "title_en": decided.title_en,
            "title_zh": decided.title_zh,
            "effect": decided.effect,
            "subject": decided.subject,
            "winner": decided.winner,
            "chosen_en": options[decided.winner].title_en,
            "chosen_zh": options[decided.winner].title_zh,
            "electorate": decided.electorate,
            **decided.tally,
        },
    )
    effects.registered(decided.effect)(decided)
    return decided
