"""What the frame of every page needs to know."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from xietong.platform.ui.navigation import navigation

# Each in its own script, so that whoever reads only one of them finds it.
LANGUAGES = (("zh-hans", "中文"), ("en", "English"))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the navigation for this page, and the languages to choose from."""
    return {
        "navigation": SimpleLazyObject(lambda: navigation(request.path)),
        "page_languages": LANGUAGES,
    }
