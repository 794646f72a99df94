"""The pictures of the opsroom."""

from collections.abc import Mapping, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xietong.platform.credits.queries import Incomes, Totals
from xietong.platform.distribution.queries import FirstFigures
from xietong.platform.labour.queries import EnterpriseHours
from xietong.platform.products.models import Group
from xietong.platform.rounds.tiers import Tier
from xietong.platform.ui import formats
from xietong.platform.ui.charts import Figure, Series, Show, bars, dumbbell, lines, share

from .queries import Distributed, Produced, Stocked, TierCourse

ROWS = 12


def needs_met(
    course: Mapping[int, Mapping[Tier, TierCourse]], *, running: int | None = None
) -> SafeString:
    """The share of each tier's needs that reached people, over the rounds.

    The round that is `running` still has most of its goods to come: it is drawn only while there is
    no other, and says so.
    """
    if running is not None and len(course) > 1:
        course = {number: tiers for number, tiers in course.items() if number != running}
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


def incomes(incomes: Incomes) -> SafeString:
    """What equal parts of all persons were issued, the part with least first."""
    parts = incomes.parts
    return bars(
        Figure(
            title=_("Incomes of the round"),
            heads=_("People, those with least first"),
            labels=tuple(
                _("%(place)d. of %(parts)d equal parts") % {"place": place, "parts": len(parts)}
                for place in range(1, len(parts) + 1)
            ),
            series=(Series(_("credits a person"), tuple(float(part.mean) for part in parts)),),
            show=Show.CREDITS,
            note=_("Credits issued for work and as allowances: means of ten persons at least."),
        )
    )


def first_figures(rounds: Sequence[FirstFigures]) -> SafeString:
    """How much is distributed by need, and how evenly; nothing to draw is empty."""
    series = (
        Series(_("distributed by need"), tuple(each.by_need for each in rounds)),
        Series(
            _("Gini of incomes"),
            tuple(each.incomes.gini if each.incomes else None for each in rounds),
        ),
        Series(
            _("Gini of consumption"),
            tuple(each.consumption.gini if each.consumption else None for each in rounds),
        ),
    )
    return _over_rounds(
        rounds,
        series,
        title=_("Need and equality, over the rounds"),
        show=Show.PERCENT,
        note=_("Gini coefficient: 0% when all have the same, 100% when one has all."),
    )


def ratios(rounds: Sequence[FirstFigures]) -> SafeString:
    """Those with most over those with least; nothing to draw is empty."""
    series = (
        Series(
            _("incomes"), tuple(each.incomes.ratio if each.incomes else None for each in rounds)
        ),
        Series(
            _("consumption"),
            tuple(each.consumption.ratio if each.consumption else None for each in rounds),
        ),
    )
    return _over_rounds(
        rounds,
        series,
        title=_("The tenth with most over the tenth with least"),
        note=_("Means of the persons of each tenth; from a hundred persons on."),
    )


def _over_rounds(
    rounds: Sequence[FirstFigures],
    series: Sequence[Series],
    *,
    title: str,
    note: str,
    show: Show = Show.NUMBER,
) -> SafeString:
    known = tuple(each for each in series if any(value is not None for value in each.values))
    if not known:
        return SafeString("")
    return lines(
        Figure(
            title=title,
            heads=_("Round"),
            labels=tuple(str(each.round_number) for each in rounds),
            series=known,
            show=show,
            note=note,
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


def _minutes(hours: float) -> float:
    return hours * formats.MINUTES_PER_HOUR
