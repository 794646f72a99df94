"""Pages of the way towards need. Everyone may look; who holds the planning duty proposes."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xietong.platform.base import Rejected
from xietong.platform.people.models import Person
from xietong.platform.people.once import key_of
from xietong.platform.products import actions as products
from xietong.platform.products import queries as product_queries
from xietong.platform.products.models import Product

from . import actions, charts, parameters, queries
from .forms import ListForm, ResidenceForm
from .rules import Refusal, may_propose


@require_safe
def towards_need(request: HttpRequest) -> HttpResponse:
    form = ListForm(request.GET)
    form.is_valid()
    wanted = {name: form.cleaned_data.get(name, "") for name in form.fields}
    person = _person(request)
    by_need = queries.share_by_need()
    home = product_queries.residence_of(person) if person else None
    residence = ResidenceForm(present=home.code if home else "") if person else None
    context = {
        "form": form,
        "page": queries.proposals(
            wanted["mode"],
            wanted["move"],
            wanted["order"] or "proposal",
            request.GET.get("page", 1),
        ),
        "searched": wanted["mode"] or wanted["move"],
        "round_number": by_need[-1].round_number if by_need else None,
        "by_need": by_need[-1] if by_need else None,
        "chart": charts.by_need(by_need),
        "changes": queries.recent_changes(),
        "moves": queries.moves(),
        "trials": queries.running_trials(),
        "limits": parameters.in_force(),
        "residence": residence,
    }
    return render(request, "distribution/towards_need.html", context)


@require_safe
def dossier(request: HttpRequest, code: str) -> HttpResponse:
    return _dossier(request, code)


@require_POST
@login_required
def start_trial(request: HttpRequest, code: str) -> HttpResponse:
    person, product = cast(Person, request.user), _product(code)
    return _done(
        request,
        product,
        lambda: actions.start_trial(person, product=product, key=key_of(request)),
        _("The trial begins with the next round that takes orders."),
    )


@require_POST
@login_required
def put_to_vote(request: HttpRequest, code: str) -> HttpResponse:
    person, product = cast(Person, request.user), _product(code)
    return _done(
        request,
        product,
        lambda: actions.put_to_vote(person, product=product, key=key_of(request)),
        _("The step is put to the vote of all."),
    )


@require_POST
@login_required
def live_in(request: HttpRequest) -> HttpResponse:
    form = ResidenceForm(request.POST)
    if form.is_valid():
        person, region = cast(Person, request.user), form.cleaned_data["region"]
        products.move_to(person, region=region, key=key_of(request))
        messages.success(request, _("Where you live is written down."))
    else:
        messages.error(request, _("Choose one of the regions."))
    return redirect("towards-need")


def _done(
    request: HttpRequest, product: Product, act: Callable[[], object], word: str
) -> HttpResponse:
    try:
        act()
    except Rejected as why:
        if why.reason == Refusal.NOT_YOUR_DUTY:
            raise PermissionDenied(str(why)) from why
        messages.error(request, str(why))
        return _dossier(request, product.code, status=409)
    messages.success(request, word)
    return redirect("dossier", product.code)


def _dossier(request: HttpRequest, code: str, *, status: int = 200) -> HttpResponse:
    found = queries.dossier_of(_product(code).code)
    person = _person(request)
    expected = found.proposal.free_use if found.proposal else None
    context = {
        "dossier": found,
        "product": found.product,
        "proposal": found.proposal,
        "newest": found.newest,
        "may_propose": person is not None and may_propose(person),
        "use": charts.use(found.product, found.rounds, expected),
        "cover": charts.cover(found.rounds),
    }
    return render(request, "distribution/dossier.html", context, status=status)


def _product(code: str) -> Product:
    # No text in PostgreSQL holds a NUL, and asking for it would be an error.
    product = None if "\0" in code else Product.objects.filter(pk=code).first()
    if product is None:
        raise Http404
    return product


def _person(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None
