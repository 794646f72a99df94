"""The only code that writes orders, allotments and collections, one file a use case."""

from .allotment import allot
from .books import close_book, forget, open_book, settle, start_collecting
from .collection import collect
from .common import CommonNeedDraft, deliver_common, set_common_needs
from .orders import place_order

__all__ = [
    "CommonNeedDraft",
    "allot",
    "close_book",
    "collect",
    "deliver_common",
    "forget",
    "open_book",
    "place_order",
    "set_common_needs",
    "settle",
    "start_collecting",
]
