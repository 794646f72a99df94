"""The pictures of a round's scenarios."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xietong.platform.ui.charts import Figure, Series, Show, bars
from xietong.platform.ui.formats import MINUTES_PER_HOUR, localname

from .queries.scenarios import ScenarioFigures
from .tiers import Tier


def needs_met(scenarios: Sequence[ScenarioFigures]) -> SafeString:
    """The share of each tier's needs that each scenario meets."""
    shares = [{tier.tier: tier.share for tier in each.tiers} for each in scenarios]
    tiers = [tier for tier in Tier if any(tier in each for each in shares)]
    return bars(
        Figure(
            title=_("Needs met by each scenario"),
            heads=_("Needs"),
            labels=tuple(str(tier.label) for tier in tiers),
            series=tuple(
                Series(localname(each.scenario), tuple(met.get(tier) for tier in tiers))
                for each, met in zip(scenarios, shares, strict=True)
            ),
            show=Show.PERCENT,
            note=_("Each need counts by the labour in it."),
        )
    )


def hours(scenarios: Sequence[ScenarioFigures]) -> SafeString:
    """The hours that each scenario asks workers to offer, and how many the plan needs of them."""
    return bars(
        Figure(
            title=_("Hours of a worker in the round"),
            heads=_("Scenario"),
            labels=tuple(localname(each.scenario) for each in scenarios),
            series=(
                Series(_("offered"), tuple(each.offered * MINUTES_PER_HOUR for each in scenarios)),
                Series(_("planned"), tuple(each.planned * MINUTES_PER_HOUR for each in scenarios)),
            ),
            show=Show.HOURS,
        )
    )
