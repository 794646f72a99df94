"""Reading the public record."""

from collections.abc import Iterator
from decimal import Decimal

from django.core.paginator import Page, Paginator

from . import chain
from .models import Entry, Parameter, ParameterChange, Submission

ENTRIES_A_PAGE = 20
CHANGES_A_PAGE = 50


def parameter(code: str, default: Decimal | None = None) -> Decimal:
    """What a parameter stands at, or the default where nobody has defined it.

    Raises Parameter.DoesNotExist for an unknown code without a default.
    """
    known = Parameter.objects.filter(code=code).values_list("value", flat=True)
    if default is not None and not known.exists():
        return default
    return known.get()


def parameters() -> list[Parameter]:
    """Every parameter, by code."""
    return list(Parameter.objects.all())


def parameter_changes(page: int | str = 1) -> "Page[ParameterChange]":
    """What parameters were set to, the newest first."""
    changes = ParameterChange.objects.select_related("parameter")
    return Paginator(changes, CHANGES_A_PAGE).get_page(page)


def entries(page: int | str = 1) -> "Page[Entry]":
    """The record, the newest entry first."""
    return Paginator(Entry.objects.order_by("-number"), ENTRIES_A_PAGE).get_page(page)


def entry(number: int) -> Entry:
    """One entry. Raises Entry.DoesNotExist."""
    return Entry.objects.get(number=number)


def head() -> Entry | None:
    """The newest entry; whoever keeps its hash can later prove that nothing before it changed."""
    return Entry.objects.order_by("-number").first()


def waiting() -> int:
    """How many submissions the sequencer has not yet numbered."""
    return Submission.objects.filter(entry=None).count()


def export() -> Iterator[str]:
    """The whole record, one entry a line, each with its line break."""
    rows = Entry.objects.order_by("number").values_list(
        "number", "at", "kind", "body", "previous", "hash"
    )
    for number, at, kind, body, previous, hash in rows.iterator(chunk_size=1000):
        link = chain.Link(number, chain.timestamp(at), kind, body, previous, hash)
        yield chain.write(link) + "\n"
