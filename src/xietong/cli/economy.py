"""xietong economy: bring one in, make one up, split its sectors, check it."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Import, generate, split or check an economy · 导入、生成、拆分或检查经济数据",
)

Folder = Annotated[Path, typer.Argument(help="Folder of the economy. 经济数据文件夹。")]
Name = Annotated[
    str, typer.Argument(help="The source, such as brazil-2021. 来源，如 brazil-2021。")
]
Data = Annotated[
    Path | None,
    typer.Option(help="Where the source's files lie, unless a package has them. 数据文件所在处。"),
]
Out = Annotated[Path, typer.Argument(help="Folder for the new economy. 新经济数据文件夹。")]
Goods = Annotated[
    Path | None,
    typer.Option(
        help="List of goods that name the products: hs8, name_zh, io_sector. 给产品命名的商品清单。"
    ),
]
Products = Annotated[int, typer.Option(help="How many products. 产品数。")]
Techniques = Annotated[
    int | None, typer.Option(help="How many techniques; products' if not given. 工艺数。")
]
Periods = Annotated[int, typer.Option(help="How many periods. 时期数。")]
Seed = Annotated[int, typer.Option(help="The same seed, the same economy. 种子相同，数据相同。")]


@app.command("import")
def bring_in(name: Name, folder: Folder, data: Data = None, periods: Periods = 1) -> None:
    """Write a real economy into a folder · 把真实的经济数据写入文件夹"""
    from xietong.cli.terminal import in_one_sentence

    with in_one_sentence():
        from xietong.planning.sources import import_economy

        economy = import_economy(name, data, periods)
        economy.write(folder)
        print(f"{economy.title}: {economy!r} → {folder}")


@app.command()
def generate(
    folder: Folder,
    products: Products,
    techniques: Techniques = None,
    periods: Periods = 1,
    seed: Seed = 0,
) -> None:
    """Make up a random economy, tight and with hubs · 生成资源紧张、有枢纽的随机经济"""
    from xietong.cli.terminal import in_one_sentence

    with in_one_sentence():
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        from xietong.cli.terminal import say
        from xietong.planning.generate import random_economy

        console = Console(stderr=True)
        shown = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(),
            console=console, transient=True, disable=not console.is_terminal,
        )  # fmt: skip
        with shown:
            task = shown.add_task(say("making up", "生成"), total=None)
            made = techniques if techniques is not None else products
            economy = random_economy(products, made, periods, seed)
            shown.update(task, description=say("writing", "写入"))
            economy.write(folder)
        print(f"{economy!r} → {folder}")


@app.command()
def disaggregate(
    folder: Folder, out: Out, products: Products, seed: Seed = 0, goods: Goods = None
) -> None:
    """Split sectors into many products with the same sums · 把部门拆分为许多产品，合计不变"""
    from xietong.cli.terminal import in_one_sentence

    with in_one_sentence():
        from xietong.planning import Economy
        from xietong.planning.disaggregate import disaggregate
        from xietong.planning.sources.china.goods import read_goods

        names = read_goods(goods) if goods is not None else None
        economy = disaggregate(Economy.read(folder), products, seed, names)
        economy.write(out)
        print(f"{economy!r} → {out}")


@app.command()
def check(folder: Folder) -> None:
    """Name everything that is wrong with a folder · 找出数据中的全部错误"""
    from xietong.cli.terminal import in_one_sentence

    with in_one_sentence():
        from xietong.cli.terminal import say
        from xietong.planning import Economy

        economy = Economy.read(folder)
        print(say(f"Nothing is wrong: {economy!r}", f"没有错误：{economy!r}"))
