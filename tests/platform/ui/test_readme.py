"""The README is what the other rooms build by: what it shows has to be so."""

from xietong.platform.ui.templatetags.ui import register


def test_that_the_readme_shows_every_tag_and_names_every_filter(
    readme: str, examples: list[str]
) -> None:
    shown = "".join(examples)
    assert {name for name in register.tags if f"{{% {name} " not in shown} == set()
    assert {name for name in register.filters if f"`{name}" not in readme} == set()


def test_that_no_example_breaks_the_policy_of_the_page(examples: list[str]) -> None:
    forbidden = ("style=", "<script", "onclick=", "http://", "https://")
    assert [word for word in forbidden if any(word in example for example in examples)] == []


def test_that_the_chart_of_the_readme_can_be_drawn(readme: str) -> None:
    source = readme.split("```python\n")[1].split("```")[0]
    made: dict[str, str] = {}
    exec(source, made)  # noqa: S102
    assert made["chart"].startswith('<figure class="chart">')
