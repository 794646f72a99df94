"""Pages of what is voted on. Everyone may look; who is entitled votes."""

from decimal import Decimal
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xietong.platform.base import Rejected
from xietong.platform.credits import queries as credits
from xietong.platform.labour.models import Skill
from xietong.platform.people.models import Person
from xietong.platform.people.once import key_of

from . import actions, charts, queries
from .effects import ended_by_hand
from .forms import FACTOR, SPREAD, AllowanceVoteForm, ParameterVoteForm
from .models import Motion
from .rules import Refusal, may_call, may_vote


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    return render(
        request,
        "decisions/decisions.html",
        {
            "open": queries.open_motions(person),
            "page": queries.decided_motions(request.GET.get("page", 1)),
            "entitled": person is not None and may_vote(person),
            "may_call": person is not None and may_call(person),
        },
    )


@require_safe
def decision(request: HttpRequest, motion_id: UUID) -> HttpResponse:
    return _decision(request, _motion(motion_id))


@require_POST
@login_required
def vote(request: HttpRequest, motion_id: UUID) -> HttpResponse:
    motion = _motion(motion_id)
    choices = request.POST.getlist("choices")
    try:
        actions.cast_ballot(
            cast(Person, request.user), motion=motion, choices=choices, key=key_of(request)
        )
    except Rejected as why:
        return _refused(request, motion, why)
    messages.success(request, _("Your ballot is cast. You can change it until the vote ends."))
    return redirect("decision", motion_id)


@require_POST
@login_required
def end_vote(request: HttpRequest, motion_id: UUID) -> HttpResponse:
    motion = _motion(motion_id)
    try:
        actions.end_vote(cast(Person, request.user), motion=motion, key=key_of(request))
    except Rejected as why:
        return _refused(request, motion, why)
    return redirect("decision", motion_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def put_to_vote(request: HttpRequest) -> HttpResponse:
    person = cast(Person, request.user)
    if not may_call(person):
        raise PermissionDenied
    form = ParameterVoteForm(request.POST or None)
    if form.is_valid():
        try:
            motion = _put(person, **form.cleaned_data, key=key_of(request))
        except Rejected as why:
            form.add_error(None, str(why))
        else:
            return redirect("decision", motion.pk)
    return _put_to_vote(request, form, AllowanceVoteForm())


@require_POST
@login_required
def put_allowance_to_vote(request: HttpRequest) -> HttpResponse:
    person = cast(Person, request.user)
    if not may_call(person):
        raise PermissionDenied
    form = AllowanceVoteForm(request.POST)
    if form.is_valid():
        try:
            motion = actions.put_allowance_to_vote(
                person,
                ground=form.cleaned_data["ground"],
                alternatives=[form.draft()],
                key=key_of(request),
            )
        except Rejected as why:
            form.add_error(None, str(why))
        else:
            return redirect("decision", motion.pk)
    return _put_to_vote(request, ParameterVoteForm(), form)


def _put_to_vote(
    request: HttpRequest, form: ParameterVoteForm, allowance: AllowanceVoteForm
) -> HttpResponse:
    status = 422 if form.is_bound or allowance.is_bound else 200
    context = {"form": form, "allowance": allowance}
    return render(request, "decisions/put_to_vote.html", context, status=status)


def _put(person: Person, *, code: str, values: list[Decimal], key: UUID | None) -> Motion:
    thousandths = [round(value * 1000) for value in values]
    if code == SPREAD:
        return actions.put_spread_to_vote(
            person,
            round_number=credits.first_unrated_round(),
            values=thousandths,
            key=key,
        )
    if code.startswith(FACTOR):
        return actions.put_factor_to_vote(
            person,
            skill=Skill.objects.get(code=code.removeprefix(FACTOR)),
            round_number=credits.first_unrated_round(),
            values=thousandths,
            key=key,
        )
    return actions.put_parameter_to_vote(person, code=code, values=values, key=key)


def _decision(request: HttpRequest, motion: Motion, *, status: int = 200) -> HttpResponse:
    person = _person(request)
    results = queries.results(motion)
    context = {
        "motion": motion,
        "results": results,
        "ballot": queries.ballot_of(person, motion) if person else None,
        "entitled": person is not None and may_vote(person),
        "may_end": ended_by_hand(motion.effect) and person is not None and may_call(person),
        "chart": charts.approvals(results) if motion.tally else "",
    }
    return render(request, "decisions/decision.html", context, status=status)


def _refused(request: HttpRequest, motion: Motion, why: Rejected) -> HttpResponse:
    if why.reason in (Refusal.NOT_ENTITLED, Refusal.NOT_YOUR_DUTY):
        raise PermissionDenied(str(why))
    messages.error(request, str(why))
    return _decision(request, _motion(motion.pk), status=409)


def _motion(motion_id: UUID) -> Motion:
    try:
        return queries.motion(motion_id)
    except Motion.DoesNotExist:
        raise Http404 from None


def _person(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None
