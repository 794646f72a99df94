import pytest

from xietong.platform.products import rules


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("稻米", "dao mi |dm"),
        ("焙炒咖啡", "bei chao ka fei |bckf"),
        ("重型卡车", "zhong xing ka che |zxkc"),
        ("银行服务", "yin hang fu wu |yhfw"),
        ("LED 灯", "led deng |ld"),
        ("", " |"),
    ],
)
def test_that_pinyin_is_syllables_and_initials(name: str, key: str) -> None:
    assert rules.pinyin(name) == key


@pytest.mark.parametrize(
    ("mode", "quota", "fits"),
    [
        ("quota", 3, True),
        ("quota", 0, True),
        ("quota", None, False),
        ("credits", None, True),
        ("credits", 3, False),
        ("free", None, True),
        ("free", 0, False),
    ],
)
def test_that_a_quota_belongs_to_products_by_quota(
    mode: str, quota: int | None, fits: bool
) -> None:
    assert rules.quota_fits(mode, quota) is fits
