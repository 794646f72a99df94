"""Reading the roll."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.db.models.functions import Now

from ..actions import hash_of
from ..models import Duty, Ground, Person, Token

DUTIES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class NumbersOnTheRoll:
    """Persons on the roll: those who work, those on an allowance, those who may vote."""

    workers: int
    on_allowance: int
    voters: int


def numbers_on_the_roll() -> NumbersOnTheRoll:
    """How many are on the roll, by what counts in a round."""
    works = Q(ground=Ground.WORK)
    numbers = Person.objects.filter(left_at__isnull=True).aggregate(
        workers=Count("pk", filter=works),
        on_allowance=Count("pk", filter=~works),
        voters=Count("pk", filter=~Q(ground=Ground.CHILD)),
    )
    return NumbersOnTheRoll(**numbers)


def person_of_token(token: str) -> Person | None:
    """Whose key this is; None for one that is unknown, has expired, or whose person has left."""
    # Every request of a program begins with it: building the same query anew would take longest.
    found = Person.objects.raw(
        """
        SELECT person.* FROM people_token AS token
        JOIN people_person AS person ON person.id = token.person_id
        WHERE token.hash = %s AND token.expires_at > now() AND person.left_at IS NULL
        """,
        [hash_of(token)],
    )
    return next(iter(found), None)


def tokens_of(person: Person) -> list[Token]:
    """The person's tokens that have not expired, the newest first."""
    return list(person.tokens.filter(expires_at__gt=Now()).order_by("-made_at"))


def duties_of(person: Person) -> list[Duty]:
    """The public duties the person holds now."""
    return list(person.duties.filter(until__isnull=True).order_by("kind"))


def duties(page: int | str = 1) -> "Page[Duty]":
    """Who holds or held which duty, those held now first."""
    held = Duty.objects.select_related("person").order_by("-until", "-since", "id")
    return Paginator(held, DUTIES_A_PAGE).get_page(page)
