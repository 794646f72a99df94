"""Draws how the time to an executable, certified plan grows with the number of products.

Reads `growth.csv`, what `scale.py` and `xietong plan` printed, and writes the chart FILE.
"""

import argparse
from pathlib import Path

import altair as alt
import polars as pl

from tables import growth

MEASURED = Path(__file__).parent / "growth.csv"
WIDTH, HEIGHT = 560, 320


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("file", nargs="?", default="docs/growth.svg")
    measured = pl.read_csv(MEASURED)
    exponent = growth(measured["products"].to_list(), measured["seconds"].to_list())
    points = alt.Chart(measured).encode(
        alt.X("products:Q", title="products", scale=alt.Scale(type="log"))
        .axis(format="~s", values=measured["products"].to_list()),
        alt.Y("seconds:Q", title="seconds to an executable, certified plan")
        .scale(type="log").axis(values=[1, 10, 100, 1000]),
    )  # fmt: skip
    labels = points.mark_text(align="left", dx=8, dy=8).encode(text=alt.Text("gap:Q", format=".0e"))
    title = f"time grows as products to the {exponent}; beside each point the widest gap"
    chart = (points.mark_line(point=True) + labels).properties(
        title=title, width=WIDTH, height=HEIGHT
    )
    chart.save(asked.parse_args().file)
    print(title)


if __name__ == "__main__":
    main()
