"""Pages of the enterprises. Everyone may look; members report."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xietong.platform.base import Rejected
from xietong.platform.people.models import Person

from . import actions, queries
from .forms import ReportForm
from .models import Enterprise


@require_safe
def enterprises(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("q", "").replace("\0", "").strip()
    return render(
        request,
        "enterprises/enterprises.html",
        {"search": search, "page": queries.enterprises(search, request.GET.get("page", 1))},
    )


@require_safe
def one_enterprise(request: HttpRequest, code: str) -> HttpResponse:
    try:
        enterprise = queries.enterprise_of(code)
    except Enterprise.DoesNotExist as missing:
        raise Http404 from missing
    members = queries.members_of(enterprise)
    return render(
        request,
        "enterprises/one_enterprise.html",
        {
            "enterprise": enterprise,
            "members": len(members),
            "managers": [member.person for member in members if member.manages],
            **public_context(request, enterprise),
        },
    )


def public_context(request: HttpRequest, enterprise: Enterprise) -> dict[str, object]:
    """What everyone can see of an enterprise: its tasks, its stock, its reports."""
    round_number = queries.latest_round()
    return {
        "round_number": round_number,
        "running": round_number is not None and queries.open_round() == round_number,
        "sheet": None if round_number is None else queries.tasks_of(enterprise, round_number),
        "stock": queries.stock_of(enterprise),
        "reports": queries.reports_of(enterprise, request.GET.get("page", 1)),
    }


@login_required
def report_output(request: HttpRequest) -> HttpResponse:
    return _report(request, made=True)


@login_required
def report_use(request: HttpRequest) -> HttpResponse:
    return _report(request, made=False)


def _report(request: HttpRequest, *, made: bool) -> HttpResponse:
    by = cast(Person, request.user)
    enterprise, round_number = queries.current_enterprise_of(by), queries.open_round()
    if enterprise is None or round_number is None:
        # The page of the enterprise says what is missing, and what to do.
        return redirect("enterprise")
    sheet = queries.tasks_of(enterprise, round_number)
    form = ReportForm(
        sheet.made if made else sheet.used, request.POST if request.method == "POST" else None
    )
    if form.is_valid():
        report = actions.report_output if made else actions.report_use
        try:
            report(
                by,
                enterprise=enterprise,
                quantities=form.quantities,
                note=form.cleaned_data["note"],
                key=form.cleaned_data["key"],
            )
        except Rejected as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("Reported: what was made lies in the store.")
                if made
                else _("Reported: what was used is taken out of the stores."),
            )
            return redirect("enterprise")
    return render(
        request,
        "enterprises/report.html",
        {"form": form, "made": made, "enterprise": enterprise, "round_number": round_number},
    )
