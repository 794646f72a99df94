"""The only code that writes orders, allotments and collections, one file a use case."""

from .allotment import allot
from .books import close_book, forget, open_book, settle, start_collecting
from .collection import collect
from .common import CommonNeedDraft, deliver_common, set_common_needs
from .delivery import deliver_home, repeat_orders, set_standing
from .orders import place_order
from .shares import set_share_rule

__all__ = [
    "CommonNeedDraft",
    "allot",
    "close_book",
    "collect",
    "deliver_common",
    "deliver_home",
    "forget",
    "open_book",
    "place_order",
    "repeat_orders",
    "set_common_needs",
    "set_share_rule",
    "set_standing",
    "settle",
    "start_collecting",
]
