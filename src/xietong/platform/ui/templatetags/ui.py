"""The components of every page, and the filters that write numbers, times and names.

`settings` loads this library into every template; `README.md` shows each part in use.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from uuid import uuid4

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, Form
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from xietong.platform.ui import formats

register = template.Library()

TONES = frozenset({"plain", "good", "warn", "bad", "info"})
NOTHING_KNOWN = "–"


def _filter(write: Callable[..., str]) -> None:
    """Register `write` as a filter that shows an unknown value as a dash, never as a zero."""

    @wraps(write)
    def shown(value: Any, *argument: Any) -> str:
        return NOTHING_KNOWN if value is None else write(value, *argument)

    register.filter(write.__name__, shown)


for _write in (
    formats.number,
    formats.quantity,
    formats.credits,
    formats.hours,
    formats.percent,
    formats.day,
    formats.moment,
    formats.localname,
):
    _filter(_write)


@register.simple_tag
def once() -> SafeString:
    """Inside a form: sent twice, it takes place once."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid4())


@register.simple_block_tag
def pageheader(content: str, title: str, lede: str = "", above: str = "") -> SafeString:
    """The page's h1, a sentence on what the page is for, and between the tags its actions."""
    return _render("pageheader", content, title=title, lede=lede, above=above)


@register.simple_block_tag
def card(content: str, title: str = "", note: str = "", wide: bool = False) -> SafeString:
    """A section of the page on its own sheet; `wide` takes a whole row of a grid."""
    return _render("card", content, title=title, note=note, wide=wide)


@register.simple_block_tag
def notice(content: str, tone: str = "info") -> SafeString:
    """A remark that stands out of the page. Raises ValueError for a tone not in `TONES`."""
    return format_html('<div class="notice {}">{}</div>', _tone(tone), content)


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """What a page shows when there is nothing yet; between the tags: what to do next."""
    return format_html('<div class="empty"><p class="empty-title">{}</p>{}</div>', title, content)


@register.simple_block_tag
def table(content: str, label: str, stack: bool = False, caption: bool = False) -> SafeString:
    """A table that scrolls inside itself; `stack` turns rows into sheets where it is narrow.

    `label` says what the table holds, aloud or, with `caption`, on the page too.
    """
    return _render("table", content, label=label, stack=stack, caption=caption)


@register.simple_tag
def stat(label: str, value: str, note: str = "", tone: str = "plain") -> SafeString:
    """One figure that matters, with its name and a remark. Raises ValueError as `notice`."""
    return _render("stat", "", label=label, value=value, note=note, tone=_tone(tone))


@register.simple_tag
def badge(text: str, tone: str = "plain") -> SafeString:
    """A status in a word. Raises ValueError as `notice`."""
    return format_html('<span class="badge {}">{}</span>', _tone(tone), text)


@register.simple_tag
def progress(label: str, share: float | None, text: str = "", tone: str = "good") -> SafeString:
    """A bar filled to `share` of 1, with its name and, unless `text` is given, the per cent.

    Raises ValueError as `notice`.
    """
    return _render(
        "progress",
        "",
        label=label,
        share=None if share is None else min(1.0, max(0.0, float(share))),
        text=text or (NOTHING_KNOWN if share is None else formats.percent(share)),
        tone=_tone(tone),
    )


@register.simple_tag
def steps(choices: Iterable[tuple[str, str]], current: str, label: str) -> SafeString:
    """The stages of something as a row: those passed, the current one, those to come.

    `choices` are (value, label) pairs as Django's TextChoices give them. Raises ValueError
    when `current` is none of their values.
    """
    pairs = [(str(value), text) for value, text in choices]
    place = [value for value, _ in pairs].index(str(current))
    stages = [
        (text, "done" if at < place else "current" if at == place else "ahead")
        for at, (_, text) in enumerate(pairs)
    ]
    return _render("steps", "", stages=stages, label=label)


@register.simple_tag
def tabs(choices: Iterable[tuple[str, str]], current: str, label: str) -> SafeString:
    """Links between views of one thing: (address, label) pairs, the current address."""
    return _render("tabs", "", choices=choices, current=current, label=label)


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """A form field with its label, help and errors."""
    checkbox = isinstance(bound.field.widget, CheckboxInput)
    return _render("field", "", field=bound, checkbox=checkbox)


@register.simple_tag
def fields(form: Form) -> SafeString:
    """What is wrong with the form as a whole, then each of its fields."""
    return _render("fields", "", form=form)


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> SafeString:
    """Links to the neighbouring pages of a list, keeping the rest of the query."""
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    around = [
        (number, address(number) if isinstance(number, int) else "")
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    return _render(
        "pagination",
        "",
        page=page,
        around=around,
        previous=address(page.number - 1) if page.has_previous() else "",
        next=address(page.number + 1) if page.has_next() else "",
    )


def _render(component: str, content: str, **context: Any) -> SafeString:
    return render_to_string(f"ui/{component}.html", {"content": content, **context})


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise ValueError(f"tone is {tone!r}: choose one of {', '.join(sorted(TONES))}")
    return tone
