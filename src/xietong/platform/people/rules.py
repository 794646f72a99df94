"""Why the roll refuses, and who may do what."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Reason

from .models import Duty, Ground, Person


class Refusal(Reason):
    USERNAME_TAKEN = "username_taken"
    WEAK_PASSWORD = "weak_password"  # noqa: S105  a code, not a password
    WRONG_PASSWORD = "wrong_password"  # noqa: S105
    NOT_ON_DUTY = "not_on_duty"
    KEY_USED = "key_used"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.USERNAME_TAKEN: _("Somebody signs in by this name already"),
            cls.WEAK_PASSWORD: _("The password is too easy to guess"),
            cls.WRONG_PASSWORD: _("The present password is not right"),
            cls.NOT_ON_DUTY: _("The person does not hold this duty"),
            cls.KEY_USED: _("This was sent before, and it asked for something else"),
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


def _holds(person: Person, kind: Duty.Kind) -> bool:
    return person.is_active and person.duties.filter(kind=kind, until__isnull=True).exists()
