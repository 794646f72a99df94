"""Every address of the platform: each room brings its own, the API stands beside them."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from .api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("language/", set_language, name="set_language"),
]
urlpatterns += [
    path("", include(import_module(f"xietong.platform.{room}.urls")))
    for room in settings.ROOMS
    if find_spec(f"xietong.platform.{room}.urls")
]

handler400 = "xietong.platform.ui.errors.bad_request"
handler403 = "xietong.platform.ui.errors.forbidden"
handler404 = "xietong.platform.ui.errors.not_found"
handler500 = "xietong.platform.ui.errors.broken"
