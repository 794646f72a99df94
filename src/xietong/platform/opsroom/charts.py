"""The pictures of the opsroom."""

from collections.abc import Mapping, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xietong.platform.credits.queries import Totals
from xietong.platform.labour.queries import EnterpriseHours
from xietong.platform.products.models import Group
from xietong.platform.rounds.tiers import Tier
from xietong.platform.ui import formats
from xietong.platform.ui.charts import Figure, Series, Show, bars, dumbbell, lines, share

from .queries import Distributed, Produced, Spread, Stocked, TierCourse

ROWS = 12


def needs_met(
    course: Mapping[int, Mapping[Tier, TierCourse]], *, running: int | None = None
) -> SafeString:
    """The share of each tier's needs that reached people, over the rounds.

    The round that is `running` still has a part of its goods to come, and says so.
    """
    return lines(
        Figure(
            title=_("Needs met, by tier"),
            heads=_("Round"),
            labels=tuple(
                _("%(round)d, so far") % {"round": number} if number == running else str(number)
                for number in course
            ),
            series=tuple(
                Series(
                    str(tier.label),
                    tuple(
                        tiers[tier].reached if tier in tiers else None for tiers in course.values()
                    ),
                )
                for tier in Tier
                if any(tier in tiers for tiers in course.values())
            ),
            show=Show.PERCENT,
            note=_("What reached people, of what they asked for, by the labour in it."),
        )
    )


def promised_and_reached(tiers: Mapping[Tier, TierCourse]) -> SafeString:
    """What the plan promised of each tier's needs, and what came of it."""
    shown = [tier for tier in Tier if tier in tiers]
    return dumbbell(
        Figure(
            title=_("Promised and provided"),
            heads=_("Needs"),
            labels=tuple(str(tier.label) for tier in shown),
            series=(
                Series(_("promised by the plan"), tuple(tiers[tier].promised for tier in shown)),
                Series(_("reached people"), tuple(tiers[tier].reached for tier in shown)),
            ),
            show=Show.PERCENT,
        )
    )


def production(groups: Sequence[Produced[Group]]) -> SafeString:
    """Production against plan, the groups of products furthest behind first."""
    shown = groups[:ROWS]
    return dumbbell(
        Figure(
            title=_("Production against plan"),
            heads=_("Group of products"),
            labels=tuple(formats.localname(line.thing) for line in shown),
            series=(
                Series(_("planned"), tuple(_minutes(line.planned) for line in shown)),
                Series(_("made"), tuple(_minutes(line.made) for line in shown)),
            ),
            show=Show.HOURS,
            note=_("In hours of the labour contained; furthest behind the plan first."),
        )
    )


def stocks(lowest: Sequence[Stocked]) -> SafeString:
    """The stocks furthest below their norm."""
    shown = lowest[:ROWS]
    return bars(
        Figure(
            title=_("Stocks against their norms"),
            heads=_("Product"),
            labels=tuple(formats.localname(stock.product) for stock in shown),
            series=(Series(_("share of the norm"), tuple(stock.share for stock in shown)),),
            show=Show.PERCENT,
            note=_("The lowest first."),
        )
    )


def hours(enterprises: Sequence[EnterpriseHours]) -> SafeString:
    """Hours planned and certified, the enterprises that differ most first."""
    shown = sorted(enterprises, key=lambda each: abs(each.planned - each.certified), reverse=True)
    shown = shown[:ROWS]
    return dumbbell(
        Figure(
            title=_("Hours planned and certified"),
            heads=_("Enterprise"),
            labels=tuple(formats.localname(each.enterprise) for each in shown),
            series=(
                Series(_("planned"), tuple(each.planned for each in shown)),
                Series(_("certified"), tuple(each.certified for each in shown)),
            ),
            show=Show.HOURS,
            note=_("The enterprises that differ most first."),
        )
    )


def distribution(distributed: Distributed) -> SafeString:
    """How what people collected reached them."""
    return share(
        Figure(
            title=_("How goods reached people"),
            heads=_("Rule"),
            labels=(_("freely"), _("by quota"), _("for credits")),
            series=(
                Series(
                    _("labour value"),
                    tuple(
                        formats.MINUTES_PER_HOUR * value / formats.CREDITS_PER_HOUR
                        for value in (distributed.free, distributed.quota, distributed.credits)
                    ),
                ),
            ),
            show=Show.HOURS,
            note=_("What was collected, in hours of the labour contained."),
        )
    )


def incomes(spread: Spread) -> SafeString:
    """How many persons were issued how many credits."""
    return bars(
        Figure(
            title=_("Incomes of the round"),
            heads=_("Credits"),
            labels=tuple(
                f"{_whole(band.low)} – {_whole(band.high)}" for band in spread.incomes.bands
            ),
            series=(
                Series(_("people"), tuple(float(band.persons) for band in spread.incomes.bands)),
            ),
            note=_("Credits issued for work and as allowances, without names."),
        )
    )


def credits(totals: Totals) -> SafeString:
    """What has become of all credits ever issued."""
    return share(
        Figure(
            title=_("What became of all credits"),
            heads=_("Credits"),
            labels=(_("cancelled on collection"), _("still in accounts")),
            series=(Series(_("credits"), (float(totals.cancelled), float(totals.balances))),),
            show=Show.CREDITS,
        )
    )


def _whole(thousandths: int) -> str:
    return formats.number(thousandths / formats.CREDITS_PER_HOUR, 0)


def _minutes(hours: float) -> float:
    return hours * formats.MINUTES_PER_HOUR
