"""Economies small enough to be known by heart."""

from collections.abc import Callable

import polars as pl
import pytest

from xietong.planning import Economy, Plan, plan

Tables = dict[str, pl.DataFrame]


def bakery_tables() -> Tables:
    """Three periods; corn a period late, one oven that a project can double, two regions.

    Every table of the format has rows.
    """
    return {
        "products": pl.DataFrame(
            {
                "product": ["corn", "bread", "straw", "haircut"],
                "unit": ["t", "t", "t", "cut"],
                "name_zh": ["玉米", "面包", "秸秆", "理发"],
                "storable": [True, True, True, False],
                "loss": [0.05, 0.5, 0.0, 0.0],
            }
        ),
        "regions": pl.DataFrame({"region": ["east", "west"]}),
        "periods": pl.DataFrame({"period": [1, 2, 3], "days": [30.0, 30.0, 30.0]}),
        "techniques": pl.DataFrame(
            {
                "technique": ["farm", "bake", "cart", "cut"],
                "region": ["east", "east", "east", "west"],
                "lead_time": [1, 0, 0, 0],
            }
        ),
        "inputs": pl.DataFrame(
            {
                "technique": ["farm", "bake", "cart", "cart"],
                "product": ["corn", "corn", "bread", "straw"],
                "quantity": [0.1, 1.0, 1.0, 0.1],
            }
        ),
        "outputs": pl.DataFrame(
            {
                "technique": ["farm", "farm", "bake", "cart", "cut"],
                "product": ["corn", "straw", "bread", "bread", "haircut"],
                "quantity": [1.0, 0.5, 1.0, 1.0, 1.0],
                "region": [None, None, None, "west", None],
            }
        ),
        "labour": pl.DataFrame(
            {
                "technique": ["farm", "bake", "cart", "cut"],
                "skill": ["work"] * 4,
                "hours": [2.0, 1.0, 0.5, 0.5],
            }
        ),
        "workforce": pl.DataFrame(
            {
                "region": ["east", "west", "west", "west"],
                "skill": ["work"] * 4,
                "period": [None, 1, 2, 3],
                "hours": [80.0, 20.0, 25.0, 30.0],
            }
        ),
        "means": pl.DataFrame({"means": ["oven"], "region": ["east"], "available": [15.0]}),
        "occupies": pl.DataFrame({"technique": ["bake"], "means": ["oven"], "quantity": [1.0]}),
        "needs": pl.DataFrame(
            {
                "need": ["bread-east", "bread-west", "school", "haircut", "seed"],
                "tier": ["basic", "basic", "public", "personal", "reserve"],
                "product": ["bread", "bread", "bread", "haircut", "corn"],
                "region": ["east", "west", "west", "west", "east"],
                "period": [None, None, 2, None, 3],
                "target": [10.0, 8.0, 4.0, 60.0, 9.0],
                "weight": [1.0, 1.0, 1.0, 2.0, 1.0],
            }
        ),
        "stocks": pl.DataFrame(
            {
                "product": ["corn", "straw"],
                "region": ["east", "east"],
                "initial": [18.0, 3.0],
                "final": [5.0, 0.0],
            }
        ),
        "projects": pl.DataFrame(
            {"project": ["oven"], "region": ["east"], "build_time": [1], "most": [2.0]}
        ),
        "project_inputs": pl.DataFrame(
            {"project": ["oven"], "offset": [0], "product": ["straw"], "quantity": [0.0]}
        ),
        "project_labour": pl.DataFrame(
            {"project": ["oven"], "offset": [0], "skill": ["work"], "quantity": [10.0]}
        ),
        "project_means": pl.DataFrame({"project": ["oven"], "means": ["oven"], "capacity": [4.0]}),
        "limits": pl.DataFrame({"limit": ["smoke"], "period": [2], "amount": [16.0]}),
        "emits": pl.DataFrame({"technique": ["bake"], "limit": ["smoke"], "quantity": [1.0]}),
    }


@pytest.fixture
def tables() -> Tables:
    return bakery_tables()


@pytest.fixture(scope="session")
def bakery() -> Economy:
    return Economy(bakery_tables(), title="Bakery", metadata={"source": "made up"})


@pytest.fixture(scope="session")
def baked(bakery: Economy) -> Plan:
    return plan(bakery)


@pytest.fixture
def changed(tables: Tables) -> Callable[..., Economy]:
    """Return the bakery with some tables replaced by what a function makes of them."""

    def change(**how: Callable[[pl.DataFrame], pl.DataFrame]) -> Economy:
        return Economy({**tables, **{name: f(tables[name]) for name, f in how.items()}})

    return change
