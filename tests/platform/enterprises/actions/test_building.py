from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from xietong.platform.enterprises import actions
from xietong.platform.enterprises.actions import EnterpriseDraft, MeansDraft, TechniqueDraft
from xietong.platform.enterprises.models import Occupation, Technique, TechniqueProduct

pytestmark = pytest.mark.usefixtures("country")


def smelting(code: str) -> TechniqueDraft:
    return TechniqueDraft(
        code=code,
        enterprise="mill",
        name_en="Smelting",
        name_zh="冶炼",
        hours=Decimal("0.000000000001"),
        inputs={"grain": Decimal(2)},
        outputs={"flour": Decimal("1.5"), "bran": Decimal("0.25")},
        occupies={"stones:mill": Decimal(3)},
        lead_time=1,
    )


def test_that_a_technique_keeps_what_it_takes_gives_and_occupies() -> None:
    technique = Technique.objects.get(code=actions.add_technique(smelting("smelting")).code)
    assert (technique.enterprise_id, technique.lead_time) == ("mill", 1)
    assert technique.hours == Decimal("0.000000000001")
    assert set(technique.products.values_list("side", "product", "quantity")) == {
        ("input", "grain", Decimal(2)),
        ("output", "flour", Decimal("1.5")),
        ("output", "bran", Decimal("0.25")),
    }
    assert list(technique.occupies.values_list("means", "quantity")) == [
        ("stones:mill", Decimal(3))
    ]


@pytest.mark.parametrize("count", [1, 300])
def test_that_a_country_is_built_in_few_queries(
    count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        actions.add_enterprises(
            EnterpriseDraft(code=f"e{n}", region="hills", name_en="New", name_zh="新")
            for n in range(count)
        )
        actions.add_many_means(
            MeansDraft(
                code=f"m{n}", enterprise=f"e{n}", name_en="M", name_zh="设备", available=Decimal(1)
            )
            for n in range(count)
        )
        actions.add_techniques(smelting(f"t{n}") for n in range(count))
    assert TechniqueProduct.objects.filter(technique__name_en="Smelting").count() == 3 * count
    assert Occupation.objects.filter(technique__name_en="Smelting").count() == count
