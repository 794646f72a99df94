"""What one can do, and what one can confirm of others."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xietong.platform.base import Rejected
from xietong.platform.people.models import Person
from xietong.platform.people.once import key_of

from .. import actions, queries
from ..forms import SkillForm
from .common import done, id_in, misread


@login_required
def my_skills(request: HttpRequest) -> HttpResponse:
    by = cast(Person, request.user)
    form = SkillForm(queries.skills(), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.state_skill(by, **form.cleaned_data, key=key_of(request))
        except Rejected as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your skill is stated. Another can confirm it now."))
            return redirect("my-skills")
    return render(
        request,
        "labour/my_skills.html",
        {
            "form": form,
            "skills": queries.skills_of(by),
            "waiting": queries.skills_to_confirm(by, request.GET.get("page", 1)),
        },
    )


@require_POST
@login_required
def confirm_skill(request: HttpRequest) -> HttpResponse:
    person, skill = id_in(request, "person"), request.POST.get("skill", "").replace("\0", "")
    if person is None:
        return misread(request, "my-skills")
    by = cast(Person, request.user)
    return done(
        request,
        lambda: actions.confirm_skill(by, person=person, skill=skill, key=key_of(request)),
        _("The skill is confirmed."),
        "my-skills",
    )


@require_POST
@login_required
def withdraw_skill(request: HttpRequest) -> HttpResponse:
    by, skill = cast(Person, request.user), request.POST.get("skill", "").replace("\0", "")
    return done(
        request,
        lambda: actions.withdraw_skill(by, skill=skill, key=key_of(request)),
        _("The skill is off your list."),
        "my-skills",
    )
