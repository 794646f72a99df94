from decimal import Decimal
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from xietong.platform.enterprises import actions, queries
from xietong.platform.enterprises.actions import Counted, EnterpriseDraft, TaskDraft, TechniqueDraft
from xietong.platform.enterprises.models import Report
from xietong.platform.enterprises.queries import ProductLine, StockLine

from .conftest import Country


def lines(of: list[ProductLine]) -> dict[str, tuple[object, object]]:
    """By product: what is planned and what is reported."""
    return {line.product.code: (line.planned, line.reported) for line in of}


def shown(of: list[StockLine]) -> dict[str, object]:
    return {line.product.code: line.quantity for line in of}


def report(country: Country, **made: str) -> Report:
    quantities = {product: Decimal(amount) for product, amount in made.items()}
    return actions.report_output(
        country.ana, enterprise=country.mill, quantities=quantities, key=uuid4()
    )


def test_that_a_task_sheet_shows_what_is_planned_and_what_is_reported(running: Country) -> None:
    report(running, flour="30", bran="21")
    report(running, flour="10.5")
    actions.report_use(
        running.bruno, enterprise=running.mill, quantities={"grain": Decimal(60)}, key=uuid4()
    )
    sheet = queries.tasks_of(running.mill, 1)
    tasks: list[tuple[object, ...]] = [
        (task.technique_id, task.runs, task.hours) for task in sheet.tasks
    ]
    assert tasks == [("milling:mill", 10, 5)]
    assert lines(sheet.made) == {"flour": (80, Decimal("40.5")), "bran": (20, 21)}
    assert lines(sheet.used) == {"grain": (100, 60)}
    assert [(line.left, line.share) for line in sheet.made] == [
        (0, Decimal("1.05")),
        (Decimal("39.5"), Decimal("0.50625")),
    ]


def test_that_what_others_draw_from_the_store_is_not_the_enterprises_use(
    running: Country,
) -> None:
    report(running, flour="5")
    actions.report_use(
        running.celia, enterprise=running.bakery, quantities={"flour": Decimal(2)}, key=uuid4()
    )
    assert lines(queries.tasks_of(running.mill, 1).used) == {"grain": (100, 0)}
    assert lines(queries.tasks_of(running.bakery, 1).used) == {"bran": (8, 0), "flour": (56, 2)}


def test_that_what_is_made_is_rounded_up_and_what_is_used_down(country: Country) -> None:
    actions.open_dispatch(1, [TaskDraft("milling:mill", Decimal("0.000033"), Decimal(0))])
    sheet = queries.tasks_of(country.mill, 1)
    assert lines(sheet.made) == {"flour": (Decimal("0.001"), 0), "bran": (Decimal("0.001"), 0)}
    assert lines(sheet.used) == {"grain": (Decimal(0), 0)}


def test_that_outputs_are_due_when_they_appear(country: Country) -> None:
    actions.add_technique(
        TechniqueDraft(
            code="ageing",
            enterprise="mill",
            name_en="Ageing",
            name_zh="陈化",
            hours=Decimal(0),
            inputs={"bran": Decimal(1)},
            outputs={"flour": Decimal(1)},
            lead_time=1,
        )
    )
    actions.open_dispatch(1, [TaskDraft("ageing", Decimal(4), Decimal(0))])
    first = queries.tasks_of(country.mill, 1)
    assert (lines(first.made)["flour"], lines(first.used)["bran"]) == ((0, 0), (4, 0))
    actions.close_dispatch(1)
    actions.open_dispatch(2, [TaskDraft("milling:mill", Decimal(1), Decimal(0))])
    second = queries.tasks_of(country.mill, 2)
    assert (lines(second.made)["flour"], lines(second.used)["bran"]) == ((12, 0), (0, 0))
    assert {line.product.code: line.planned for line in queries.production_against_plan(2)} == {
        "bran": 2,
        "flour": 12,
    }


def test_that_an_enterprise_without_tasks_can_still_report(country: Country) -> None:
    sheet = queries.tasks_of(country.hill_mill, 7)
    assert sheet.tasks == []
    assert lines(sheet.made) == {"flour": (0, 0), "bran": (0, 0)}
    assert lines(sheet.used) == {"grain": (0, 0)}
    assert [line.share for line in sheet.made] == [None, None]


