"""The whole credit system once more, small and in plain Python, to compare the real one with.

It keeps no table, lock or statement of the platform: what people may do and what becomes of it, by
the words of the rooms' docstrings. A refusal is raised before anything changes.
"""

from tests.platform.credits.model.goods import Goods
from tests.platform.credits.model.state import MOST_FREE_SHARE, Good, Hours, Visited
from tests.platform.credits.model.work import Work

__all__ = ["MOST_FREE_SHARE", "Good", "Hours", "Model", "Visited"]


class Model(Work, Goods):
    pass
