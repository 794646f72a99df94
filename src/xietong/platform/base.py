"""What every room stands on: time-ordered identifiers, names in two languages, refusals, guards."""

import uuid
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pgtrigger
import uuid_utils.compat
from django.db import IntegrityError, OperationalError, connection, models
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils.translation import get_language

# So many persons at least stand behind a sum that others may read.
SMALLEST_CELL = 10
# A trigger's condition: not where it is forgotten who took what, which the application, as the
# database knows it, can only ask for by the function `needs_forget`.
NOT_FORGETTING = pgtrigger.Condition(
    "coalesce(current_setting('xietong.forgetting', true), '') <> 'on'"
    " OR current_user = 'xietong_app'"
)

P = ParamSpec("P")
R = TypeVar("R")

# PostgreSQL's codes (SQLSTATE) for a serialization failure and for a deadlock.
CONFLICTS = ("40001", "40P01")
TRIES = 8


def uuid7() -> uuid.UUID:
    """A time-ordered identifier (RFC 9562, version 7)."""
    return uuid_utils.compat.uuid7()


class Rejected(Exception):
    """An action was refused and nothing was written.

    ``reason`` is a member of the room's enumeration of refusals, whose label says in the
    reader's language what was wrong; ``detail`` names the thing concerned.
    """

    def __init__(self, reason: "Reason", detail: str = "") -> None:
        super().__init__(reason.value, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        label = str(self.reason.label)
        return f"{label} ({self.detail})" if self.detail else label


class Reason(StrEnum):
    """Base of each room's enumeration of refusals: ``CODE = "code"``; labels in ``labels()``."""

    @property
    def label(self) -> str:
        return str(type(self).labels()[self.value])

    @classmethod
    def labels(cls) -> dict[str, Any]:
        raise KeyError(f"{cls.__name__} names no labels")


def constraint_of(error: IntegrityError) -> str:
    """The name of the database constraint that was violated, or "" where a trigger refused."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def again_after_conflict(act: Callable[P, R]) -> Callable[P, R]:
    """An action that begins anew when PostgreSQL broke it off for the sake of another transaction.

    A deadlock or a serialization failure says nothing about what was asked: the next try may well
    succeed. Inside a larger transaction, only that one can begin anew, so nothing is tried again;
    there, and when no try succeeds, the database's own OperationalError is raised.
    """

    @wraps(act)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES - 1):
            try:
                return act(*args, **kwargs)
            except OperationalError as error:
                conflict = getattr(error.__cause__, "sqlstate", None) in CONFLICTS
                if connection.in_atomic_block or not conflict:
                    raise
        return act(*args, **kwargs)

    return tried


class Named(models.Model):
    """Something with a name in English and in Chinese, known by a short code."""

    code = models.CharField(primary_key=True, max_length=80)
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


def moment() -> "models.DateTimeField[datetime | Combinable, datetime]":
    """A column with the time at which the row was written, by the database's clock."""
    return models.DateTimeField(db_default=Now(), editable=False)


class AppendOnly(pgtrigger.Protect):
    """Rows are written once, and neither changed nor deleted."""

    operation = pgtrigger.Update | pgtrigger.Delete


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Triggers by which rows can be written once and neither changed nor deleted."""
    return [AppendOnly(name=f"{name}_append_only")]


def forgettable(name: str) -> list[pgtrigger.Trigger]:
    """As `append_only`, until it is forgotten who took what; sums are kept before."""
    return [AppendOnly(name=f"{name}_append_only", condition=NOT_FORGETTING)]


def is_append_only(model: type[models.Model]) -> bool:
    return any(isinstance(trigger, AppendOnly) for trigger in getattr(model._meta, "triggers", []))


class Derived(pgtrigger.Trigger):
    """Columns that only the database's own triggers may write (sums of an append-only table)."""

    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Insert | pgtrigger.Delete

    def get_func(self, model: models.Model) -> str:
        return f"""
            IF pg_trigger_depth() <= 1 THEN
                RAISE EXCEPTION '{model._meta.db_table} is a sum: write its entries instead'
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """
