"""Signing in and out, one's own page, the public list of duties, and enrolment."""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

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
from .forms import ClaimForm, EnrolmentForm, InviteForm, PasswordForm
from .models import Ground, Person
from .once import Secret, key_of
from .rules import (
    DAYS_TO_HEAR_AN_APPEAL,
    may_answer_needs,
    may_enrol,
    may_recognise,
    present_round,
)


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
            "waiting": queries.waiting_numbers(),
            "may_answer": request.user.is_authenticated and may_answer_needs(_person(request)),
            "may_enrol": request.user.is_authenticated and may_enrol(_person(request)),
        },
    )


@require_safe
@never_cache
@login_required
def my_needs(request: HttpRequest) -> HttpResponse:
    return _my_needs(request)


@require_POST
@login_required
def claim_need(request: HttpRequest) -> HttpResponse:
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return _my_needs(request, claim=form, status=422)
    try:
        actions.claim_need(_person(request), **form.cleaned_data, key=key_of(request))
    except Rejected as why:
        form.add_error(None, str(why))
        return _my_needs(request, claim=form, status=409)
    messages.success(request, _("Your claim waits for an answer, which you will read here."))
    return redirect("my-needs")


@require_POST
@login_required
def appeal(request: HttpRequest) -> HttpResponse:
    return _own_step(
        request,
        lambda person, id_of: actions.appeal(
            person, event=id_of("event"), why=request.POST.get("why", ""), key=key_of(request)
        ),
        _("Your appeal goes to somebody else than who decided before."),
    )


@require_POST
@login_required
def end_need(request: HttpRequest) -> HttpResponse:
    return _own_step(
        request,
        lambda person, id_of: actions.end_need(
            person, person=person.pk, event=id_of("event"), key=key_of(request)
        ),
        _("It has ended. The allowance of the present round was the last."),
    )


@require_POST
@login_required
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _my_needs(request, invite=form, status=422)
    try:
        actions.invite(_person(request), **form.cleaned_data, key=key_of(request))
    except Rejected as why:
        form.add_error(None, str(why))
        return _my_needs(request, invite=form, status=409)
    messages.success(request, _("The invitation waits for an answer."))
    return redirect("my-needs")


@require_POST
@login_required
def accept_invitation(request: HttpRequest) -> HttpResponse:
    return _own_step(
        request,
        lambda person, id_of: actions.accept_invitation(
            person,
            person=id_of("person"),
            invitation=id_of("invitation"),
            key=key_of(request),
        ),
        _("The household has one member more."),
    )


@require_POST
@login_required
def decline_invitation(request: HttpRequest) -> HttpResponse:
    return _own_step(
        request,
        lambda person, id_of: actions.decline_invitation(
            person, invitation=id_of("invitation"), key=key_of(request)
        ),
        _("The invitation is taken back."),
    )


@require_POST
@login_required
def leave_household(request: HttpRequest) -> HttpResponse:
    return _own_step(
        request,
        lambda person, id_of: actions.leave_household(
            person, person=id_of("person"), key=key_of(request)
        ),
        _("The household has one member less."),
    )


@require_safe
@never_cache
@login_required
def needs_waiting(request: HttpRequest) -> HttpResponse:
    return _needs_waiting(request)


@require_POST
@login_required
def answer_need(request: HttpRequest) -> HttpResponse:
    """Grant or refuse a claim, uphold or dismiss an appeal."""
    person, sent = _person(request), request.POST
    why, key, yes = sent.get("why", ""), key_of(request), sent.get("answer") == "yes"
    if not may_answer_needs(person):
        raise PermissionDenied
    try:
        whose, event = UUID(sent.get("person", "")), UUID(sent.get("event", ""))
        if sent.get("appeal"):
            actions.answer_appeal(person, person=whose, event=event, uphold=yes, why=why, key=key)
        else:
            actions.answer_claim(person, person=whose, claim=event, grant=yes, why=why, key=key)
    except ValueError:
        return _needs_waiting(request, status=422)
    except Rejected as refused:
        messages.error(request, str(refused))
        return _needs_waiting(request, status=409)
    messages.success(request, _("Answered. The person reads it on their own page."))
    return redirect("needs-waiting")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def needs_of_another(request: HttpRequest) -> HttpResponse:
    """What is recognised of one person, by the name they sign in by, and where it is ended."""
    person, username = _person(request), request.GET.get("username", "").replace("\0", "")
    if not may_recognise(person):
        raise PermissionDenied
    status = 200
    if request.method == "POST":
        sent = request.POST
        try:
            actions.end_need(
                person,
                person=UUID(sent.get("person", "")),
                event=UUID(sent.get("event", "")),
                why=sent.get("why", ""),
                key=key_of(request),
            )
        except ValueError:
            status = 422
        except Rejected as refused:
            messages.error(request, str(refused))
            status = 409
        else:
            messages.success(
                request,
                _("It has ended; the person reads why, and can appeal to somebody else."),
            )
            return redirect(f"{request.path}?{urlencode({'username': username})}")
    found = queries.recognised_of(person, username) if username else None
    context = {"username": username, "found": found, "round_number": present_round()}
    return render(request, "people/needs_of_another.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def enrol(request: HttpRequest) -> HttpResponse:
    if not may_enrol(_person(request)):
        raise PermissionDenied
    form = EnrolmentForm(request.POST or None)
    if form.is_valid():
        filled = form.cleaned_data
        try:
            person = actions.enrol_by(
                _person(request),
                username=filled["username"],
                name=filled["name"],
                password=Secret(filled["password"]),
                ground=Ground(filled["ground"]),
                born=filled["born"],
                parents=filled["parents"].split(),
                key=key_of(request),
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


def _my_needs(
    request: HttpRequest,
    *,
    claim: ClaimForm | None = None,
    invite: InviteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person, present = _person(request), present_round()
    context = {
        "person": person,
        "needs": queries.needs_of(person),
        "home": queries.my_household(person),
        "round_number": present,
        "days": DAYS_TO_HEAR_AN_APPEAL,
        "claim": claim or ClaimForm(initial={"from_round": present}),
        "invite": invite or InviteForm(),
    }
    return render(request, "people/my_needs.html", context, status=status)


def _own_step(
    request: HttpRequest, act: Callable[[Person, Callable[[str], UUID]], object], done: str
) -> HttpResponse:
    """Act, given the person and what reads an id from the form by its name."""
    try:
        act(_person(request), lambda name: UUID(request.POST.get(name, "")))
    except ValueError:
        return _my_needs(request, status=422)
    except Rejected as why:
        messages.error(request, str(why))
        return _my_needs(request, status=409)
    messages.success(request, done)
    return redirect("my-needs")


def _needs_waiting(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    person = _person(request)
    if not may_answer_needs(person):
        raise PermissionDenied
    context = {
        "claims": queries.claims_waiting(person, request.GET.get("page", 1)),
        "appeals": queries.appeals_waiting(person, request.GET.get("appeals", 1)),
        "may_recognise": may_recognise(person),
        "days": DAYS_TO_HEAR_AN_APPEAL,
    }
    return render(request, "people/needs_waiting.html", context, status=status)


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)
