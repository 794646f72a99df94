"""My enterprise with its members' hours, and where hours are logged."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xietong.platform.base import Rejected
from xietong.platform.enterprises import queries as enterprises
from xietong.platform.enterprises.views import TABS, shown_on
from xietong.platform.people.models import Person

from .. import actions, queries
from ..forms import TeamForm, WeekForm
from ..models import WEEKS_A_ROUND
from .posts import posts_shown
from .shifts import shifts_shown

MEMBERS_A_PAGE = 50


@login_required
@require_safe
def my_enterprise(request: HttpRequest, tab: str) -> HttpResponse:
    enterprise = enterprises.current_enterprise_of(cast(Person, request.user))
    if enterprise is None:
        return render(request, "labour/no_enterprise.html")
    standing = enterprises.standing_of(enterprise)
    context = {
        "enterprise": enterprise,
        "standing": standing,
        "tabs": [
            (reverse("enterprise"), TABS["tasks"]),
            (reverse("my-stock"), TABS["stock"]),
            (reverse("my-team"), _("Members and hours")),
            (reverse("my-posts"), _("Posts")),
            (reverse("my-shifts"), _("Shifts")),
            (reverse("my-reports"), TABS["reports"]),
        ],
    }
    if tab == "members":
        members = queries.hours_of_members(enterprise, standing.round_number or 0)
        context |= {
            "template": "labour/members.html",
            "logged": sum(member.logged for member in members),
            "certified": sum(member.certified for member in members),
            "members": Paginator(members, MEMBERS_A_PAGE).get_page(request.GET.get("page", 1)),
        }
    elif tab == "posts":
        context |= posts_shown(enterprise, standing.round_number or 0)
    elif tab == "shifts":
        context |= shifts_shown(enterprise, cast(Person, request.user))
    else:
        context |= shown_on(tab, request, enterprise, standing)
    return render(request, "labour/my_enterprise.html", context)


@login_required
def log_hours(request: HttpRequest) -> HttpResponse:
    """One's own week. The page of one's work shows this form too, and sends it here."""
    by = cast(Person, request.user)
    form = WeekForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        week, minutes = form.cleaned_data["week"], form.cleaned_data["hours"]
        try:
            actions.log_hours(by, person=by, week=week, minutes=minutes)
        except Rejected as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your hours of week %(week)s are logged.") % {"week": week})
            return redirect("work")
    return render(request, "labour/log_hours.html", {"form": form})


@login_required
def team_hours(request: HttpRequest) -> HttpResponse:
    """The hours of one's team in one week."""
    by = cast(Person, request.user)
    enterprise, round_number = enterprises.current_enterprise_of(by), enterprises.open_round()
    if enterprise is None or round_number is None:
        return redirect("enterprise")
    week = _week(request)
    members = Paginator(
        queries.week_of_members(enterprise, round_number, week), MEMBERS_A_PAGE
    ).get_page(request.GET.get("page", 1))
    form = TeamForm(list(members.object_list), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.log_team_hours(by, week=week, minutes=form.changes)
        except Rejected as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The hours of week %(week)s are logged.") % {"week": week})
            return redirect(request.get_full_path())
    weeks = [(_address(number), _("Week %(week)s") % {"week": number}) for number in _weeks()]
    return render(
        request,
        "labour/team_hours.html",
        {
            "enterprise": enterprise,
            "round_number": round_number,
            "form": form,
            "members": members,
            "weeks": weeks,
            "address": _address(week),
        },
    )


def _weeks() -> range:
    return range(1, WEEKS_A_ROUND + 1)


def _week(request: HttpRequest) -> int:
    asked = request.GET.get("week", "")
    return int(asked) if asked in map(str, _weeks()) else 1


def _address(week: int) -> str:
    return f"{reverse('team-hours')}?week={week}"
