import pytest

from xietong.platform.decisions import effects


def test_that_an_effect_has_its_name_to_itself() -> None:
    with pytest.raises(ValueError, match="the effect set_parameter is registered twice"):
        effects.register("set_parameter")(lambda motion: None)
    assert effects.registered("set_parameter") is effects.set_parameter
