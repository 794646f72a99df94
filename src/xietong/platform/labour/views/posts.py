"""Open work for everyone, one's own wishes and offers, and how a team arranges its posts."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from xietong.platform.base import Rejected
from xietong.platform.enterprises import queries as enterprises
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.people.models import Person
from xietong.platform.people.once import key_of
from xietong.platform.products.models import Region

from .. import actions, queries, wording
from ..forms import ArrangeForm, MixForm, WishForm
from ..matching import CHOICE
from ..models import FULL_WEEK, Post
from .common import done, id_in, misread

KINDS = (
    ("full", gettext_lazy("full week")),
    ("part", gettext_lazy("part-time")),
    ("shared", gettext_lazy("shared")),
    ("rotating", gettext_lazy("taken in turn")),
)


@require_safe
@login_required
def openings(request: HttpRequest) -> HttpResponse:
    asked = {
        name: request.GET.get(name, "").replace("\0", "").strip()
        for name in ("q", "skill", "region", "kind")
    }
    kind = asked["kind"] if asked["kind"] in dict(KINDS) else ""
    page = queries.open_work(
        asked["q"],
        skill=asked["skill"],
        region=asked["region"],
        kind=kind,
        page=request.GET.get("page", 1),
    )
    return render(
        request,
        "labour/openings.html",
        {
            "asked": asked,
            "page": page,
            "works": [(entry, wording.work(entry.post)) for entry in page.object_list],
            "skills": queries.skills(),
            "regions": Region.objects.order_by("code"),
            "kinds": KINDS,
            "running": enterprises.open_round() is not None,
        },
    )


@login_required
def one_opening(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """One post; with POST it comes to the end of one's list, which is also the application."""
    by = cast(Person, request.user)
    try:
        opening = queries.one_opening(post_id)
    except Post.DoesNotExist as missing:
        raise Http404 from missing
    choices = [choice.post_id for choice in queries.choices_of(by)]
    if request.method == "POST" and post_id not in choices:
        before = queries.application_of(by)
        return done(
            request,
            lambda: actions.apply(
                by,
                choices=[*choices, post_id],
                minutes=before.minutes if before else FULL_WEEK,
                learns=before.learns if before else True,
                anything=before is not None and before.anything,
                moves=before is not None and before.moves,
                key=key_of(request),
            ),
            _("It is on your list. Say here how you rank your choices and how much you work."),
            "my-application",
        )
    return render(
        request,
        "labour/opening.html",
        {
            "opening": opening,
            "work": wording.work(opening.post),
            "members": opening.post.enterprise.memberships.filter(until=None).count(),
            "chosen": post_id in choices,
            "full": len(choices) >= len(CHOICE),
        },
    )


@login_required
def my_application(request: HttpRequest) -> HttpResponse:
    """One's wishes, the offers with their reasons, and the work one has."""
    by = cast(Person, request.user)
    before = queries.application_of(by)
    choices = queries.choices_of(by)
    asked: dict[str, Any] = (
        {
            "minutes": before.minutes,
            "learns": before.learns,
            "anything": before.anything,
            "moves": before.moves,
        }
        if before
        else {}
    )
    form = WishForm(
        [(choice.post_id, wording.named(choice.post)) for choice in choices],
        request.POST if request.method == "POST" else None,
        **asked,
    )
    if form.is_valid():
        wishes = form.cleaned_data
        try:
            actions.apply(
                by,
                choices=form.choices,
                minutes=wishes["hours"],
                learns=wishes["learns"],
                anything=wishes["anything"],
                moves=wishes["moves"],
                key=key_of(request),
            )
        except Rejected as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your wishes are noted. Within a day you have an offer."))
            return redirect("my-application")
    offers = queries.offers_of(by, request.GET.get("page", 1))
    return render(
        request,
        "labour/my_application.html",
        {
            "form": form,
            "application": before,
            "offers": offers,
            "told": [
                (
                    entry.offer,
                    wording.named(entry.offer.post),
                    wording.reasons(entry.offer),
                    [(wording.named(lost.post), wording.why(lost.why)) for lost in entry.lost],
                )
                for entry in offers.object_list
            ],
            "held": [
                (assignment, wording.named(assignment.post))
                for assignment in queries.assignments_of(by)
            ],
        },
    )


@require_POST
@login_required
def withdraw_application(request: HttpRequest) -> HttpResponse:
    by = cast(Person, request.user)
    return done(
        request,
        lambda: actions.withdraw_application(by, key=key_of(request)),
        _("You are no longer looking for other work."),
        "my-application",
    )


@require_POST
@login_required
def answer_offer(request: HttpRequest) -> HttpResponse:
    by, offer = cast(Person, request.user), id_in(request, "offer")
    if offer is None:
        return misread(request, "my-application")
    if request.POST.get("answer") == "accept":
        return done(
            request,
            lambda: actions.accept_offer(by, offer=offer, key=key_of(request)),
            _("The work is yours from now on."),
            "my-application",
        )
    return done(
        request,
        lambda: actions.decline_offer(by, offer=offer, key=key_of(request)),
        _("You have declined. Within a day you have another offer."),
        "my-application",
    )


@require_POST
@login_required
def give_notice(request: HttpRequest) -> HttpResponse:
    by, assignment = cast(Person, request.user), id_in(request, "assignment")
    if assignment is None:
        return misread(request, "my-application")
    return done(
        request,
        lambda: actions.give_notice(by, assignment=assignment, key=key_of(request)),
        _("The work ends in seven days."),
        "my-application",
    )


def posts_shown(enterprise: Enterprise, round_number: int) -> dict[str, Any]:
    """What the page of one's enterprise shows of its posts."""
    posts = queries.posts_of(enterprise)
    mix = queries.skill_mix(enterprise)
    whole = [
        (entry.post.id, wording.work(entry.post))
        for entry in posts
        if entry.post.kind == Post.Kind.ORDINARY and entry.places
    ]
    return {
        "template": "labour/posts.html",
        "works": [(entry, wording.work(entry.post)) for entry in posts],
        "turns": [
            (wording.work(turns.post), turns.turns)
            for turns in queries.turns_of(enterprise, round_number)
        ],
        "arrange_form": ArrangeForm(whole) if whole else None,
        "mix": [(skill, share) for skill, share in mix if share],
        "mix_form": MixForm(mix) if mix else None,
    }


@require_POST
@login_required
def arrange_post(request: HttpRequest) -> HttpResponse:
    by = cast(Person, request.user)
    enterprise = enterprises.current_enterprise_of(by)
    if enterprise is None:
        return redirect("enterprise")
    posts = [(entry.post.id, "") for entry in queries.posts_of(enterprise)]
    form = ArrangeForm(posts, request.POST)
    if not form.is_valid():
        return misread(request, "my-posts")
    given = form.cleaned_data
    return done(
        request,
        lambda: actions.arrange_post(
            by,
            post=UUID(given["post"]),
            kind=given["kind"],
            holders=given["holders"],
            places=given["places"],
            key=key_of(request),
        ),
        _("The places are arranged, and everyone can read it in the record."),
        "my-posts",
    )


@require_POST
@login_required
def set_skill_mix(request: HttpRequest) -> HttpResponse:
    by = cast(Person, request.user)
    form = MixForm([(skill, None) for skill in queries.skills()], request.POST)
    if not form.is_valid():
        return misread(request, "my-posts")
    return done(
        request,
        lambda: actions.set_skill_mix(by, shares=form.shares, key=key_of(request)),
        _("From the next round on, posts open by these skills."),
        "my-posts",
    )
