"""What a picture shows, as rows."""

from collections.abc import Callable
from typing import Any

import altair as alt
import pytest

Rows = list[dict[str, Any]]


@pytest.fixture
def shown() -> Callable[[alt.Chart, int], Rows]:
    """Return the data of a layer, wherever Altair has put them."""

    def rows(chart: alt.Chart, layer: int) -> Rows:
        drawn = chart.to_dict()
        data = drawn["layer"][layer].get("data", drawn.get("data"))
        found: Rows = data["values"] if "values" in data else drawn["datasets"][data["name"]]
        return found

    return rows
