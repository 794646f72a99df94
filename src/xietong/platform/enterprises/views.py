"""Pages of the enterprises. Everyone may look; members report."""

from typing import TypeVar, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from xietong.platform.base import Rejected
from xietong.platform.people.models import Person

from . import actions, queries
from .forms import ReportForm
from .models import Enterprise
from .queries import Standing

LINES_A_PAGE = 15
TABS = {
    "tasks": gettext_lazy("Tasks"),
    "stock": gettext_lazy("In store"),
    "reports": gettext_lazy("Reports"),
    "hours": gettext_lazy("Hours"),
}
Line = TypeVar("Line")


@require_safe
def enterprises(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("q", "").replace("\0", "").strip()
    return render(
        request,
        "enterprises/enterprises.html",
        {"search": search, "page": queries.enterprises(search, request.GET.get("page", 1))},
    )


@require_safe
def one_enterprise(request: HttpRequest, code: str, tab: str) -> HttpResponse:
    try:
        enterprise = queries.enterprise_of(code)
    except Enterprise.DoesNotExist as missing:
        raise Http404 from missing
    standing = queries.standing_of(enterprise)
    context = {
        "enterprise": enterprise,
        "standing": standing,
        "tabs": tabs_of(code),
        **shown_on(tab, request, enterprise, standing),
    }
    return render(request, "enterprises/one_enterprise.html", context)


def tabs_of(code: str) -> list[tuple[str, Promise]]:
    """The parts of an enterprise's page as (address, label); hours are the room of labour's."""
    return [
        (reverse("one-enterprise", args=[code]), TABS["tasks"]),
        (reverse("enterprise-stock", args=[code]), TABS["stock"]),
        (reverse("enterprise-reports", args=[code]), TABS["reports"]),
        (reverse("enterprise-hours", args=[code]), TABS["hours"]),
    ]


def shown_on(
    tab: str, request: HttpRequest, enterprise: Enterprise, standing: Standing
) -> dict[str, object]:
    """The template of one of `TABS` and what it shows; everyone may see all of it."""
    context: dict[str, object] = {"template": f"enterprises/{tab}.html"}
    if tab == "stock":
        context["stock"] = _page(request, "page", queries.stock_of(enterprise))
    elif tab == "reports":
        context["reports"] = queries.reports_of(enterprise, request.GET.get("page", 1))
    elif standing.round_number is not None:
        sheet = queries.tasks_of(enterprise, standing.round_number)
        context["tasks"] = _page(request, "tasks", sheet.tasks)
        context["made"] = _page(request, "made", sheet.made_or_planned)
        context["used"] = _page(request, "used", sheet.used_or_planned)
    return context


def _page(request: HttpRequest, parameter: str, lines: list[Line]) -> Page[Line]:
    return Paginator(lines, LINES_A_PAGE).get_page(request.GET.get(parameter, 1))


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
    sent = request.POST if request.method == "POST" else None
    if made:
        form = ReportForm(sheet.made, data=sent)
    else:
        products = [line.product.code for line in sheet.used]
        in_stores = queries.stock_by_product(products, region=enterprise.region_id)
        form = ReportForm(sheet.used, in_stores=in_stores, data=sent)
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
