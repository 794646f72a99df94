"""What a scenario asks of the enterprises."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, F, Sum

from xietong.platform.products.models import Product

from ..models import Scenario, ScenarioTask
from .pages import retold

ENTERPRISES_A_PAGE = 20


@dataclass(frozen=True)
class EnterpriseTasks:
    """What a scenario asks of one enterprise: its ways of producing and what they yield."""

    code: str
    name_en: str
    name_zh: str
    hours: float
    techniques: int
    outputs: tuple[tuple[Product, float], ...]

    @property
    def others(self) -> int:
        """How many products it makes besides the first."""
        return len(self.outputs) - 1


def tasks_of(scenario: Scenario, page: int | str = 1) -> "Page[EnterpriseTasks]":
    """What a scenario asks of each enterprise, those with most hours first."""
    by_enterprise = (
        ScenarioTask.objects.filter(scenario=scenario)
        .values(
            code=F("technique__enterprise"),
            name_en=F("technique__enterprise__name_en"),
            name_zh=F("technique__enterprise__name_zh"),
        )
        .annotate(total=Sum("hours"), techniques=Count("technique"))
        .order_by("-total", "code")
    )
    shown = Paginator(by_enterprise, ENTERPRISES_A_PAGE).get_page(page)
    rows = list(shown)
    made = _made_by(scenario, [row["code"] for row in rows])
    catalogue = Product.objects.in_bulk({code for outputs in made.values() for code, _ in outputs})
    entries = [
        EnterpriseTasks(
            code=row["code"],
            name_en=row["name_en"],
            name_zh=row["name_zh"],
            hours=row["total"],
            techniques=row["techniques"],
            outputs=tuple((catalogue[code], much) for code, much in made.get(row["code"], ())),
        )
        for row in rows
    ]
    return retold(shown, entries)


def _made_by(scenario: Scenario, enterprises: Sequence[str]) -> dict[str, list[tuple[str, float]]]:
    """By enterprise: product codes and quantities made, those with most labour in them first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT technique.enterprise_id, output.product_id,
                   sum(task.runs * output.quantity::float) AS quantity
            FROM rounds_scenariotask AS task
            JOIN enterprises_technique AS technique ON technique.code = task.technique_id
            JOIN enterprises_techniqueproduct AS output
                ON output.technique_id = technique.code AND output.side = 'output'
            JOIN rounds_scenarioproduct AS product
                ON product.product_id = output.product_id
                AND product.scenario_id = task.scenario_id
            WHERE task.scenario_id = %s AND technique.enterprise_id = ANY(%s)
            GROUP BY 1, 2
            ORDER BY 1, sum(task.runs * output.quantity::float) * max(product.value) DESC, 2
            """,
            [scenario.pk, list(enterprises)],
        )
        made: dict[str, list[tuple[str, float]]] = {}
        for enterprise, product, quantity in cursor.fetchall():
            made.setdefault(enterprise, []).append((product, quantity))
    return made
