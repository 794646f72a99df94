"""Pages of the planning round. Everyone may look; who holds the planning duty moves it on."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xietong.platform.base import Rejected
from xietong.platform.people.models import Person
from xietong.platform.people.once import key_of

from . import actions, charts
from .forms import HorizonForm, NeedsForm
from .models import Round, Scenario
from .queries import needs, scenarios, standings, tasks
from .queries.scenarios import FileName
from .queries.standings import Standing, Step
from .rules import may_move_on

STEPS: dict[Step, Callable[..., object]] = {
    Step.BEGIN_DRAFTING: actions.begin_drafting,
    Step.DRAFT_AGAIN: actions.draft_again,
    Step.END_VOTE: actions.end_vote,
    Step.CLOSE: actions.close,
}


@require_safe
def where_we_are(request: HttpRequest) -> HttpResponse:
    under_way = standings.under_way()
    return render(
        request,
        "rounds/where_we_are.html",
        {
            "under_way": under_way,
            "being_drafted": any(each.being_drafted for each in under_way),
            "decision_pending": any(
                each.state in (Round.State.DRAFTING, Round.State.DECIDING) for each in under_way
            ),
            "phases": Round.State.choices,
            "may_move_on": _may_move_on(request),
            "page": standings.rounds(request.GET.get("page", 1)),
        },
    )


@require_safe
def one_round(request: HttpRequest, number: int) -> HttpResponse:
    standing = _standing(number)
    compared = scenarios.scenarios_of(number)
    context: dict[str, object] = {
        "round": standing,
        "phases": Round.State.choices,
        "scenarios": compared,
    }
    if compared:
        context |= {
            "needs_chart": charts.needs_met(compared),
            "hours_chart": charts.hours(compared),
            "groups": scenarios.differences_by_group(number),
            "products": scenarios.differences_by_product(number),
        }
    return render(request, "rounds/one_round.html", context)


@login_required
def next_step(request: HttpRequest, number: int) -> HttpResponse:
    standing = _standing(number)
    if not _may_move_on(request):
        raise PermissionDenied(_("Only a person who holds the planning duty may do this."))
    if request.method == "POST":
        try:
            step = Step(request.POST.get("step", ""))
        except ValueError as unknown:
            raise BadRequest("step") from unknown
        options: dict[str, int] = {}
        if step == Step.BEGIN_DRAFTING and "horizon" in request.POST:
            form = HorizonForm(request.POST)
            if not form.is_valid():
                return render(request, "rounds/next_step.html", {"round": standing, "form": form})
            options = form.cleaned_data
        try:
            STEPS[step](cast(Person, request.user), number=number, **options, key=key_of(request))
        except Rejected as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _done(step, number))
        return redirect("round")
    if standing.next_step is None:
        return redirect("round")
    form = HorizonForm(initial={"horizon": standing.horizon})
    return render(request, "rounds/next_step.html", {"round": standing, "form": form})


@require_safe
def scenario(request: HttpRequest, number: int, key: str) -> HttpResponse:
    found = _scenario(number, key)
    form = NeedsForm(request.GET, auto_id="needs_%s")
    form.is_valid()
    search, tier, cut = (form.cleaned_data.get(name) for name in ("q", "tier", "cut"))
    return render(
        request,
        "rounds/scenario.html",
        {
            "scenario": found,
            "number": number,
            "page": needs.needs_of(
                found,
                search=search or "",
                tier=tier or "",
                cut=bool(cut),
                page=request.GET.get("page", 1),
            ),
            "form": form,
            "narrowed": search or tier or cut,
        },
    )


@require_safe
def scenario_tasks(request: HttpRequest, number: int, key: str) -> HttpResponse:
    found = _scenario(number, key)
    page = tasks.tasks_of(found, request.GET.get("page", 1))
    return render(
        request,
        "rounds/scenario_tasks.html",
        {"scenario": found, "number": number, "page": page},
    )


@require_safe
def scenario_need(request: HttpRequest, number: int, key: str, need: str) -> HttpResponse:
    found = _scenario(number, key)
    try:
        # No text in PostgreSQL holds a NUL.
        figures = needs.need_of(found, need.replace("\0", ""))
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    return render(
        request,
        "rounds/scenario_need.html",
        {
            "scenario": found,
            "number": number,
            "need": figures,
            "product": figures.row.product,
            "flows": needs.flows_of(found, figures.row.product_id),
            "everywhere": needs.need_in_each_scenario(number, need),
        },
    )


@require_safe
def economy_file(request: HttpRequest, number: int, key: str) -> HttpResponse:
    return _file(number, key, "economy")


@require_safe
def plan_file(request: HttpRequest, number: int, key: str) -> HttpResponse:
    return _file(number, key, "plan")


def _file(number: int, key: str, name: FileName) -> HttpResponse:
    try:
        packed = scenarios.file_of(number, key, name)
    except Scenario.DoesNotExist as missing:
        raise Http404 from missing
    return HttpResponse(
        packed,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}.zip"'},
    )


def _standing(number: int) -> Standing:
    try:
        return standings.standing_of(number)
    except Round.DoesNotExist as missing:
        raise Http404 from missing


def _scenario(number: int, key: str) -> Scenario:
    try:
        return scenarios.scenario_of(number, key)
    except Scenario.DoesNotExist as missing:
        raise Http404 from missing


def _may_move_on(request: HttpRequest) -> bool:
    return isinstance(request.user, Person) and may_move_on(request.user)


def _done(step: Step, number: int) -> str:
    words = {
        Step.BEGIN_DRAFTING: _(
            "The orders of round %(number)s are taken; its plan is being drafted."
        ),
        Step.DRAFT_AGAIN: _("The plan of round %(number)s is being drafted once more."),
        Step.END_VOTE: _("The ballots of round %(number)s are counted."),
        Step.CLOSE: _("Round %(number)s is closed."),
    }
    return words[step] % {"number": number}
