"""Pictures of a plan, as Altair charts: shown by a notebook, saved with `.save("needs.png")`."""

from typing import TYPE_CHECKING

from xietong.planning.faults import Language, PlanningError

if TYPE_CHECKING:
    import altair

    from xietong.planning.explanation import Explanation
    from xietong.planning.result import Plan


class Plots:
    """The pictures of a plan: `plan.plot.needs()`, `bottlenecks`, `flows` and `prices`.

    Each takes the language of its words, English (`en`) or Chinese (`zh`), and how many rows it
    shows at most. Products go by their names where the plan knows its economy. They raise
    PlanningError if Altair is not installed, or the plan has nothing to show.
    """

    def __init__(self, plan: "Plan") -> None:
        self._plan = plan

    def needs(self, language: Language = "en", most: int = 24) -> "altair.Chart":
        """Draw how far each need is met, those that miss most hours' worth first."""
        _altair()
        from xietong.planning.plot import needs

        return needs.draw(self._plan, language, most)

    def bottlenecks(self, language: Language = "en", most: int = 16) -> "altair.Chart":
        """Draw the scarce things, by the hours that all of each saves."""
        _altair()
        from xietong.planning.plot import bottlenecks

        return bottlenecks.draw(self._plan, language, most)

    def flows(self, language: Language = "en", most: int = 12) -> "altair.Chart":
        """Draw where the hours go: from skills through products to the tiers of need (Sankey)."""
        _altair()
        from xietong.planning.plot import flows

        return flows.draw(self._plan, language, most)

    def prices(self, language: Language = "en", most: int = 24) -> "altair.Chart":
        """Draw valuations beside labour values, in hours a unit, the scarcest products first."""
        _altair()
        from xietong.planning.plot import prices

        return prices.draw(self._plan, language, most)


def draw_explanation(explanation: "Explanation", language: Language) -> "altair.Chart":
    """Return what the valuation of a need is made of, a bar a period."""
    _altair()
    from xietong.planning.plot import shares

    return shares.draw(explanation, language)


def _altair() -> None:
    try:
        import altair  # noqa: F401
    except ImportError:
        raise PlanningError(
            'this needs Altair: pip install "xietong[plot]"',
            '这需要 Altair：pip install "xietong[plot]"',
        ) from None
