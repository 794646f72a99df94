"""Why the roll refuses, and who may do what."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Reason, Rejected

from .models import Duty, Ground, NeedRule, Person, Turn

# Within so many days somebody decides an appeal; after that it is shown as overdue.
DAYS_TO_HEAR_AN_APPEAL = 14


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a rule of allowances says; see `models.NeedRule` for units and bounds."""

    share: int
    beside_share: int | None = None
    longest: int | None = None
    age_from: int | None = None
    age_to: int | None = None

    @property
    def within_bounds(self) -> bool:
        """Whether the database would take it."""
        return (
            200 <= self.share <= 1000
            and (self.beside_share is None or 0 < self.beside_share < self.share)
            and (self.longest is None or 1 <= self.longest <= 600)
            and (self.age_from is None or 0 <= self.age_from <= 120)
            and (self.age_to is None or (self.age_from or 0) < self.age_to <= 120)
        )


class Refusal(Reason):
    USERNAME_TAKEN = "username_taken"
    WEAK_PASSWORD = "weak_password"  # noqa: S105  a code, not a password
    WRONG_PASSWORD = "wrong_password"  # noqa: S105
    NOT_ON_DUTY = "not_on_duty"
    KEY_USED = "key_used"
    UNKNOWN_PERSON = "unknown_person"
    NO_RULE = "no_rule"
    RULE_OUT_OF_BOUNDS = "rule_out_of_bounds"
    OUTSIDE_THE_RULE = "outside_the_rule"
    ROUND_IS_PAST = "round_is_past"
    SAY_WHY = "say_why"
    CLAIMED_ALREADY = "claimed_already"
    LIVES_BY_ANOTHER = "lives_by_another"
    OWN_NEED = "own_need"
    SAME_OFFICIAL = "same_official"
    ANSWERED = "answered"
    IN_A_HOUSEHOLD = "in_a_household"
    NOT_IN_YOUR_HOUSEHOLD = "not_in_your_household"
    INVITED_ALREADY = "invited_already"
    NOT_YOURS_TO_AGREE = "not_yours_to_agree"
    CHILDREN_REMAIN = "children_remain"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.USERNAME_TAKEN: _("Somebody signs in by this name already"),
            cls.WEAK_PASSWORD: _("The password is too easy to guess"),
            cls.WRONG_PASSWORD: _("The present password is not right"),
            cls.NOT_ON_DUTY: _("The person does not hold this duty"),
            cls.KEY_USED: _("This was sent before, and it asked for something else"),
            cls.UNKNOWN_PERSON: _("Nobody on the roll signs in by this name"),
            cls.NO_RULE: _("There is no rule for this need in that round"),
            cls.RULE_OUT_OF_BOUNDS: _("A rule of allowances has to stay within its bounds"),
            cls.OUTSIDE_THE_RULE: _("The rule of this need does not allow that"),
            cls.ROUND_IS_PAST: _("This has to begin in the present round or later"),
            cls.SAY_WHY: _("Say why in a few words"),
            cls.CLAIMED_ALREADY: _("This need is claimed or recognised already"),
            cls.LIVES_BY_ANOTHER: _("Another need is recognised in place of work already"),
            cls.OWN_NEED: _("Nobody decides on their own need"),
            cls.SAME_OFFICIAL: _("An appeal is decided by somebody else than who refused"),
            cls.ANSWERED: _("There is nothing here to answer, or it has been answered already"),
            cls.IN_A_HOUSEHOLD: _("Whoever joins a household has to leave the present one first"),
            cls.NOT_IN_YOUR_HOUSEHOLD: _("Only an adult of the household can do this"),
            cls.INVITED_ALREADY: _("This person is invited, or lives in the household already"),
            cls.NOT_YOURS_TO_AGREE: _("There is no invitation for you to answer"),
            cls.CHILDREN_REMAIN: _("The last adult of a household does not leave its children"),
        }


def may_vote(person: Person) -> bool:
    """Whether the person is on the roll and not a child."""
    return person.is_active and person.ground != Ground.CHILD


def may_plan(person: Person) -> bool:
    """Whether the person holds the duty of planning now."""
    return _holds(person, Duty.Kind.PLANNING)


def may_enrol(person: Person) -> bool:
    """Whether the person holds the duty of enrolment now."""
    return _holds(person, Duty.Kind.ENROLMENT)


def may_recognise(person: Person) -> bool:
    """Whether the person holds the duty of recognising needs now."""
    return _holds(person, Duty.Kind.ALLOWANCES)


def may_hear_appeals(person: Person) -> bool:
    """Whether the person holds the duty of deciding appeals now."""
    return _holds(person, Duty.Kind.APPEALS)


def may_answer_needs(person: Person) -> bool:
    """Whether the person holds the duty of recognising needs, or that of deciding appeals."""
    kinds = [Duty.Kind.ALLOWANCES, Duty.Kind.APPEALS]
    return person.is_active and person.duties.filter(kind__in=kinds, until__isnull=True).exists()


def present_round() -> int:
    """The newest round that has started, or the first while none has."""
    newest = Turn.objects.order_by("-number").values_list("number", flat=True).first()
    return newest or 1


def rule_in_force(ground: str, round_number: int) -> NeedRule:
    """By what rule a need is recognised in a round. Raises Rejected NO_RULE."""
    found = (
        NeedRule.objects.filter(ground=ground, from_round__lte=round_number)
        .order_by("-from_round", "-id")
        .first()
    )
    if found is None:
        raise Rejected(Refusal.NO_RULE, str(Ground(ground).label))
    return found


def last_round(rule: NeedRule, from_round: int, until_round: int | None) -> int | None:
    """Until when a need that begins then is recognised: as asked, but no longer than the rule."""
    if rule.longest is None:
        return until_round
    longest = from_round + rule.longest - 1
    return longest if until_round is None else min(until_round, longest)


def _holds(person: Person, kind: Duty.Kind) -> bool:
    return person.is_active and person.duties.filter(kind=kind, until__isnull=True).exists()
