"""My account, my work with what it issues, and how a round's rate and prices come about."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xietong.platform.base import Rejected
from xietong.platform.enterprises import queries as enterprises
from xietong.platform.labour import queries as labour
from xietong.platform.labour.forms import WeekForm
from xietong.platform.people import queries as people
from xietong.platform.people.models import Person
from xietong.platform.people.once import key_of
from xietong.platform.ui.formats import credits as in_credits

from . import actions, charts, queries
from .forms import PricesForm
from .wording import why

HOURS_A_PAGE = 50


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    person = cast(Person, request.user)
    return render(
        request,
        "credits/account.html",
        {
            "balance": queries.balance_of(person),
            "entries": queries.entries_of(person, request.GET.get("page", 1)),
            "rate": queries.latest_rate(),
        },
    )


@require_safe
def allowances(request: HttpRequest) -> HttpResponse:
    context = {
        "allowances": queries.allowance_rules(),
        "rate": queries.latest_rate(),
        "history": people.rules_history(request.GET.get("page", 1)),
    }
    return render(request, "credits/allowances.html", context)


@require_safe
@login_required
def work(request: HttpRequest) -> HttpResponse:
    return _work(request)


@require_POST
@login_required
def certify(request: HttpRequest) -> HttpResponse:
    """Certify the records chosen, or those that the page showed."""
    try:
        records = [UUID(chosen) for chosen in request.POST.getlist("record")]
    except ValueError:
        records = []
    if not records:
        messages.error(request, _("Choose the hours that you certify."))
        return _work(request, status=422)
    try:
        issued = actions.certify_and_issue(
            cast(Person, request.user), records=records, key=key_of(request)
        )
    except Rejected as why:
        messages.error(request, str(why))
        return _work(request, status=409)
    messages.success(
        request,
        _("Certified. %(amount)s credits are issued to those who worked.")
        % {"amount": in_credits(issued)},
    )
    return redirect("work")


@require_safe
def latest_payout(request: HttpRequest) -> HttpResponse:
    """The newest payout, or what to wait for."""
    rate = queries.latest_rate()
    if rate is None:
        return render(request, "credits/payout.html", {"sums": None})
    return payout(request, rate.round_number)


@require_safe
def payout(request: HttpRequest, number: int) -> HttpResponse:
    """How all hours of a round became what an hour of work issues."""
    sums = queries.payout_of(number) if number < 2**31 else None
    if sums is None:
        raise Http404
    context = {"sums": sums, "rate": sums.rate, "chart": charts.where_hours_go(sums)}
    return render(request, "credits/payout.html", context)


@require_safe
def payout_files(request: HttpRequest, number: int) -> HttpResponse:
    """What anyone recomputes a round's payout from."""
    packed = queries.payout_files(number) if number < 2**31 else None
    if packed is None:
        raise Http404
    return as_zip(packed)


@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    """All prices of the newest round that has some, and why each is what it is."""
    form = PricesForm(request.GET, auto_id="prices_%s")
    form.is_valid()
    search, order = (form.cleaned_data.get(name) or "" for name in ("q", "order"))
    number = queries.latest_priced_round()
    page = None
    if number is not None:
        page = queries.prices(number, search, order, request.GET.get("page", 1))
    context = {
        "number": number,
        "page": page,
        "rows": [(line, why(line.price)) for line in page or ()],
        "form": form,
        "searched": bool(search),
    }
    return render(request, "credits/prices.html", context)


def as_zip(packed: bytes) -> HttpResponse:
    """A download of `payout.zip`."""
    return HttpResponse(
        packed,
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="payout.zip"'},
    )


@require_POST
@login_required
def vote_on_dispute(request: HttpRequest, dispute: UUID) -> HttpResponse:
    try:
        actions.vote_on_dispute(
            cast(Person, request.user),
            dispute=dispute,
            agrees=request.POST.get("agrees") == "yes",
            key=key_of(request),
        )
    except Rejected as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Your vote is counted."))
    return redirect("my-disputes")


@require_safe
def factors(request: HttpRequest) -> HttpResponse:
    """What hours count by skill, how far factors may lie from 1, and both histories."""
    newest = queries.latest_rate()
    round_number = newest.round_number if newest else 1
    return render(
        request,
        "credits/factors.html",
        {
            "round_number": round_number,
            "spread": queries.spread_in(round_number),
            "factors": queries.factors_in(round_number),
            "spreads": queries.spreads(request.GET.get("spreads", 1)),
            "page": queries.factor_changes(request.GET.get("page", 1)),
            "mean": newest.mean_factor if newest else None,
        },
    )


def _work(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    person = cast(Person, request.user)
    round_number = enterprises.latest_round()
    weeks = [] if round_number is None else queries.weeks_of(person, round_number)
    waiting = labour.hours_to_certify(person)
    context = {
        "round_number": round_number,
        "running": round_number is not None and enterprises.open_round() == round_number,
        "enterprise": enterprises.current_enterprise_of(person),
        "weeks": weeks,
        "minutes": sum(week.work.minutes for week in weeks),
        "issued": sum(week.issued or 0 for week in weeks),
        "rate": None if round_number is None else queries.rate(round_number),
        "form": WeekForm(manages=enterprises.manages(person)),
        "waiting": Paginator(waiting, HOURS_A_PAGE).get_page(request.GET.get("page", 1)),
    }
    return render(request, "credits/work.html", context, status=status)
