"""A press on a button, as one use case: done, or refused in words, and back to the page."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from xietong.platform.base import Rejected


def done(request: HttpRequest, act: Callable[[], object], said: str, page: str) -> HttpResponse:
    """Does it, says so or why not, and leads back to the page of this name."""
    try:
        act()
    except Rejected as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect(page)


def misread(request: HttpRequest, page: str) -> HttpResponse:
    """What was sent cannot be read; back to the page of this name."""
    messages.error(request, _("Something is missing in what was sent. Please try again."))
    return redirect(page)


def id_in(request: HttpRequest, name: str) -> UUID | None:
    """An identifier that a form carries; None if it has none that is one."""
    return id_of(request.POST.get(name, ""))


def id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
