"""My turns of public service, the rota of a round and how it was drawn, exemptions."""

from collections.abc import Callable, Mapping
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xietong.platform.base import Rejected
from xietong.platform.enterprises import queries as enterprises
from xietong.platform.people.models import Person
from xietong.platform.people.once import key_of
from xietong.platform.people.rules import may_enrol, may_plan

from .. import actions, charts
from .. import queries as labour
from ..forms.rota import AnnouncementForm, ExemptionForm
from ..models import Rota
from ..queries import rota as queries

Act = Callable[[Person, Mapping[str, str], UUID | None], object]

MOST = 2**31 - 1


def _round(given: Mapping[str, str]) -> int:
    if not 1 <= (number := int(given["round"])) <= MOST:
        raise ValueError(number)
    return number


def _turn(given: Mapping[str, str]) -> str:
    if "\0" in given["turn"]:
        # No text in PostgreSQL holds it, and asking for it would be an error.
        raise ValueError
    return given["turn"]


ACTS: dict[str, tuple[Act, object]] = {
    "offer": (
        lambda by, given, key: actions.offer_turn(by, place=UUID(given["place"]), key=key),
        gettext_lazy("Your turn is on offer. It stays yours until somebody takes it."),
    ),
    "withdraw": (
        lambda by, given, key: actions.withdraw_offer(by, place=UUID(given["place"]), key=key),
        gettext_lazy("You keep your turn."),
    ),
    "take": (
        lambda by, given, key: actions.take_turn(by, place=UUID(given["place"]), key=key),
        gettext_lazy("The turn is yours now."),
    ),
    "volunteer": (
        lambda by, given, key: actions.volunteer(by, turn=_turn(given), key=key),
        gettext_lazy("The turn is yours now."),
    ),
    "propose": (
        lambda by, given, key: actions.propose_exchange(
            by, given=UUID(given["given"]), wanted=UUID(given["wanted"]), key=key
        ),
        gettext_lazy("The exchange is proposed. Nothing changes until the other agrees."),
    ),
    "agree": (
        lambda by, given, key: actions.agree_exchange(
            by, exchange=UUID(given["exchange"]), key=key
        ),
        gettext_lazy("You have exchanged your turns."),
    ),
    "decline": (
        lambda by, given, key: actions.decline_exchange(
            by, exchange=UUID(given["exchange"]), key=key
        ),
        gettext_lazy("The exchange is declined."),
    ),
    "confirm": (
        lambda by, given, key: actions.confirm_turn(by, place=UUID(given["place"]), key=key),
        gettext_lazy("Confirmed."),
    ),
    "draw": (
        lambda by, given, key: actions.ask_draw(by, round_number=_round(given), key=key),
        gettext_lazy("The rota is being drawn. This page shows it as soon as it is there."),
    ),
    "grant": (
        lambda by, given, key: actions.decide_exemption(
            by, exemption=UUID(given["exemption"]), granted=True, key=key
        ),
        gettext_lazy("The exemption is granted."),
    ),
    "refuse": (
        lambda by, given, key: actions.decide_exemption(
            by, exemption=UUID(given["exemption"]), granted=False, key=key
        ),
        gettext_lazy("The exemption is refused. The person can appeal."),
    ),
}


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    person = cast(Person, request.user)
    spread = queries.spread_over_time()
    context = {
        "turns": queries.my_turns(person),
        "offered": queries.offered_to(person, request.GET.get("page", 1)),
        "proposals": queries.proposals_to(person),
        "rotas": queries.rota_numbers(),
        "served": queries.minutes_served(person),
        "spread": spread[-1] if spread else None,
        "chart": charts.spread(spread),
        "kinds": queries.served_by_kind(person),
        "may_plan": may_plan(person),
    }
    return render(request, "labour/rota.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def announce(request: HttpRequest) -> HttpResponse:
    """Say which services a rota asks for, with what skills and in which parts of the day."""
    person = cast(Person, request.user)
    if not may_plan(person):
        raise PermissionDenied
    form = AnnouncementForm(
        request.POST if request.method == "POST" else None,
        services=queries.services(),
        skills=labour.skills(),
        initial={"round_number": _next_rota()},
    )
    if form.is_valid():
        try:
            rota = actions.announce_rota(person, **form.asked(), key=key_of(request))
        except Rejected as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, _("The rota is announced, with everyone who can serve."))
            return redirect("rota-of-round", rota.round_number)
    context = {"form": form}
    return render(
        request, "labour/announce_rota.html", context, status=422 if form.is_bound else 200
    )


def _next_rota() -> int:
    running = enterprises.latest_round() or 0
    return max(running, 1) if running not in queries.rota_numbers() else running + 1


@require_safe
@login_required
def of_round(request: HttpRequest, round_number: int) -> HttpResponse:
    person = cast(Person, request.user)
    rota = get_object_or_404(Rota.objects.select_related("announced_by"), pk=round_number)
    my_turns = queries.my_turns(person)
    give = request.GET.get("give", "")
    giving = next((turn for turn in my_turns if str(turn.place.id) == give), None)
    context = {
        "rota": rota,
        "page": queries.turns_of(rota, request.GET.get("page", 1)),
        "how": queries.how_drawn(rota),
        "pseudonym": queries.pseudonym_of(person, rota),
        "giving": giving,
        "exempt": queries.exempt_by_kind(round_number),
    }
    return render(request, "labour/rota_of_round.html", context)


@require_safe
def file(request: HttpRequest, round_number: int) -> HttpResponse:
    """The drawn rota, or until then the list, as anyone can check it: pseudonyms, no names."""
    rota = get_object_or_404(Rota, pk=round_number)
    answer = HttpResponse(rota.drawn or rota.roll, content_type="application/json; charset=utf-8")
    name = "rota" if rota.drawn else "rota-list"
    answer["Content-Disposition"] = f'attachment; filename="{name}-{round_number}.json"'
    return answer


@require_POST
@login_required
def act(request: HttpRequest) -> HttpResponse:
    """Do one thing of `ACTS`, and go back to the page whose form asked for it."""
    if request.POST.get("do") not in ACTS:
        raise BadRequest
    does, said = ACTS[request.POST["do"]]
    try:
        does(cast(Person, request.user), request.POST.dict(), key_of(request))
    except (ValueError, KeyError) as error:
        raise BadRequest from error
    except Rejected as why:
        messages.error(request, str(why))
    else:
        messages.success(request, str(said))
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return redirect(back)
    return redirect("rota")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def exemptions(request: HttpRequest) -> HttpResponse:
    person = cast(Person, request.user)
    form = ExemptionForm(
        request.POST if request.method == "POST" else None,
        initial={
            "first_round": (enterprises.latest_round() or 0) + 1,
            "rounds": 1,
            "appeals": request.GET.get("appeals", ""),
        },
    )
    if form.is_valid():
        try:
            actions.ask_exemption(person, **form.asked(), key=key_of(request))
        except Rejected as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, _("You have asked to be excused. Somebody else decides."))
            return redirect(reverse("rota-exemptions"))
    decides = may_enrol(person)
    page = request.GET.get("decide", 1)
    context = {
        "form": form,
        "mine": queries.exemptions_of(person, request.GET.get("page", 1)),
        "decides": decides,
        "waiting": queries.exemptions_to_decide(person, page) if decides else None,
    }
    return render(request, "labour/exemptions.html", context, status=422 if form.is_bound else 200)
