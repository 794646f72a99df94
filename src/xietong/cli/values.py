"""xietong values: the labour value of each product."""

from pathlib import Path
from typing import Annotated

import typer

Economy = Annotated[Path, typer.Argument(help="Folder of the economy. 经济数据文件夹。")]
Plan = Annotated[
    Path | None,
    typer.Option(
        "--plan",
        help="Folder of a plan: its techniques in use count. 计划文件夹：按实际采用的工艺计算。",
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", help="CSV file to write instead. 改为写入 CSV 文件。")
]


def values(economy: Economy, plan: Plan = None, out: Out = None) -> None:
    """Work out labour values, in hours per unit · 计算劳动价值（工时/单位）"""
    from xietong.cli.terminal import in_one_sentence

    with in_one_sentence():
        from rich.console import Console
        from rich.table import Table

        from xietong.cli.terminal import language, say
        from xietong.planning import Economy, Plan, labour_values

        source = Economy.read(economy)
        runs = Plan.read(plan).runs if plan is not None else None
        hours = labour_values(source, runs)
        if out is not None:
            hours.write_csv(out)
            return
        table = Table(title=say("Labour values", "劳动价值"))
        for head in (say("product", "产品"), say("name", "名称"), say("unit", "单位")):
            table.add_column(head)
        table.add_column(say("hours per unit", "工时/单位"), justify="right")
        name = f"name_{language()}"
        rows = source.products.join(hours, on="product", maintain_order="left")
        for row in rows.iter_rows(named=True):
            figure = say("cannot be made", "无法生产")
            if row["hours"] is not None:
                figure = f"{row['hours']:.6g}"
            table.add_row(row["product"], row[name] or "", row["unit"], figure)
        Console().print(table)
