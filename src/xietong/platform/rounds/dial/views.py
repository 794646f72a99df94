"""The pages of the policy dial. Everyone may read; who signs in asks; the duty puts to the vote."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xietong.platform.base import Rejected
from xietong.platform.decisions.rules import may_call
from xietong.platform.people.models import Person
from xietong.platform.people.once import key_of
from xietong.platform.products.models import Product

from ..forms import DialForm
from ..models import DialReading
from ..queries import dial as queries
from . import actions
from .setting import Candidate, step_of

CHOICES_SHOWN = 12


@require_http_methods(["GET", "HEAD", "POST"])
def set_dial(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _dial(request, None, request.GET.getlist("product"))
    if not isinstance(request.user, Person):
        return redirect("sign-in")
    form, products = DialForm(request.POST), request.POST.getlist("products")
    if form.is_valid():
        try:
            asked = actions.ask(
                request.user, products=products, **form.settings(), key=key_of(request)
            )
        except Rejected as why:
            form.add_error(None, str(why))
        else:
            return redirect("dial-reading", asked.pk)
    return _dial(request, form, products)


@require_safe
def reading(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    try:
        found = queries.reading_of(reading_id)
    except DialReading.DoesNotExist as missing:
        raise Http404 from missing
    called = isinstance(request.user, Person) and may_call(request.user)
    context = {"reading": found, "may_call": called}
    return render(request, "rounds/dial_reading.html", context)


@require_POST
@login_required
def put_to_vote(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    person = cast(Person, request.user)
    if not may_call(person):
        raise PermissionDenied
    asked = DialReading.objects.filter(pk=reading_id).first()
    if asked is None:
        raise Http404
    product = request.POST.get("product", "")
    try:
        motion = actions.put_to_vote(person, reading=asked, product=product, key=key_of(request))
    except Rejected as why:
        messages.error(request, str(why))
        return redirect("dial-reading", reading_id)
    return redirect("decision", motion.pk)


def _dial(request: HttpRequest, form: DialForm | None, chosen: list[str]) -> HttpResponse:
    present = queries.present()
    context: dict[str, object] = {"present": present}
    if present:
        context |= {
            "form": form or DialForm(initial={"spread": present.spread / 1000}),
            "choices": _choices(present.candidates, chosen),
            "chosen": chosen,
            "page": queries.readings(request.GET.get("page", 1)),
        }
    return render(request, "rounds/dial.html", context, status=422 if form else 200)


def _choices(known: tuple[Candidate, ...], chosen: list[str]) -> list[Candidate]:
    """What can be ticked: those that somebody came for first, then the cheapest."""
    wanted = [each for each in known if each.step.product.code in chosen]
    there = {each.step.product.code for each in wanted}
    # No text in PostgreSQL holds a NUL.
    unknown = [code for code in chosen if code not in there and "\0" not in code]
    steps = [step_of(each) for each in Product.objects.filter(code__in=unknown)]
    cheapest = [each for each in known if each not in wanted][:CHOICES_SHOWN]
    return [*(Candidate(step, 0.0, 0.0) for step in steps if step), *wanted, *cheapest]
