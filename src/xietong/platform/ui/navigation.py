"""The rooms a person can walk into, grouped and in order."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Door:
    """A page that the navigation leads to: its URL name and its label."""

    url_name: str
    label: Text


@dataclass(frozen=True, slots=True)
class Group:
    """Doors under one heading."""

    label: Text
    doors: tuple[Door, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A door whose URL is known; `current` on the page that the person is looking at."""

    label: Text
    url: str
    current: bool


GROUPS = (
    Group(
        gettext_lazy("Mine"),
        (
            Door("home", gettext_lazy("Home")),
            Door("catalogue", gettext_lazy("Catalogue")),
            Door("basket", gettext_lazy("Basket")),
            Door("collection", gettext_lazy("Collection")),
            Door("work", gettext_lazy("Work and hours")),
            Door("me", gettext_lazy("About me")),
        ),
    ),
    Group(
        gettext_lazy("Together"),
        (
            Door("enterprise", gettext_lazy("My enterprise")),
            Door("openings", gettext_lazy("Openings")),
            Door("round", gettext_lazy("Planning round")),
            Door("decisions", gettext_lazy("Decisions")),
            Door("towards-need", gettext_lazy("Towards need")),
        ),
    ),
    Group(
        pgettext_lazy("navigation", "In the open"),
        (
            Door("opsroom", gettext_lazy("Opsroom")),
            Door("record", gettext_lazy("Public record")),
            Door("duties", gettext_lazy("Public duties")),
        ),
    ),
)


def navigation(path: str, groups: tuple[Group, ...] = GROUPS) -> list[tuple[Text, list[Link]]]:
    """The groups as (label, links) for the page at `path`.

    A door whose URL name does not resolve is left out, and so is a group without doors.
    The current link is the one whose URL is the longest beginning of `path`.
    """
    urls = {door: url for group in groups for door in group.doors if (url := _url(door))}
    current = max(
        (url for url in urls.values() if path == url or (url != "/" and path.startswith(url))),
        key=len,
        default=None,
    )
    found = [
        (
            group.label,
            [
                Link(door.label, urls[door], urls[door] == current)
                for door in group.doors
                if door in urls
            ],
        )
        for group in groups
    ]
    return [(label, links) for label, links in found if links]


def _url(door: Door) -> str | None:
    try:
        return reverse(door.url_name)
    except NoReverseMatch:
        return None
