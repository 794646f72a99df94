"""A week's hours in words; what an offer is and why it was made, where nobody else is named."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from xietong.platform.ui.formats import hours, localname

from .matching import Distance, Fitness, Why
from .models import Offer, Post

WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


def by_day(days: Sequence[int]) -> str:
    """Minutes of each day in words, equal days together: "Monday to Friday 8 h, Saturday 4 h"."""
    runs: list[tuple[int, int]] = []
    for day, minutes in enumerate(days):
        if day and days[day - 1] == minutes:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return pgettext("list", ", ").join(
        _("%(days)s %(hours)s") % {"days": _span(first, last), "hours": hours(days[first])}
        for first, last in runs
        if days[first]
    )


def _span(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS[first])
    return _("%(first)s to %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}


def work(post: Post) -> str:
    """What the work of a post is called: the skill it needs."""
    return localname(post.skill) if post.skill else _("work for any hands")


def named(post: Post) -> str:
    """A post with its enterprise: what it is called in a list of posts of many enterprises."""
    what = {
        "enterprise": localname(post.enterprise),
        "work": work(post),
        "kind": post.get_kind_display(),
    }
    if post.kind == Post.Kind.ORDINARY:
        return _("%(enterprise)s: %(work)s") % what
    return _("%(enterprise)s: %(work)s (%(kind)s)") % what


def reasons(offer: Offer) -> list[str]:
    """Why just this was offered: by the person's wishes, skills, and the hours there are."""
    fitness = {
        Fitness.CONFIRMED: _("Your skill for it is confirmed."),
        Fitness.STATED: _("You have stated the skill; nobody has confirmed it yet."),
        Fitness.NEEDLESS: _("The work needs no particular skill."),
        Fitness.LEARNS: _("You will learn the skill there, as you were willing to."),
        Fitness.NONE: _("It needs a skill you have not stated; you would learn it there."),
    }
    distance = {
        Distance.NEAR: _("It is in the region where you live."),
        Distance.CHOSEN: _("It is in another region than where you live; you chose it."),
        Distance.MOVES: _("It is in another region; you are willing to move."),
        Distance.FAR: _(
            "It is in another region: when everyone’s wishes were weighed, nothing nearer was left "
            "for you. You can decline it and wait."
        ),
    }
    told = [_wish(offer), fitness[Fitness(offer.fitness)]]
    if offer.distance:
        told.append(distance[Distance(offer.distance)])
    if offer.shares:
        told.append(
            _("There are fewer open hours than willing hands: the team shares its hours with you.")
        )
    return told


def _wish(offer: Offer) -> str:
    if offer.choice == 1:
        return _("It is your first choice.")
    if offer.choice:
        return _("It is number %(number)s of your choices.") % {"number": offer.choice}
    if offer.lost:
        return _("None of your choices was free for you; this suited you best of what was left.")
    return _("You chose no post; this suited you best of what was open.")


def why(code: str) -> str:
    """Why a choice went elsewhere."""
    return {
        Why.CLOSED: _("no place was open there"),
        Why.SKILL: _("it went to people whose skill for it is better established"),
        Why.CHOICE: _("it went to people who had put it higher on their lists"),
        Why.WAITING: _("it went to people who have waited longer"),
        Why.LOT: _("all else was equal, and the lot decided"),
        Why.SUM: _("whoever got it would have lost more without it than you did"),
    }[Why(code)]
