from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from xietong.platform.ui.middleware import POLICY, ContentSecurityPolicy


def test_that_every_page_forbids_what_is_inline_or_from_outside(gallery: Client) -> None:
    for address in ("/", "/missing/", "/broken/"):
        assert gallery.get(address).headers["Content-Security-Policy"] == POLICY
    assert POLICY.startswith("default-src 'self'; ")
    assert "unsafe" not in POLICY


def test_that_a_response_keeps_a_policy_of_its_own() -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "sandbox"})

    response = ContentSecurityPolicy(answer)(RequestFactory().get("/"))
    assert response.headers["Content-Security-Policy"] == "sandbox"
