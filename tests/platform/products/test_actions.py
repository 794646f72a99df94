import pytest
from django.db import IntegrityError
from tests.platform.products.conftest import product

from xietong.platform.base import Rejected
from xietong.platform.products import actions
from xietong.platform.products.models import Group, Product, Region
from xietong.platform.products.rules import Refusal
from xietong.platform.record.models import Submission


@pytest.mark.django_db
def test_that_a_code_names_one_region_and_one_group() -> None:
    actions.add_region("all", name_en="Everywhere", name_zh="全国")
    actions.add_group("food", name_en="Food", name_zh="食品")
    for add in (actions.add_region, actions.add_group):
        with pytest.raises(Rejected) as refused:
            add("all" if add is actions.add_region else "food", name_en="Other", name_zh="别的")
        assert refused.value.reason is Refusal.CODE_TAKEN
    assert (Region.objects.get().name_en, Group.objects.get().name_en) == ("Everywhere", "Food")


def test_that_an_added_product_gets_its_key_from_the_chinese_name(food: Group) -> None:
    assert actions.add_product(product("rice", name_zh="稻米")).pinyin == "dao mi |dm"


def test_that_one_taken_code_adds_none_of_many(food: Group) -> None:
    actions.add_product(product("rice"))
    with pytest.raises(Rejected) as refused:
        actions.add_products([product("beans"), product("rice")])
    assert (refused.value.reason, refused.value.detail) == (Refusal.CODE_TAKEN, "rice")
    assert set(Product.objects.values_list("code", flat=True)) == {"rice"}


def test_that_a_product_by_quota_needs_a_quota(food: Group) -> None:
    with pytest.raises(Rejected) as refused:
        actions.add_product(product("rice", mode="quota"))
    assert refused.value.reason is Refusal.QUOTA_AND_MODE_DISAGREE
    assert Product.objects.count() == 0


def test_that_the_database_itself_keeps_mode_and_quota_together(food: Group) -> None:
    actions.add_product(product("rice"))
    with pytest.raises(IntegrityError, match="products_product_quota_when_by_quota"):
        Product.objects.update(quota=3)


def test_that_a_new_rule_of_distribution_is_on_record_with_the_one_before(food: Group) -> None:
    rice = actions.add_product(product("rice", name_zh="稻米"))
    actions.set_mode(rice, mode="quota", quota=4)
    rice.refresh_from_db()
    assert (rice.mode, rice.quota) == ("quota", 4)
    submission = Submission.objects.get()
    assert (submission.kind, submission.body) == (
        "distribution",
        '{"by_rule":false,"first_round":1,"mode":"quota","mode_before":"credits",'
        '"name_en":"Rice","name_zh":"稻米","product":"rice","quota":4,"quota_before":null,'
        '"reason_en":"","reason_zh":""}',
    )


def test_that_the_rule_that_holds_already_is_not_recorded_again(food: Group) -> None:
    rice = actions.add_product(product("rice"))
    actions.set_mode(rice, mode="credits")
    assert Submission.objects.count() == 0


@pytest.mark.parametrize(("mode", "quota"), [("quota", None), ("free", 2), ("market", None)])
def test_that_a_refused_rule_changes_nothing(food: Group, mode: str, quota: int | None) -> None:
    rice = actions.add_product(product("rice"))
    with pytest.raises(Rejected) as refused:
        actions.set_mode(rice, mode=mode, quota=quota)
    assert refused.value.reason is Refusal.QUOTA_AND_MODE_DISAGREE
    rice.refresh_from_db()
    assert (rice.mode, rice.quota, Submission.objects.count()) == ("credits", None, 0)
