"""The catalogue, one's order of the coming round, and the collection of what was promised."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xietong.platform.base import Rejected
from xietong.platform.credits import queries as credits
from xietong.platform.credits.wording import why
from xietong.platform.people.models import Person
from xietong.platform.people.once import key_of
from xietong.platform.products import queries as products
from xietong.platform.products.models import Product
from xietong.platform.ui.formats import credits as in_credits

from . import actions, charts, queries
from .forms import BasketForm, CollectForm, LineForm, SearchForm, StandingForm

LINES_A_PAGE = 40


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    form = SearchForm(products.groups(), request.GET)
    form.is_valid()
    wanted = {name: form.cleaned_data.get(name, "") for name in form.fields}
    page = products.catalogue(
        wanted["q"],
        wanted["group"],
        wanted["mode"],
        "group" if wanted["order"] == "group" else "name",
        request.GET.get("page", 1),
    )
    context = {
        "form": form,
        "page": page,
        "shelf": queries.shelf(page, _person(request)),
        "searched": any(wanted.values()),
    }
    return render(request, "needs/catalogue.html", context)


@require_safe
def product(request: HttpRequest, code: str) -> HttpResponse:
    if "\0" in code:
        # No text in PostgreSQL holds it, and asking for it would be an error.
        raise Http404
    found = get_object_or_404(Product.objects.select_related("group"), code=code)
    shelf = queries.shelf([found], _person(request))
    by_credits = found.mode == Product.Mode.CREDITS
    history = credits.price_history(found.code) if by_credits else []
    context = {
        "product": found,
        "shelf": shelf,
        "row": shelf.rows[0],
        "in_store": queries.in_store(found),
        "change": products.latest_change(found),
        "chart": charts.course(found, queries.course_of(found)),
        "price_chart": charts.prices(history),
        "prices": [(line, why(line.price)) for line in reversed(history)],
    }
    return render(request, "needs/product.html", context)


@require_POST
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Set one line of the order, and go back to where the form stood."""
    form = LineForm(request.POST)
    if form.is_valid():
        wanted, quantity = form.cleaned_data["product"], form.cleaned_data["quantity"]
        try:
            actions.place_order(
                cast(Person, request.user), quantities={wanted: quantity}, key=key_of(request)
            )
        except Rejected as why:
            messages.error(request, str(why))
        else:
            name = Product.objects.get(code=wanted)
            messages.success(
                request,
                _("%(product)s: %(quantity)d in your basket.")
                % {"product": name, "quantity": quantity}
                if quantity
                else _("%(product)s is no longer in your basket.") % {"product": name},
            )
    else:
        messages.error(request, _("Write how many units you want, as a whole number."))
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return redirect(back)
    return redirect("catalogue")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def basket(request: HttpRequest) -> HttpResponse:
    person, round_number = cast(Person, request.user), queries.open_round()
    lines = [] if round_number is None else queries.basket_of(person, round_number)
    page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page", 1))
    form = BasketForm(list(page), request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            actions.place_order(person, quantities=form.quantities, key=key_of(request))
        except Rejected as why:
            messages.error(request, str(why))
            status = 409
        else:
            messages.success(request, _("Your order is saved."))
            return redirect(request.get_full_path())
    balance, expected = credits.balance_of(person), credits.expected_issue(person)
    asked = round_number or 0
    context = {
        "round_number": round_number,
        "share": queries.share_of(person, asked),
        "share_rules": queries.share_rules(asked),
        "page": page,
        "form": form,
        "cost": sum(line.cost or 0 for line in lines),
        "unpriced": any(line.cost is None for line in lines),
        "priced_round": credits.latest_priced_round(),
        "balance": balance,
        "expected": expected,
        "together": None if expected is None else balance + expected,
        "standing": StandingForm(initial=model_to_dict(queries.standing_of(person))),
    }
    return render(request, "needs/basket.html", context, status=status)


@require_POST
@login_required
def standing(request: HttpRequest) -> HttpResponse:
    form = StandingForm(request.POST)
    form.is_valid()
    person = cast(Person, request.user)
    actions.set_standing(person, **form.cleaned_data, key=key_of(request))
    messages.success(request, _("Noted, until you change it."))
    return redirect("basket")


@require_safe
@login_required
def past_order(request: HttpRequest, round_number: int) -> HttpResponse:
    lines = queries.order_of(cast(Person, request.user), round_number)
    if not lines:
        raise Http404
    return render(
        request,
        "needs/past_order.html",
        {
            "round_number": round_number,
            "page": Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page", 1)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def collection(request: HttpRequest) -> HttpResponse:
    person = cast(Person, request.user)
    goods, balance = queries.collectable_by(person), credits.balance_of(person)
    page = Paginator(goods, LINES_A_PAGE).get_page(request.GET.get("page", 1))
    form = CollectForm(list(page), balance, request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        wanted = form.quantities
        try:
            visit = queries.visit(
                actions.collect(person, quantities=wanted, key=form.cleaned_data["key"])
            )
        except Rejected as why:
            messages.error(request, str(why))
            status = 409
        else:
            _tell(request, visit, wanted)
            return redirect(request.get_full_path())
    context = {
        "round_number": queries.collecting_round(),
        "page": page,
        "form": form,
        "left": any(each.left for each in goods),
        "balance": balance,
        "visits": queries.visits_of(person, request.GET.get("visits", 1)),
    }
    return render(request, "needs/collection.html", context, status=status)


def _tell(request: HttpRequest, visit: queries.Visit, wanted: dict[str, int]) -> None:
    """Say what a visit brought, and what was not there."""
    taken = {line.product_id: line.quantity for line in visit.lines}
    if taken:
        messages.success(
            request,
            _("Collected, for %(cost)s credits.") % {"cost": in_credits(visit.cost)}
            if visit.cost
            else _("Collected."),
        )
    missing = [code for code, units in wanted.items() if taken.get(code, 0) < units]
    if missing:
        names = products.products(missing)
        messages.warning(
            request,
            _("Not there in full: %(products)s. It cost you nothing.")
            % {"products": ", ".join(str(names[code]) for code in missing)},
        )


def _person(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None
