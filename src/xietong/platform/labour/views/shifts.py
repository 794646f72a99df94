"""The team's week: who has which shift, and what members exchange."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xietong.platform.enterprises import queries as enterprises
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.people.models import Person
from xietong.platform.people.once import key_of

from .. import actions, queries
from ..forms import ShiftForm
from ..models import Shift
from .common import done, id_in, id_of, misread


def shifts_shown(enterprise: Enterprise, reader: Person) -> dict[str, Any]:
    """What the page of one's enterprise shows of its week, and of the reader's own."""
    week = queries.week_of(enterprise, reader)
    asked, asking = queries.swaps_of(reader)
    mine = [entry for entry in week if entry.mine]
    return {
        "template": "labour/shifts.html",
        "week": [
            (day.label, [entry for entry in week if entry.shift.weekday == day])
            for day in Shift.Weekday
        ],
        "empty_week": not week,
        "mine": mine,
        "my_minutes": sum(entry.shift.minutes for entry in mine),
        # What others have, for which one could exchange a shift of one's own.
        "others": [(entry, person) for entry in week if not entry.mine for person in entry.people],
        "mates": [
            member.person
            for member in enterprises.members_of(enterprise)
            if member.person_id != reader.id
        ],
        "asked": [(swap, _times(week, swap.gives), _times(week, swap.takes)) for swap in asked],
        "asking": [(swap, _times(week, swap.gives), _times(week, swap.takes)) for swap in asking],
        "form": ShiftForm(queries.skills()),
    }


def _times(week: list[queries.ShiftEntry], shift: Shift | None) -> str:
    for entry in week:
        if shift is not None and entry.shift.id == shift.id:
            return f"{entry.shift.get_weekday_display()} {entry.begins}–{entry.ends}"
    return ""


@require_POST
@login_required
def plan_shift(request: HttpRequest) -> HttpResponse:
    by, form = cast(Person, request.user), ShiftForm(queries.skills(), request.POST)
    if not form.is_valid():
        return misread(request, "my-shifts")
    given, (starts, minutes) = form.cleaned_data, form.times
    return done(
        request,
        lambda: actions.plan_shift(
            by,
            weekday=given["weekday"],
            starts=starts,
            minutes=minutes,
            places=given["places"],
            skill=given["skill"] or None,
            key=key_of(request),
        ),
        _("The shift is in the week."),
        "my-shifts",
    )


@require_POST
@login_required
def change_shift(request: HttpRequest) -> HttpResponse:
    """Take a shift, give it back, or take it out of the week."""
    by, shift = cast(Person, request.user), id_in(request, "shift")
    ways = {
        "take": (actions.take_shift, _("The shift is yours, every week.")),
        "leave": (actions.leave_shift, _("You have given the shift back to the team.")),
        "drop": (actions.drop_shift, _("The shift is out of the week.")),
    }
    way = ways.get(request.POST.get("way", ""))
    if shift is None or way is None:
        return misread(request, "my-shifts")
    act, said = way
    return done(request, lambda: act(by, shift=shift, key=key_of(request)), said, "my-shifts")


@require_POST
@login_required
def ask_swap(request: HttpRequest) -> HttpResponse:
    """`want` is a team-mate's id, and after a slash the shift of theirs that one would take."""
    by, gives = cast(Person, request.user), id_in(request, "gives")
    other, _slash, takes = request.POST.get("want", "").partition("/")
    mate, shift = id_of(other), id_of(takes)
    if gives is None or mate is None or (takes and shift is None):
        return misread(request, "my-shifts")
    return done(
        request,
        lambda: actions.ask_swap(by, gives=gives, other=mate, takes=shift, key=key_of(request)),
        _("Your team-mate is asked."),
        "my-shifts",
    )


@require_POST
@login_required
def answer_swap(request: HttpRequest) -> HttpResponse:
    by, swap, answer = (
        cast(Person, request.user),
        id_in(request, "swap"),
        request.POST.get("answer"),
    )
    if swap is None:
        return misread(request, "my-shifts")
    if answer == "withdraw":
        return done(
            request,
            lambda: actions.withdraw_swap(by, swap=swap, key=key_of(request)),
            _("You no longer ask for this."),
            "my-shifts",
        )
    agree = answer == "agree"
    return done(
        request,
        lambda: actions.answer_swap(by, swap=swap, agree=agree, key=key_of(request)),
        _("The shifts are exchanged.") if agree else _("You have declined; nothing changes."),
        "my-shifts",
    )
