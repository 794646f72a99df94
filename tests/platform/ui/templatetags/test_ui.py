from html.parser import HTMLParser

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory


def rendered(source: str, address: str = "/", **context: object) -> str:
    template = engines["django"].from_string(source)
    return " ".join(template.render(context, RequestFactory().get(address)).split())


def test_that_an_unknown_value_is_a_dash_and_never_a_zero() -> None:
    filters = ("number", "quantity:'kg'", "credits", "hours", "percent", "day", "localname")
    shown = [rendered(f"{{{{ value|{name} }}}}", value=None) for name in filters]
    assert shown == ["–"] * len(filters)


def test_that_filters_take_their_arguments() -> None:
    assert rendered("{{ 2.5|number:2 }} {{ 0.984|percent:0 }}") == "2.50 98%"
    assert rendered("{{ 1250|credits }} {{ 90|hours }}") == "1.250 1 h 30 min"


def test_that_components_keep_markup_and_escape_words() -> None:
    shown = rendered(
        "{% card title note=note %}<b>{{ words }}</b>{% endcard %}"
        "{% notice 'warn' %}<p>{{ words }}</p>{% endnotice %}"
        "{% badge words %}{% stat words words %}{% progress words 0.5 %}",
        title="<t>",
        note="<n>",
        words="<w>",
    )
    assert "<b>&lt;w&gt;</b>" in shown
    assert "<p>&lt;w&gt;</p>" in shown
    for raw in ("<t>", "<n>", "<w>"):
        assert raw not in shown


def test_that_an_unknown_tone_is_refused_with_the_known_ones() -> None:
    for source in (
        "{% badge 'late' tone='red' %}",
        "{% stat 'a' 'b' tone='red' %}",
        "{% progress 'a' 0.5 tone='red' %}",
        "{% notice 'red' %}{% endnotice %}",
    ):
        with pytest.raises(ValueError, match="tone is 'red': choose one of bad, good, info, plain"):
            rendered(source)


def test_that_the_page_header_has_room_for_actions_only_when_there_are_some() -> None:
    assert rendered("{% pageheader 'Round' %}{% endpageheader %}") == (
        '<header class="pageheader"> <div> <h1>Round</h1> </div> </header>'
    )
    with_action = rendered("{% pageheader 'Round' %}<button>Go</button>{% endpageheader %}")
    assert '<div class="actions"><button>Go</button></div>' in with_action


def test_that_progress_says_its_share_and_never_overflows() -> None:
    assert 'value="0.250000"' in rendered("{% progress 'Met' 0.25 %}")
    assert ">25.0%</meter>" in rendered("{% progress 'Met' 0.25 %}")
    over = rendered("{% progress 'Met' 1.2 %}")
    assert 'value="1.000000"' in over
    assert ">120.0%<" in over


def test_that_unknown_progress_draws_no_bar() -> None:
    shown = rendered("{% progress 'Met' None %}")
    assert "<meter" not in shown
    assert ">–<" in shown


PHASES = [("a", "Gather"), ("b", "Decide"), ("c", "Run")]


def test_that_steps_tell_what_is_done_what_is_now_and_what_comes() -> None:
    shown = rendered("{% steps phases 'b' 'Round' %}", phases=PHASES)
    found = [part.split('"')[0] for part in shown.split('<li class="')[1:]]
    assert found == ["done", "current", "ahead"]
    assert shown.count('aria-current="step"') == 1


def test_that_a_step_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="'x' is not in list"):
        rendered("{% steps phases 'x' 'Round' %}", phases=PHASES)


def test_that_tabs_mark_the_view_one_looks_at() -> None:
    shown = rendered("{% tabs views '/b' 'Views' %}", views=[("/a", "A"), ("/b", "B")])
    assert '<a href="/a">A</a> <a href="/b" aria-current="page">B</a>' in shown


class Links(HTMLParser):
    """Collects (address, text) of every link."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str | None, str]] = []
        self.address: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.address = dict(attrs)["href"] if tag == "a" else None

    def handle_data(self, data: str) -> None:
        if self.address is not None:
            self.found.append((self.address, data))
            self.address = None


def links(html: str) -> list[tuple[str | None, str]]:
    parser = Links()
    parser.feed(html)
    return parser.found


def test_that_pagination_keeps_the_rest_of_the_query() -> None:
    page = Paginator(range(60), 20).page(2)
    shown = rendered("{% pagination page %}", "/catalogue/?q=rice&page=2", page=page)
    assert links(shown) == [
        ("?q=rice&page=1", "Previous"),
        ("?q=rice&page=1", "1"),
        ("?q=rice&page=2", "2"),
        ("?q=rice&page=3", "3"),
        ("?q=rice&page=3", "Next"),
    ]


def test_that_pagination_leads_nowhere_beyond_the_ends() -> None:
    paginator = Paginator(range(60), 20)
    first = rendered("{% pagination page %}", page=paginator.page(1))
    last = rendered("{% pagination page %}", page=paginator.page(3))
    assert [text for _, text in links(first)] == ["1", "2", "3", "Next"]
    assert [text for _, text in links(last)] == ["Previous", "1", "2", "3"]


def test_that_a_single_page_needs_no_pagination() -> None:
    assert rendered("{% pagination page %}", page=Paginator(range(3), 20).page(1)) == ""


class Order(forms.Form):
    amount = forms.IntegerField(label="Amount", max_value=9, help_text="In <kg>.")
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)
    remark = forms.CharField(label="Remark", required=False)

    def clean(self) -> None:
        raise forms.ValidationError("The round is closed.")


def test_that_a_field_is_tied_to_its_label_help_and_error() -> None:
    shown = rendered("{% field form.amount %}", form=Order({"amount": "12"}))
    assert '<label for="id_amount">Amount</label>' in shown
    assert '<p class="help" id="id_amount_helptext">In &lt;kg&gt;.</p>' in shown
    assert 'id="id_amount_error"><li>Ensure this value is less than or equal to 9.</li>' in shown
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in shown
    assert 'aria-invalid="true"' in shown


def test_that_a_hidden_field_shows_nothing_but_itself() -> None:
    assert rendered("{% field form.hidden %}", form=Order()) == (
        '<input type="hidden" name="hidden" id="id_hidden">'
    )


def test_that_a_form_says_first_what_is_wrong_with_all_of_it() -> None:
    shown = rendered("{% fields form %}", form=Order({"amount": "1"}))
    assert shown.startswith('<div class="notice bad" role="alert">')
    assert shown.index("The round is closed.") < shown.index("Amount")


def test_that_only_fields_one_may_leave_empty_are_called_optional() -> None:
    assert rendered("{% fields form %}", form=Order()).count(">optional<") == 1
