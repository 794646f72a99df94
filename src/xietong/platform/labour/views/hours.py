"""My enterprise with its members' hours, and where hours are logged, corrected and disputed."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xietong.platform.base import Rejected
from xietong.platform.enterprises import queries as enterprises
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.enterprises.views import TABS, shown_on, tabs_of
from xietong.platform.people.models import Person
from xietong.platform.people.once import key_of

from .. import actions, queries
from ..forms import CorrectionForm, DisputeForm, TeamForm, WeekForm, shown_days
from ..models import WEEKS_A_ROUND
from ..wording import by_day
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
            (reverse("my-disputes"), _("Disputes")),
            (reverse("my-reports"), TABS["reports"]),
        ],
    }
    if tab == "members":
        members = queries.hours_of_members(enterprise, standing.round_number or 0)
        context |= {
            "template": "labour/members.html",
            "logged": sum(member.logged for member in members),
            "certified": sum(member.certified for member in members),
            "line": queries.line_hours_of(enterprise, standing.round_number or 0),
            "members": Paginator(members, MEMBERS_A_PAGE).get_page(request.GET.get("page", 1)),
        }
    elif tab == "posts":
        context |= posts_shown(enterprise, standing.round_number or 0)
    elif tab == "shifts":
        context |= shifts_shown(enterprise, cast(Person, request.user))
    elif tab == "disputes":
        context |= {
            "template": "labour/disputes.html",
            "disputes": queries.disputes_of(cast(Person, request.user), request.GET.get("page", 1)),
        }
    else:
        context |= shown_on(tab, request, enterprise, standing)
    return render(request, "labour/my_enterprise.html", context)


@require_safe
def enterprise_hours(request: HttpRequest, code: str) -> HttpResponse:
    """What everyone may know of an enterprise's hours: its managers' on the line, disputes."""
    try:
        enterprise = enterprises.enterprise_of(code)
    except Enterprise.DoesNotExist as missing:
        raise Http404 from missing
    standing = enterprises.standing_of(enterprise)
    context = {
        "enterprise": enterprise,
        "standing": standing,
        "tabs": tabs_of(code),
        "template": "labour/enterprise_hours.html",
        "line": queries.line_hours_of(enterprise, standing.round_number or 0),
        "disputes": queries.dispute_numbers(enterprise),
    }
    return render(request, "enterprises/one_enterprise.html", context)


@login_required
def log_hours(request: HttpRequest) -> HttpResponse:
    """One's own week. The page of one's work shows this form too, and sends it here."""
    by = cast(Person, request.user)
    form = WeekForm(
        request.POST if request.method == "POST" else None, manages=enterprises.manages(by)
    )
    if form.is_valid():
        week, skill = form.cleaned_data["week"], form.cleaned_data["skill"]
        try:
            actions.log_hours(
                by,
                person=by,
                week=week,
                minutes=form.days,
                line=form.line,
                skill=skill.code if skill else None,
                key=key_of(request),
            )
        except Rejected as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your hours of week %(week)s are logged.") % {"week": week})
            return redirect("work")
    return render(request, "labour/log_hours.html", {"form": form})


@login_required
def week_of_work(request: HttpRequest, record: UUID) -> HttpResponse:
    """A week of a team-mate's hours or of one's own; where it is corrected or disputed."""
    by = cast(Person, request.user)
    hours = queries.hours_seen_by(by, record)
    if hours is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    asked = posted.get("do") if posted else None
    shown = shown_days(hours)
    correction = CorrectionForm(
        posted if asked == "correct" else None,
        manages=hours.manages,
        initial=shown,
        auto_id="correction-%s",
    )
    dispute = DisputeForm(
        posted if asked == "dispute" else None,
        manages=hours.manages,
        initial=shown,
        auto_id="dispute-%s",
    )
    if asked == "correct" and correction.is_valid():
        try:
            actions.correct_hours(
                by,
                record=record,
                minutes=correction.days,
                line=correction.line,
                key=key_of(request),
            )
        except Rejected as refused:
            correction.add_error(None, str(refused))
        else:
            messages.success(request, _("The correction waits for another member to certify it."))
            return redirect("my-team")
    if asked == "dispute" and dispute.is_valid():
        try:
            actions.open_dispute(
                by,
                record=record,
                minutes=dispute.days,
                line=dispute.line,
                why=dispute.cleaned_data["why"],
                key=key_of(request),
            )
        except Rejected as refused:
            dispute.add_error(None, str(refused))
        else:
            messages.success(request, _("The other members of the enterprise vote on it now."))
            return redirect("my-disputes")
    return render(
        request,
        "labour/week_of_work.html",
        {
            "hours": hours,
            "by_day": by_day(hours.days),
            "correction": correction if hours.certified_by_id else None,
            "dispute": dispute
            if hours.certified_by_id or by.id in (hours.person_id, hours.logged_by_id)
            else None,
        },
        status=422 if correction.errors or dispute.errors else 200,
    )


@require_POST
@login_required
def withdraw_dispute(request: HttpRequest, dispute: UUID) -> HttpResponse:
    try:
        actions.withdraw_dispute(cast(Person, request.user), dispute=dispute, key=key_of(request))
    except Rejected as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The dispute is withdrawn; the hours stay as they are."))
    return redirect("my-disputes")


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
            actions.log_team_hours(by, week=week, minutes=form.changes, key=key_of(request))
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
