"""Persons on the roll, their households, and the needs that are recognised of them."""

from .households import Household, Membership
from .needs import NEEDS, Birth, Need, NeedRule, Recognition, Turn
from .roll import Duty, Ground, Person, PersonManager, Request, Token

__all__ = [
    "NEEDS",
    "Birth",
    "Duty",
    "Ground",
    "Household",
    "Membership",
    "Need",
    "NeedRule",
    "Person",
    "PersonManager",
    "Recognition",
    "Request",
    "Token",
    "Turn",
]
