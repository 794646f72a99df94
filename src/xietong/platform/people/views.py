"""Signing in and out, one's own page, the public list of duties, and enrolment."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xietong.platform.base import Rejected

from . import actions, queries
from .forms import EnrolmentForm, PasswordForm
from .models import Ground, Person
from .rules import may_enrol


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, str]
) -> HttpResponse:
    """What stands in place of an answer after too many wrong passwords for one name."""
    message = _("Too many wrong passwords for this name. Try again in a quarter of an hour.")
    if request.resolver_match and request.resolver_match.namespaces == ["api"]:
        refused = {"reason": "locked_out", "message": message, "detail": ""}
        return JsonResponse(refused, status=429)
    return render(request, "people/locked_out.html", {"message": message}, status=429)


@require_safe
@never_cache
@login_required
def me(request: HttpRequest) -> HttpResponse:
    return _me(request, PasswordForm())


@require_POST
@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _me(request, form, status=422)
    person = _person(request)
    try:
        actions.change_password(person, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
    except Rejected as why:
        form.add_error(None, str(why))
        return _me(request, form, status=409)
    update_session_auth_hash(request, person)
    messages.success(request, _("Your password is changed. All your tokens have ended."))
    return redirect("me")


@require_POST
@never_cache
@login_required
def make_token(request: HttpRequest) -> HttpResponse:
    # Shown in this answer and never again: only the hash is kept.
    return _me(request, PasswordForm(), token=actions.make_token(_person(request)))


@require_POST
@login_required
def revoke_token(request: HttpRequest) -> HttpResponse:
    actions.revoke_token(_person(request), hash=request.POST.get("token", ""))
    messages.success(request, _("The token has ended."))
    return redirect("me")


@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "people/duties.html",
        {
            "page": queries.duties(request.GET.get("page", 1)),
            "may_enrol": request.user.is_authenticated and may_enrol(_person(request)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def enrol(request: HttpRequest) -> HttpResponse:
    if not may_enrol(_person(request)):
        raise PermissionDenied
    form = EnrolmentForm(request.POST or None)
    if form.is_valid():
        filled = form.cleaned_data
        try:
            person = actions.enrol(
                username=filled["username"],
                name=filled["name"],
                password=filled["password"],
                ground=Ground(filled["ground"]),
            )
        except Rejected as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, _("%(name)s is on the roll.") % {"name": person.name})
            return redirect("enrol")
    return render(
        request, "people/enrol.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _me(
    request: HttpRequest, form: PasswordForm, *, token: str = "", status: int = 200
) -> HttpResponse:
    person = _person(request)
    context = {
        "person": person,
        "duties": queries.duties_of(person),
        "tokens": queries.tokens_of(person),
        "form": form,
        "token": token,
    }
    return render(request, "people/me.html", context, status=status)


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)
