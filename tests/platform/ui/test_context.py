from django.test import Client


def test_that_each_language_offers_the_other_and_the_choice_is_kept(gallery: Client) -> None:
    assert 'value="zh-hans" lang="zh-hans">中文</button>' in gallery.get("/").content.decode()
    response = gallery.post("/language/", {"language": "zh-hans", "next": "/basket/?page=2"})
    assert (response.status_code, response.headers["Location"]) == (302, "/basket/?page=2")
    page = gallery.get("/").content.decode()
    assert '<html lang="zh-hans">' in page
    assert 'value="en" lang="en">English</button>' in page


def test_that_the_page_title_ends_with_the_platform(gallery: Client) -> None:
    assert "<title>Gallery · Xietong</title>" in gallery.get("/").content.decode()
    gallery.cookies["language"] = "zh-hans"
    assert "<title>Gallery · 协同</title>" in gallery.get("/").content.decode()