def test_that_production_is_set_against_the_plan_over_all_enterprises(running: Country) -> None:
    actions.join(running.davi, "hill-mill")
    report(running, flour="10")
    actions.report_output(
        running.davi,
        enterprise=running.hill_mill,
        quantities={"flour": Decimal(3)},
        key=uuid4(),
    )
    assert lines(queries.production_against_plan(1)) == {
        "bran": (20, 0),
        "bread": (80, 0),
        "flour": (80, 13),
    }
    assert queries.production_against_plan(2) == []


@pytest.mark.usefixtures("country")
def test_that_stock_is_summed_over_all_stores() -> None:
    rows = [Counted(place, "flour", Decimal("1.5")) for place in ("mill", "bakery", "hill-mill")]
    actions.count_opening_stock(rows, round_number=1)
    assert queries.stock_by_product(["flour", "bread"]) == {"flour": Decimal("4.5"), "bread": 0}


def test_that_an_empty_shelf_is_not_listed(country: Country) -> None:
    rows = [Counted("mill", "flour", Decimal(2)), Counted("mill", "bread", Decimal(2))]
    actions.count_opening_stock(rows, round_number=1)
    actions.write_off(1)
    assert shown(queries.stock_of(country.mill)) == {"flour": 2}


def test_that_who_manages_stands_first_among_the_members(country: Country) -> None:
    assert [(member.person, member.manages) for member in queries.members_of(country.mill)] == [
        (country.bruno, True),
        (country.ana, False),
    ]


def test_that_a_report_of_use_shows_each_product_once_however_many_stores(
    running: Country,
) -> None:
    actions.count_opening_stock([Counted("bakery", "grain", Decimal(30))], round_number=1)
    made = report(running, flour="4", bran="1")
    used = actions.report_use(
        running.bruno, enterprise=running.mill, quantities={"grain": Decimal(140)}, key=uuid4()
    )
    entries: list[tuple[object, ...]] = [
        (entry.id, entry.kind, entry.reported_by, shown(entry.lines))
        for entry in queries.reports_of(running.mill)
    ]
    assert entries == [
        (used.id, "use", "Bruno", {"grain": 140}),
        (made.id, "output", "Ana", {"bran": 1, "flour": 4}),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_that_a_page_of_reports_takes_three_queries(
    running: Country, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        report(running, flour="1", bran="1")
    with django_assert_num_queries(3):
        assert len(queries.reports_of(running.mill)) == count


@pytest.mark.parametrize("tasks", [1, 3])
def test_that_a_task_sheet_takes_seven_queries(
    country: Country, tasks: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(tasks):
        actions.add_technique(
            TechniqueDraft(
                code=f"more:{number}",
                enterprise="mill",
                name_en="More",
                name_zh="更多",
                hours=Decimal(1),
                inputs={"grain": Decimal(1)},
                outputs={"flour": Decimal(1)},
            )
        )
    actions.open_dispatch(
        1, [TaskDraft(f"more:{number}", Decimal(1), Decimal(1)) for number in range(tasks)]
    )
    with django_assert_num_queries(7):
        sheet = queries.tasks_of(country.mill, 1)
    assert len(sheet.tasks) == tasks
    assert lines(sheet.made)["flour"] == (tasks, 0)


@pytest.mark.usefixtures("country")
def test_that_enterprises_are_found_in_both_languages_and_paged(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    actions.add_enterprises(
        EnterpriseDraft(code=f"e{n:02}", region="hills", name_en=f"Forge {n}", name_zh=f"锻造厂{n}")
        for n in range(45)
    )
    with django_assert_num_queries(2):
        first = queries.enterprises()
    assert (first.paginator.count, len(first), first.has_next()) == (48, 40, True)
    assert [(entry.enterprise.code, entry.members) for entry in queries.enterprises("mill")] == [
        ("hill-mill", 0),
        ("mill", 2),
    ]
    assert {entry.enterprise.code for entry in queries.enterprises("磨坊")} == {"mill", "hill-mill"}
    assert len(queries.enterprises(page=2)) == 8
