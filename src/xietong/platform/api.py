"""The API: the same actions and queries as the pages, described at /api/openapi.json."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.security import HttpBearer, django_auth

from xietong import __version__

from .base import Rejected
from .people import queries as people
from .people.models import Person


class PersonalToken(HttpBearer):
    """A person's own program, known by a token that the person made."""

    openapi_name = "token"

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        person = people.person_of_token(token)
        if person is not None:
            request.user = person
        return person


api = NinjaAPI(
    title="Xietong 协同",
    version=__version__,
    description="Everything that can be done on the pages. Sign in with a session cookie (and "
    "CSRF token), or with `Authorization: Bearer <token>`.",
    auth=[PersonalToken(), django_auth],
    openapi_url="/openapi.json",
    docs_url="/docs",
    urls_namespace="api",
)


@api.exception_handler(Rejected)
def refused(request: HttpRequest, why: Rejected) -> HttpResponse:
    body = {
        "reason": why.reason.value,
        "message": str(why.reason.label),
        "detail": why.detail,
    }
    return api.create_response(request, body, status=409)


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, why: PermissionDenied) -> HttpResponse:
    return api.create_response(request, {"detail": str(why)}, status=403)


for room in settings.ROOMS:
    if find_spec(f"xietong.platform.{room}.api"):
        api.add_router(room, import_module(f"xietong.platform.{room}.api").router)
