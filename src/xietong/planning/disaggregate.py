"""Splits the sectors of an economy into many products with techniques of their own.

Each product i becomes n parts with random shares w[i,p] that sum to 1, and each technique that
makes it becomes n techniques, one for each part. A flow of product k into the techniques that make
i is spread over the pairs of their parts so that part q of k gives the share w[k,q] of it and part
p of i takes the share w[i,p]: along two random orders of the parts, laid side by side (the
north-west corner rule), which leaves few pairs. So all totals stay what they were, part by part
what was supplied is what is used, and the runs observed are a plan of the new economy if they were
one of the old.

Source: Hoffman 1963 (north-west corner rule); Wolsky 1984 (disaggregating input-output models).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from xietong.planning.economy import Economy
from xietong.planning.faults import PlanningError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SPREAD = 1.0  # of the logarithm of the parts' sizes, as between goods of a customs chapter
VARIETY = 0.4  # of the logarithm of the hours that a unit of a part takes
NEGLIGIBLE = 1e-13  # share of a flow that is a rounding of the shares' sums


@dataclass(frozen=True)
class _Parts:
    """What a product is split into: what is added to its name for each part, and the shares."""

    suffixes: tuple[str, ...]
    shares: Floats


WHOLE = _Parts(("",), np.ones(1))


def disaggregate(
    economy: Economy, products: int, seed: int = 0, names: pl.DataFrame | None = None
) -> Economy:
    """Return an economy of so many products whose sums by sector are those of `economy`.

    Args:
        economy: an economy, whose products are the sectors.
        products: how many products there are to be.
        seed: the same seed gives the same economy.
        names: the parts that a product can be split into, columns `product`, `part` and one or
            both of `name_en` and `name_zh`; a product without a row stays whole. Without it every
            product is split, and its parts are numbered.

    Raises:
        PlanningError: if there would be fewer products than sectors, or more than `names` has.

    Source: Hoffman 1963 (north-west corner rule).
    """
    rng = np.random.default_rng(seed)
    sectors = economy.products["product"].to_list()
    named = _named(sectors, names)
    counts = _counts(sectors, products, named)
    parts = {
        sector: _split(rng, count, named.get(sector) if named else None)
        for sector, count in zip(sectors, map(int, counts), strict=True)
    }
    tables = _Disaggregation(economy, parts, rng).tables(named)
    metadata = {
        **economy.metadata,
        "disaggregation": {"of": economy.sha256, "products": products, "seed": seed},
    }
    return Economy(tables, title=f"{economy.title}: {products}", metadata=metadata)


def _named(sectors: list[str], names: pl.DataFrame | None) -> dict[str, pl.DataFrame] | None:
    if names is None:
        return None
    strange = names.filter(~pl.col("product").is_in(sectors))
    if strange.height:
        name = strange["product"][0]
        raise PlanningError(
            f"names: {name!r} is no product of the economy", f"名称表：经济数据中没有产品 {name!r}"
        )
    return {str(key[0]): frame for key, frame in names.group_by("product", maintain_order=True)}


def _counts(sectors: list[str], products: int, named: Mapping[str, pl.DataFrame] | None) -> Ints:
    """Return into how many parts each sector is split, in proportion to its names if there are."""
    room = np.array(
        [len(named[sector]) if sector in named else 1 for sector in sectors]
        if named is not None
        else [products] * len(sectors)
    )
    if not len(sectors) <= products <= room.sum():
        few, many = len(sectors), int(room.sum())
        raise PlanningError(
            f"give a number of products from {few}, the sectors, to {many}, the names there are",
            f"产品数应在 {few}（部门数）与 {many}（现有名称数）之间",
        )
    spare = room - 1
    exact = spare * ((products - len(sectors)) / max(int(spare.sum()), 1))
    counts = np.floor(exact).astype(np.int64)
    first = np.argsort(counts - exact, kind="stable")
    counts[first[: products - len(sectors) - int(counts.sum())]] += 1
    return counts + 1


def _split(rng: np.random.Generator, count: int, named: pl.DataFrame | None) -> _Parts:
    if count == 1:
        return WHOLE
    size = np.exp(rng.normal(0.0, SPREAD, count))
    if named is None:
        width = len(str(count))
        suffixes = tuple(f".{place:0{width}}" for place in range(1, count + 1))
    else:
        chosen = np.sort(rng.permutation(named.height)[:count])
        suffixes = tuple(f".{part}" for part in named["part"].gather(chosen))
    return _Parts(suffixes, size / size.sum())


@dataclass(frozen=True)
class _Disaggregation:
    """An economy and the parts of each of its products.

    Techniques, means and projects are split as the product that they have most to do with is,
    which is found by their name in a dictionary of owners.
    """

    old: Economy
    parts: Mapping[str, _Parts]
    rng: np.random.Generator

    def tables(self, named: Mapping[str, pl.DataFrame] | None) -> dict[str, pl.DataFrame]:
        old = self.old
        product = {name: name for name in self.parts}
        technique = self._technique_owners()
        means = self._owners(old.means, "means", old.occupies, "quantity", "technique", technique)
        project = self._owners(
            old.projects, "project", old.project_means, "capacity", "means", means
        )
        by_technique = ("technique", technique)
        by_project = ("project", project)
        return {
            "products": self._products(named),
            "regions": old.regions,
            "periods": old.periods,
            "workforce": old.workforce,
            "limits": old.limits,
            "techniques": self._sized(old.techniques, *by_technique, "runs"),
            "means": self._sized(old.means, "means", means, "available"),
            "stocks": self._sized(old.stocks, "product", product, "initial", "final"),
            "needs": self._needs(product),
            "projects": self._sized(old.projects, *by_project),
            "labour": self._varied(old.labour, technique, "hours"),
            "emits": self._varied(old.emits, technique, "quantity"),
            "inputs": self._spread(old.inputs, *by_technique, "product", product, own=False),
            "outputs": self._spread(old.outputs, *by_technique, "product", product, own=True),
            "occupies": self._spread(old.occupies, *by_technique, "means", means, own=True),
            "project_inputs": self._spread(
                old.project_inputs, *by_project, "product", product, own=False, each=False
            ),
            "project_means": self._spread(
                old.project_means, *by_project, "means", means, own=True, each=False
            ),
            "project_labour": self._sized(old.project_labour, *by_project, "quantity"),
        }

    def _technique_owners(self) -> dict[str, str]:
        """By technique, its largest output that is split, or else its largest such input."""
        split = [product for product, parts in self.parts.items() if len(parts.shares) > 1]
        owners: dict[str, str] = dict.fromkeys(self.old.techniques["technique"], "")
        for table in (self.old.inputs, self.old.outputs):
            some = table.filter(pl.col("product").is_in(split))
            measured = some.join(self.old.products, on="product", maintain_order="left")
            size = pl.col("quantity") * pl.col("measure")
            owners |= _largest(measured.with_columns(size=size), "technique", "product")
        return owners

    def _owners(
        self,
        items: pl.DataFrame,
        key: str,
        table: pl.DataFrame,
        quantity: str,
        other: str,
        owners: Mapping[str, str],
    ) -> dict[str, str]:
        """By item, the owner of the other thing that it has most to do with in the table."""
        size = pl.col(quantity)
        if other == "technique":
            runs = self.old.techniques.select("technique", "runs")
            table = table.join(runs, on="technique", maintain_order="left")
            size = size * pl.col("runs")
        nearest = _largest(table.with_columns(size=size), key, other)
        return {name: owners[nearest[name]] if name in nearest else "" for name in items[key]}

    def _of(self, owner: str) -> _Parts:
        return self.parts[owner] if owner else WHOLE

    def _products(self, named: Mapping[str, pl.DataFrame] | None) -> pl.DataFrame:
        rows = []
        for row in self.old.products.iter_rows(named=True):
            sector = row["product"]
            known = (
                named[sector].rows_by_key("part", named=True, unique=True)
                if named and sector in named
                else {}
            )
            for place, suffix in enumerate(self.parts[sector].suffixes, start=1):
                names = {
                    column: known.get(suffix[1:], {}).get(column)
                    or (f"{row[column]} {place}" if row[column] and suffix else row[column])
                    for column in ("name_en", "name_zh")
                }
                rows.append({**row, "product": sector + suffix, **names})
        return pl.DataFrame(rows, schema=self.old.products.schema)

    def _needs(self, owners: Mapping[str, str]) -> pl.DataFrame:
        row, suffixes, share = self._repeat(self.old.needs["product"], owners)
        return self.old.needs[row].with_columns(
            need=pl.col("need") + suffixes,
            product=pl.col("product") + suffixes,
            target=pl.col("target") * share,
        )

    def _sized(
        self, table: pl.DataFrame, key: str, owners: Mapping[str, str], *columns: str
    ) -> pl.DataFrame:
        """Repeat each row for each part, with its share of what stands in the columns."""
        row, suffixes, share = self._repeat(table[key], owners)
        return table[row].with_columns(
            pl.col(key) + suffixes, *(pl.col(column) * share for column in columns)
        )

    def _varied(self, table: pl.DataFrame, owners: Mapping[str, str], column: str) -> pl.DataFrame:
        """Repeat each row for each part, more for one and less for another, the same in all."""
        row, suffixes, share = self._repeat(table["technique"], owners)
        more = np.exp(self.rng.normal(0.0, VARIETY, len(row)))
        more /= np.bincount(row, more * share, table.height)[row]
        return table[row].with_columns(pl.col("technique") + suffixes, pl.col(column) * more)

    def _repeat(
        self, keys: Iterable[str], owners: Mapping[str, str]
    ) -> tuple[Ints, pl.Series, Floats]:
        """Return, for each part of each row, the row, the part's suffix and its share."""
        parts = [self._of(owners[key]) for key in keys]
        row = np.repeat(np.arange(len(parts)), [len(part.shares) for part in parts])
        suffixes = [suffix for part in parts for suffix in part.suffixes]
        shares = np.concatenate([np.zeros(0), *(part.shares for part in parts)])
        return row, pl.Series(suffixes, dtype=pl.String), shares

    def _spread(
        self,
        table: pl.DataFrame,
        taker: str,
        takers: Mapping[str, str],
        giver: str,
        givers: Mapping[str, str],
        *,
        own: bool,
        each: bool = True,
    ) -> pl.DataFrame:
        """Spread each row over the pairs of parts of its two keys.

        With `own`, a part has to do with its own part alone where both are split alike. A run of a
        part is a run (`each`), a start of a part its share of a start.
        """
        rows, first, second, share = [], [], [], []
        for place, (one, other) in enumerate(table.select(taker, giver).iter_rows()):
            taking, giving = self._of(takers[one]), self._of(givers[other])
            if own and takers[one] == givers[other]:
                p = q = np.arange(len(taking.shares))
                part = taking.shares
            else:
                p, q, part = self._pairs(taking.shares, giving.shares)
            rows.append(np.full(len(p), place))
            first += [taking.suffixes[i] for i in p]
            second += [giving.suffixes[j] for j in q]
            share.append(part / taking.shares[p] if each else part)
        if not rows:
            return table
        column = "capacity" if "capacity" in table.columns else "quantity"
        return table[np.concatenate(rows)].with_columns(
            pl.col(taker) + pl.Series(first),
            pl.col(giver) + pl.Series(second),
            pl.col(column) * np.concatenate(share),
        )

    def _pairs(self, taking: Floats, giving: Floats) -> tuple[Ints, Ints, Floats]:
        """Return pairs of parts and the share of each, with the shares of both as their sums."""
        p, q = self.rng.permutation(len(taking)), self.rng.permutation(len(giving))
        up_to_p, up_to_q = np.cumsum(taking[p]), np.cumsum(giving[q])
        up_to_p[-1] = up_to_q[-1] = 1.0
        ends = np.union1d(up_to_p, up_to_q)
        share = np.diff(ends, prepend=0.0)
        i, j = np.searchsorted(up_to_p, ends), np.searchsorted(up_to_q, ends)
        some = share > NEGLIGIBLE
        return p[i[some]], q[j[some]], share[some]


def _largest(table: pl.DataFrame, key: str, what: str) -> dict[str, str]:
    """By key, `what` stands in the row of the largest `size`, the first of several."""
    first = table.sort("size", descending=True, maintain_order=True).unique(
        key, keep="first", maintain_order=True
    )
    return dict(zip(first[key], first[what], strict=True))
