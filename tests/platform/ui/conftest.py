"""A gallery of every component, made of the README's own examples, and a browser to see it.

The browser's requests are answered by Django's test client: nothing leaves the process, and a
request to anywhere else fails the test.
"""

import mimetypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path
from django.utils.safestring import SafeString
from django.views.i18n import set_language
from playwright.sync_api import Browser, Page, Route
from pytest_django import Settings

import xietong.platform.ui
from xietong.platform.ui import charts, errors, formats, messages
from xietong.platform.ui.charts import Figure, Series, Show

UI = Path(xietong.platform.ui.__file__).parent
ORIGIN = "http://127.0.0.1"


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As your colleagues know you.")
    hours = forms.IntegerField(label="Hours a week", min_value=0, max_value=40)
    region = forms.ChoiceField(label="Region", choices=[("n", "North"), ("s", "South")])
    wish = forms.ChoiceField(
        label="Rather",
        choices=[("rest", "More rest"), ("goods", "More goods")],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(label="Remark", required=False, widget=forms.Textarea)
    public = forms.BooleanField(label="Show my name beside it", required=False)


class QuickForm(forms.Form):
    amount = forms.IntegerField(label="Amount", min_value=1, initial=2)


def sample_context() -> dict[str, object]:
    """What the examples in the README speak of."""
    return {
        "balance": 38250,
        "minutes": 2250,
        "share": 0.843,
        "amount": 12.5,
        "phases": [
            ("gathering", "Gathering"),
            ("drafting", "Drafting"),
            ("deciding", "Deciding"),
            ("running", "Running"),
            ("closed", "Closed"),
        ],
        "views": [("/round/", "Where we are"), ("/round/?view=b", "Scenarios")],
        "orders": [
            {"name_en": "Rice", "name_zh": "稻米", "asked": 12, "planned": 12},
            {"name_en": "Coffee, roasted", "name_zh": "焙炒咖啡", "asked": 3, "planned": 1.25},
        ],
        "page": Paginator(range(240), 20).page(6),
        "form": SampleForm({"hours": "50", "region": "n"}),
        "quick": QuickForm(),
        "chart": sample_charts()[3],
    }


README = (UI / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"```django\n(.*?)```", README, re.DOTALL)


def sample_charts() -> list[SafeString]:
    """One chart of each kind, in words as long as real ones."""

    def say(english: str, chinese: str) -> str:
        return chinese if formats.chinese() else english

    planned, produced = say("planned", "计划"), say("produced", "实际")
    tiers = (say("Basic", "基本"), say("Public", "公共"), say("Personal", "个人"))
    rounds = tuple(say(f"Round {number}", f"第{number}轮") for number in range(1, 13))
    products = (
        say("Rice, husked", "稻米"),
        say("Machines for mining and construction", "采矿与建筑机械"),
        say("Coffee, roasted and ground", "焙炒咖啡"),
        say("Health services", "医疗服务"),
    )
    return [
        charts.bars(
            Figure(
                title=say("Hours by enterprise", "各企业工时"),
                heads=say("Enterprise", "企业"),
                labels=products,
                series=(Series(say("hours", "工时"), (750_000, 90_030, 465, None)),),
                show=Show.HOURS,
            )
        ),
        charts.bars(
            Figure(
                title=say("Needs met", "需求满足程度"),
                heads=say("Tier", "层次"),
                labels=tiers,
                series=(
                    Series(say("Plan A: more rest", "方案甲：多休息"), (1.0, 0.9993, 0.61)),
                    Series(say("Plan B: more goods", "方案乙：多产品"), (1.0, 0.97, 0.83)),
                ),
                show=Show.PERCENT,
                note=say("Share of what was asked for", "占所提需求的比例"),
            )
        ),
        charts.stacked(
            Figure(
                title=say("What became of what was asked for", "需求去向"),
                heads=say("Product", "产品"),
                labels=products,
                series=(
                    Series(say("collected", "已领取"), (40_000, 21_000, 9_000, 32_000)),
                    Series(say("waiting", "待领取"), (8_000, 3_000, 500, 0)),
                    Series(say("cut", "削减"), (0, 12_000, 7_500, None)),
                ),
                unit=say("units", "单位"),
            )
        ),
        charts.dumbbell(
            Figure(
                title=say("Production against plan", "计划与实际产量"),
                heads=say("Product", "产品"),
                labels=products,
                series=(
                    Series(planned, (120, 80, 12.5, 96)),
                    Series(produced, (118, 96.4, None, 96)),
                ),
                unit=say("t", "吨"),
            )
        ),
        charts.share(
            Figure(
                title=say("How goods are distributed", "产品分配方式"),
                heads=say("Way", "方式"),
                labels=(
                    say("by labour credits", "按劳动积分"),
                    say("by quota", "按定额"),
                    say("freely", "免费"),
                ),
                series=(Series(say("hours", "工时"), (61.2, 24.4, 14.4)),),
            )
        ),
        charts.lines(
            Figure(
                title=say("Stocks of four products", "四种产品库存"),
                heads=say("Round", "轮次"),
                labels=rounds,
                series=tuple(
                    Series(
                        name,
                        tuple(
                            None if at == 2 and step == 5 else 1e4 * (at + 1) + 900.0 * step * at
                            for step in range(12)
                        ),
                    )
                    for at, name in enumerate(products)
                ),
            )
        ),
        charts.histogram(
            say("Spread of incomes", "收入分布"),
            say("Credits in the round", "本轮积分"),
            [160_000 + 500 * (at * at % 97) for at in range(500)],
            say("People", "人数"),
            show=Show.CREDITS,
        ),
    ]


def charts_page(request: HttpRequest) -> HttpResponse:
    source = (
        '{% extends "ui/base.html" %}{% block title %}Charts{% endblock %}{% block content %}'
        '{% pageheader "Charts" %}{% endpageheader %}<div class="grid">'
        "{% for chart in charts %}{% card %}{{ chart }}{% endcard %}{% endfor %}</div>"
        "{% endblock %}"
    )
    template = engines["django"].from_string(source)
    return HttpResponse(template.render({"charts": sample_charts()}, request))


def gallery_page(request: HttpRequest) -> HttpResponse:
    source = "".join(
        (
            '{% extends "ui/base.html" %}{% block title %}Gallery{% endblock %}{% block content %}',
            *EXAMPLES,
            "{% endblock %}",
        )
    )
    template = engines["django"].from_string(source)
    return HttpResponse(template.render(sample_context(), request))


def broken_page(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def forbidden_page(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def unreadable_page(request: HttpRequest) -> HttpResponse:
    raise BadRequest


urlpatterns = [
    path("", gallery_page, name="home"),
    path("catalogue/", gallery_page, name="catalogue"),
    path("catalogue/rice/", gallery_page),
    path("basket/", gallery_page, name="basket"),
    path("round/", gallery_page, name="round"),
    path("opsroom/", charts_page, name="opsroom"),
    path("record/", gallery_page, name="record"),
    path("broken/", broken_page),
    path("forbidden/", forbidden_page),
    path("unreadable/", unreadable_page),
    path("sign-in/", gallery_page, name="sign-in"),
    path("language/", set_language, name="set_language"),
]


handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken


@pytest.fixture(scope="session", autouse=True)
def chinese_as_written() -> None:
    """The .mo files are not kept in git: what the tests read is what stands in django.po."""
    for room in messages.rooms():
        messages.compile_catalogue(room)


@pytest.fixture
def readme() -> str:
    return README


@pytest.fixture
def examples() -> list[str]:
    """The README's examples of templates, in order."""
    return EXAMPLES


@pytest.fixture
def gallery(settings: Settings, tmp_path: Path) -> Client:
    """A client of a site whose pages are the gallery."""
    settings.ROOT_URLCONF = __name__
    settings.STATIC_ROOT = tmp_path
    return Client(raise_request_exception=False)


@pytest.fixture
def open_page(gallery: Client, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a gallery page at a width, in a language, light or dark."""
    contexts = []

    def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        assert route.request.url.startswith(ORIGIN), f"a request outside: {route.request.url}"
        if url.path.startswith("/static/"):
            found = finders.find(url.path.removeprefix("/static/"))
            assert isinstance(found, str), f"no such static file: {url.path}"
            kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
            route.fulfill(body=Path(found).read_bytes(), content_type=kind)
            return
        address = f"{url.path}?{url.query}"
        if route.request.method == "POST":
            body = route.request.post_data or ""
            kind = route.request.headers["content-type"]
            response = gallery.post(address, body, content_type=kind)
        else:
            response = gallery.get(address)
        headers = dict(response.headers.items())
        for morsel in response.cookies.values():
            headers["Set-Cookie"] = morsel.OutputString()
        route.fulfill(status=response.status_code, headers=headers, body=response.content)

    def open_at(
        address: str = "/",
        *,
        width: int = 1280,
        language: str = "en",
        scheme: str = "light",
        javascript: bool = True,
    ) -> Page:
        gallery.cookies["language"] = language
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", answer)
        page.goto(ORIGIN + address)
        return page

    yield open_at
    for context in contexts:
        context.close()
