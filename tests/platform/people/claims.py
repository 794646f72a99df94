"""Events of needs, and what has become of them, for the tests of needs."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from xietong.platform.base import Rejected
from xietong.platform.people import actions
from xietong.platform.people.models import (
    Ground,
    Need,
    NeedRule,
    Person,
    Recognition,
)
from xietong.platform.people.rules import Refusal

if TYPE_CHECKING:
    pass


def insert(person: Person, what: str, **values: Any) -> UUID:
    """An event written past the actions as it is given."""
    event = {
        "what": what,
        "ground": "care",
        "from_round": 1 if what in ("claimed", "granted", "upheld") else None,
        "why": "why",
        **values,
    }
    with transaction.atomic():
        return Recognition.objects.create(person=person, **event).id


def refused_by(why: pytest.ExceptionInfo[IntegrityError], *words: str) -> None:
    assert any(word in str(why.value) for word in words), why.value


def rule_of(ground: str) -> UUID:
    return NeedRule.objects.filter(ground=ground).order_by("-id")[0].pk


def state_of(person: Person, ground: str = "care") -> str:
    return Need.objects.filter(person=person, ground=ground).order_by("-id")[0].state


def ground_of(person: Person) -> str:
    return Person.objects.get(pk=person.pk).ground


def years_ago(years: int) -> date:
    today = timezone.now().date()
    return today.replace(year=today.year - years, day=min(today.day, 28)) - timedelta(days=3)


def claim(person: Person, ground: Ground = Ground.CARE, *, beside: bool = False) -> Recognition:
    return actions.claim_need(
        person, ground=ground, from_round=1, why="because", beside_work=beside
    )


def refusal_of(act: Callable[[], object]) -> Refusal:
    with pytest.raises(Rejected) as why:
        act()
    return Refusal(why.value.reason)
