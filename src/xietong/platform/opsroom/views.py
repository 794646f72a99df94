"""Home, and the pictures of the whole. Everyone may see the opsroom."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xietong.platform.distribution import queries as distribution
from xietong.platform.people.models import Person
from xietong.platform.rounds.queries import standings

from . import charts, queries
from .home import home_of

MOST_DIGITS = 9


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, Person):
        return render(request, "opsroom/welcome.html")
    mine = home_of(
        request.user,
        round_number=_asked_round(request),
        page=request.GET.get("page", 1),
        lines_page=request.GET.get("lines", 1),
    )
    context = {"mine": mine, "chart": charts.first_figures(mine.first)}
    return render(request, "opsroom/home.html", context)


@require_safe
def opsroom(request: HttpRequest) -> HttpResponse:
    numbers = standings.numbers_with_a_plan()
    context: dict[str, object] = {"numbers": numbers}
    if numbers:
        number = _asked_round(request) or numbers[0]
        if number not in numbers:
            raise Http404
        context |= _pictures(number, numbers)
    return render(request, "opsroom/opsroom.html", context)


def _asked_round(request: HttpRequest) -> int | None:
    asked = request.GET.get("round", "")
    return int(asked) if asked.isdecimal() and len(asked) <= MOST_DIGITS else None


def _pictures(number: int, numbers: list[int]) -> dict[str, object]:
    figures = queries.figures_of(number)
    if figures is None:
        raise Http404
    course = queries.needs_met_over_the_rounds(each for each in numbers if each <= number)
    first = distribution.first_figures(number)
    newest = first[-1] if first else None
    totals = queries.credits_of_everyone()
    return {
        "number": number,
        "figures": figures,
        "first": newest,
        "kinds": distribution.figures_by_kind(newest.round_number) if newest else [],
        "totals": totals,
        "identity_holds": totals.issued - totals.cancelled == totals.balances,
        "behind": [line for line in figures.products if line.made < line.planned][: charts.ROWS],
        "charts": {
            "needs": charts.needs_met(course, running=number if figures.running else None),
            "tiers": charts.promised_and_reached(course[number]),
            "production": charts.production(figures.groups) if figures.groups else "",
            "stocks": charts.stocks(figures.stocks) if figures.stocks else "",
            "hours": charts.hours(figures.hours) if figures.hours else "",
            "distribution": charts.distribution(figures.distributed)
            if figures.distributed.total
            else "",
            "first": charts.first_figures(first),
            "ratios": charts.ratios(first),
            "incomes": charts.incomes(figures.incomes) if figures.incomes else "",
            "credits": charts.credits(totals) if totals.issued else "",
        },
    }
