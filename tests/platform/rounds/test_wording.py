from collections.abc import Sequence

import polars as pl
import pytest

from xietong.planning import Delivery, Explanation
from xietong.platform.rounds.wording import Names, why_cut

CALLED = Names(products={"chair": ("Chair", "椅子")}, means={"lathe": ("Lathe", "车床")})
Scarce = tuple[str, str, float, float]


def explained(*, worth: float, scarce: Sequence[Scarce] = ()) -> tuple[str, str]:
    """Why a chair is cut that would take 4 hours; scarce things by kind, id, share and adds."""
    delivery = Delivery(
        period=1,
        region="all",
        target=10.0,
        delivered=6.0,
        share=0.6,
        valuation=4.0,
        worth=worth,
        hours=3.5,
    )
    table = pl.DataFrame(
        scarce,
        schema={"kind": pl.String, "id": pl.String, "share": pl.Float64, "adds": pl.Float64},
        orient="row",
    )
    explanation = Explanation(
        need="household:chair",
        tier="personal",
        product="chair",
        deliveries=(delivery,),
        hours=pl.DataFrame(),
        scarce=table,
    )
    return why_cut(explanation, CALLED)


@pytest.mark.parametrize(
    ("worth", "en", "zh"),
    [
        (
            4.0,
            "One more would take 4 hours from the rest of the plan and is itself worth no more "
            "than that, so it stops here.",
            "再多一单位，要从计划的其他地方占用4小时，而它也只值这么多，所以到此为止。",
        ),
        (
            1.25,
            "One more would take 4 hours from the rest of the plan but is itself worth only 1.25.",
            "再多一单位，要从计划的其他地方占用4小时，而它只值1.25小时。",
        ),
    ],
)
def test_that_a_cut_is_told_by_what_one_more_would_take_and_be_worth(
    worth: float, en: str, zh: str
) -> None:
    assert explained(worth=worth) == (en, zh)


def test_that_scarce_things_are_called_by_their_names_with_what_more_of_them_would_add() -> None:
    en, zh = explained(
        worth=4.0,
        scarce=[
            ("skill", "work", 0.7, 0.25),
            ("means", "lathe", 0.2, 0.5),
            ("stock", "chair", 0.1, 0.0),
        ],
    )
    assert en.splitlines()[1:] == [
        "These hours are made up of: work itself 70.0%, “Lathe” 20.0%, stock of “Chair” 10.0%.",
        "One more hour of work would add 0.25 of this.",
        "One more unit of “Lathe” would add 0.5 of this.",
    ]
    assert zh.splitlines()[1:] == [
        "这些小时的构成：劳动本身占70.0%、“车床”占20.0%、“椅子”的库存占10.0%。",
        "多一小时劳动，可以多得0.25单位。",
        "“车床”多一单位，可以多得0.5单位。",
    ]


def test_that_what_hardly_counts_is_not_named() -> None:
    en, _ = explained(worth=4.0, scarce=[("means", "lathe", 0.0005, 0.5)])
    assert "Lathe" not in en
