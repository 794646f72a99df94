"""Why the record refuses, and what a parameter can be set to."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Reason

from .models import Parameter


class Refusal(Reason):
    UNKNOWN_PARAMETER = "unknown_parameter"
    OUT_OF_BOUNDS = "out_of_bounds"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.UNKNOWN_PARAMETER: _("There is no such parameter"),
            cls.OUT_OF_BOUNDS: _("The value lies outside the bounds of the parameter"),
        }


def within_bounds(parameter: Parameter, value: Decimal) -> bool:
    """Whether votes may set the parameter to this value."""
    return value.is_finite() and parameter.lowest <= value <= parameter.highest
