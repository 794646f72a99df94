"""What a person does takes place once, however often it is sent.

Whoever acts chooses a key, a UUID, for each thing they do. The same key with the same request
brings back the first answer; with another request it is refused. What was refused has left no
trace, so it can be sent again with the same key.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import sha256
from typing import Annotated, Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.http import HttpRequest
from ninja import Header

from xietong.platform.base import Rejected
from xietong.platform.record.chain import canonical

from .models import Person, Request
from .rules import Refusal

P = ParamSpec("P")
R = TypeVar("R")

Key = Annotated[
    UUID | None,
    Header(
        alias="Idempotency-Key",
        description="Chosen by you. The same key with the same request again gives the first "
        "answer and changes nothing; with another request it is refused.",
    ),
]


class Secret(str):
    """What nothing keeps of a request, not even a hash: whether it is the same says the rest."""


def once(act: Callable[P, R]) -> Callable[P, R]:
    """An action that takes place once for each `key` that the person who acts gives it.

    The action's first argument is that person; it declares `key: UUID | None = None` and leaves
    it alone. Without a key it simply acts. Its answer is None, a truth value, a number, a text, a
    row, or a list of these. Raises Rejected KEY_USED for a key that stands for something else.
    """
    signature = inspect.signature(act)
    name = f"{act.__module__.split('.')[2]}.{act.__name__}"

    @wraps(act)
    def acted(*args: P.args, **kwargs: P.kwargs) -> R:
        key = cast("UUID | None", kwargs.get("key"))
        if key is None:
            return act(*args, **kwargs)
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        person, *_ = given.args
        asked = {field: value for field, value in given.arguments.items() if field != "key"}
        body = sha256(canonical(cast("dict[str, object]", _plain(asked))).encode()).hexdigest()
        with transaction.atomic():
            if _is_first(person, key, name, body):
                answer = act(*args, **kwargs)
                Request.objects.filter(person=person, key=key).update(answer=[_kept(answer)])
                return answer
            first = Request.objects.get(person=person, key=key)
            if (first.action, first.body) != (name, body):
                raise Rejected(Refusal.KEY_USED)
            return cast(R, _answer(first.answer)[0])

    return acted


def key_of(request: HttpRequest) -> UUID | None:
    """The key that the form of a page carries (`{% once %}`); None if it has none that is one."""
    try:
        return UUID(request.POST.get("once", ""))
    except ValueError:
        return None


def _is_first(person: Person, key: UUID, action: str, body: str) -> bool:
    with connection.cursor() as cursor:
        # Whoever comes second waits here until the first is through, or has failed.
        cursor.execute(
            """
            INSERT INTO people_request (person_id, key, action, body) VALUES (%s, %s, %s, %s)
            ON CONFLICT (person_id, key) DO NOTHING
            """,
            [person.pk, key, action, body],
        )
        return bool(cursor.rowcount)


def _plain(value: object) -> object:
    """An argument as it is compared: rows by their key, sets in order."""
    match value:
        case Secret():
            return None
        case models.Model():
            return [value._meta.label_lower, _plain(value.pk)]
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case set() | frozenset():
            return sorted((_plain(inner) for inner in value), key=str)
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case None | bool() | int() | str():
            return value
    return str(value)


def _kept(answer: object) -> object:
    match answer:
        case None | bool() | int() | str():
            return answer
        case models.Model():
            return {"row": answer._meta.label_lower, "pk": _plain(answer.pk)}
        case list() | tuple():
            return [_kept(each) for each in answer]
    raise TypeError(f"{answer!r} cannot be given again")


def _answer(kept: Any) -> Any:
    match kept:
        case {"row": label, "pk": pk}:
            return apps.get_model(label)._default_manager.get(pk=pk)
        case list():
            return [_answer(each) for each in kept]
    return kept
