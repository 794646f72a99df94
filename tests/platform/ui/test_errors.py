import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("address", "status", "language", "said"),
    [
        ("/missing/", 404, "en", "There is no such page"),
        ("/missing/", 404, "zh-hans", "页面不存在"),
        ("/forbidden/", 403, "en", "This is not open to you"),
        ("/forbidden/", 403, "zh-hans", "您无权查看此页"),
        ("/unreadable/", 400, "en", "The request could not be read"),
        ("/unreadable/", 400, "zh-hans", "请求无法识别"),
        ("/broken/", 500, "en", "Something broke on our side"),
        ("/broken/", 500, "zh-hans", "系统出错了"),
    ],
)
def test_that_what_went_wrong_is_said_in_the_language_of_the_page(
    gallery: Client, address: str, status: int, language: str, said: str
) -> None:
    gallery.cookies["language"] = language
    response = gallery.get(address)
    assert response.status_code == status
    assert f"<h1>{said}</h1>" in response.content.decode()


def test_that_a_form_from_elsewhere_is_refused_with_advice(gallery: Client) -> None:
    strict = type(gallery)(enforce_csrf_checks=True)
    response = strict.post("/language/", {"language": "en"})
    assert response.status_code == 403
    assert "<h1>The form was too old</h1>" in response.content.decode()
