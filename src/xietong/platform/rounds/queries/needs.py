"""The needs of a scenario, and why some are cut."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import F

from xietong.platform.needs.models import CommonNeed
from xietong.platform.products import queries as products
from xietong.platform.ui.formats import chinese

from ..economy import COMMON, HOUSEHOLD
from ..models import Scenario, ScenarioNeed, ScenarioProduct
from ..tiers import Tier
from .pages import retold
from .scenarios import NEGLIGIBLE, share_met

NEEDS_A_PAGE = 30


@dataclass(frozen=True)
class NeedFigures:
    """One need in a scenario. `common` is what it is for, unless people ordered it."""

    row: ScenarioNeed
    common: CommonNeed | None

    @property
    def key(self) -> str:
        return self.row.need

    @property
    def kind(self) -> str:
        return self.row.need.partition(":")[0]

    @property
    def tier(self) -> Tier:
        return Tier(self.row.tier)

    @property
    def share(self) -> float:
        return share_met(self.row.delivered, self.row.target)

    @property
    def why(self) -> str:
        """Why it is not met in full, in the reader's language; empty when it is."""
        return self.row.why_zh if chinese() else self.row.why_en

    @property
    def cut(self) -> bool:
        return self.share < 1


def needs_of(
    scenario: Scenario,
    *,
    search: str = "",
    tier: str = "",
    cut: bool = False,
    page: int | str = 1,
) -> "Page[NeedFigures]":
    """The needs of a scenario, those that go short by most hours of labour first.

    `search` finds products as the catalogue does; an empty `tier` is any; `cut` leaves out what
    is met in full.
    """
    found = scenario.needs.select_related("product", "product__group").order_by(
        ((F("target") - F("delivered")) * F("hours")).desc(), "need"
    )
    if search.strip():
        found = found.filter(product__in=products.matching(search))
    if tier:
        found = found.filter(tier=tier)
    if cut:
        found = found.filter(delivered__lt=F("target") * (1 - NEGLIGIBLE))
    shown = Paginator(found, NEEDS_A_PAGE).get_page(page)
    return retold(shown, _with_common(shown))


def need_of(scenario: Scenario, need: str) -> NeedFigures:
    """One need of a scenario. Raises ScenarioNeed.DoesNotExist."""
    found = scenario.needs.select_related("product", "product__group").get(need=need)
    return _with_common([found])[0]


def need_in_each_scenario(number: int, need: str) -> list[ScenarioNeed]:
    """One need in all scenarios of its round, each with its scenario."""
    return list(
        ScenarioNeed.objects.filter(scenario__round=number, need=need)
        .select_related("scenario")
        .defer("scenario__economy", "scenario__plan")
        .order_by("scenario__key")
    )


def flows_of(scenario: Scenario, product: str) -> ScenarioProduct:
    """Where a product comes from and goes to in a scenario. Raises ScenarioProduct.DoesNotExist."""
    return scenario.products.get(product=product)


def scenarios_that_cut(
    numbers: Iterable[int], product_codes: Iterable[str]
) -> dict[tuple[int, str], str]:
    """By (round, product code) of what people ordered and the adopted scenario cut: its key."""
    cut = ScenarioNeed.objects.filter(
        scenario__adoption__round__in=list(numbers),
        need__in=[f"{HOUSEHOLD}:{code}" for code in product_codes],
        delivered__lt=F("target") * (1 - NEGLIGIBLE),
    )
    return {
        (number, product): key
        for number, product, key in cut.values_list("scenario__round", "product", "scenario__key")
    }


def _with_common(rows: Iterable[ScenarioNeed]) -> list[NeedFigures]:
    rows = list(rows)
    codes = {row.need: row.need.removeprefix(f"{COMMON}:") for row in rows}
    common = CommonNeed.objects.in_bulk(
        [code for need, code in codes.items() if need.startswith(f"{COMMON}:")]
    )
    return [NeedFigures(row, common.get(codes[row.need])) for row in rows]
