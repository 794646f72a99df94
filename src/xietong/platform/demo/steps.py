"""What every step of life in the demo country uses: seeded draws, progress, many at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from queue import Queue
from threading import Thread
from typing import Protocol, TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

import numpy as np
from django.db import connection

from xietong.platform.people.models import Duty, Person

from . import assumptions as assumed

WORKERS = 3  # persons acting at once
T = TypeVar("T")


class Track(Protocol):
    """Goes through the items, showing how far it is under the title."""

    def __call__(self, items: Sequence[T], title: str, /) -> Iterable[T]: ...


@dataclass(frozen=True)
class Draw:
    """Random numbers of one step of one round, the same whatever was done before."""

    round_number: int
    step: str

    @property
    def rng(self) -> np.random.Generator:
        return np.random.default_rng([assumed.SEED, self.round_number, *self.step.encode()])

    def key(self, *of: object) -> UUID:
        return uuid5(NAMESPACE_OID, "/".join(map(str, (self.round_number, self.step, *of))))


def hurry() -> None:
    """Let the disk follow when it can: a demo that loses power is played on from where it was."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


def at_once(act: Callable[[T], None], items: Sequence[T], track: Track, title: str) -> None:
    """Let several people act at the same time, as they would."""
    done: Queue[Exception | None] = Queue()

    def one_after_another(stripe: Sequence[T]) -> None:
        try:
            hurry()
            for item in stripe:
                act(item)
                done.put(None)
        except Exception as error:
            done.put(error)
        finally:
            connection.close()

    crowd = [
        Thread(target=one_after_another, args=(items[first::WORKERS],), daemon=True)
        for first in range(WORKERS)
    ]
    for thread in crowd:
        thread.start()
    for _ in track(items, title):
        if error := done.get():
            raise error
    for thread in crowd:
        thread.join()


def on_duty(kind: Duty.Kind) -> Person:
    """Who holds a duty of this kind."""
    return Person.objects.get(duties__kind=kind, duties__until__isnull=True)


def planner() -> Person:
    return on_duty(Duty.Kind.PLANNING)


def everyone() -> list[Person]:
    """All on the roll, in the order in which they came."""
    return list(Person.objects.filter(left_at__isnull=True).order_by("id"))
