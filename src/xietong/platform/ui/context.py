"""What the frame of every page needs to know."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from xietong.platform.ui import formats
from xietong.platform.ui.navigation import navigation

# Each in its own script, so that whoever reads only that one finds it.
CHINESE = {"code": "zh-hans", "name": "中文"}
ENGLISH = {"code": "en", "name": "English"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the navigation for this page, and the language it could be in instead."""
    return {
        "navigation": SimpleLazyObject(lambda: navigation(request.path)),
        "other_language": ENGLISH if formats.chinese() else CHINESE,
    }
