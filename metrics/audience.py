"""Observations as the public may see them: small numbers suppressed and covered, the rest rounded."""

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from metrics.indicator import Indicator
from metrics.shared_counts import AT, SLICE, merged, same_categories, same_columns, same_on_both_bases
from metrics.suppression import Flags, Integers, Sums, protect, rounded

WHOLE = "all"
LINKS = ("level", "organisation", "whole_level", "whole_organisation")


def public(
    observations: pl.DataFrame,
    indicators: Sequence[Indicator],
    wholes: pl.DataFrame,
    tick: Callable[[int, int], None] | None = None,
) -> pl.DataFrame:
    """Observations for the `public` audience: the same rows, in the same order.

    `observations` are those of the `indicators`, which are protected together: pass every indicator whose
    figures can be set off against another's (`shared_counts.family`), every basis and every level. `wholes`
    says which organisations add up: columns level, organisation, whole_level, whole_organisation (a
    neighbourhood to its place, a provider to England), and `basis` where that differs by it. Organisations of
    one level with one whole are taken to be all its parts; where they fall short of it the rest counts as
    unknown to the reader. Categories add up to "all" in the breakdowns that the indicator says do.

    Counts follow `suppression`; so does everybody who is in a proportion's denominator and not in its
    numerator. A pace's denominator is working days and list sizes, not a count of people treated, and is left
    as it is. `value` is worked out again from the rounded counts. Suppressed rows have status "suppressed"
    and no numerator and value; a suppressed denominator takes its row's numerator with it. Targets and paths
    must be made again from what this returns: a level with every decimal place gives its counts away.
    `tick` is told how many months are done, of how many.
    """
    # Of equals the first is chosen to cover: in an order of its own, so that every reader is told the same.
    rows = observations.with_row_index("place").sort("period", *SLICE, *AT, nulls_last=True)
    months = rows.partition_by("period")
    done = []
    for number, month in enumerate(months):
        if tick:
            tick(number, len(months))
        done.append(_of_a_month(month.with_row_index("row"), indicators, wholes))
    return pl.concat([rows.clear(), *done], how="vertical_relaxed").sort("place").drop("place")


def _of_a_month(rows: pl.DataFrame, indicators: Sequence[Indicator], wholes: pl.DataFrame) -> pl.DataFrame:
    """`public` for one month: nothing adds up across months."""
    size = rows.height
    kinds = rows["indicator"].replace_strict({one.id: one.kind for one in indicators}, return_dtype=pl.String)
    people = kinds != "pace"
    numerator, denominator = (_whole_numbers(rows[name]) for name in ("numerator", "denominator"))
    present = {
        "numerator": rows["numerator"].is_not_null(),
        "denominator": rows["denominator"].is_not_null() & people,
    }
    both = (present["numerator"] & present["denominator"] & (kinds == "proportion")).to_numpy()
    rest = np.where(both, np.maximum(denominator - numerator, 0), 0)
    counts = np.concatenate([numerator, np.where(people.to_numpy(), denominator, 0), rest])
    published = np.concatenate([np.ones(2 * size, bool), np.zeros(size, bool)])
    links = pl.concat(
        [_organisation_links(rows, wholes), *(_category_links(rows, indicator) for indicator in indicators)]
    )
    linked = []
    known_cells = np.concatenate([present["numerator"], present["denominator"], both])
    cells = _cells(rows, counts, known_cells)
    pairs = [same(cells) for same in (same_columns, same_categories, same_on_both_bases)]
    for kind, (offset, name) in enumerate(((0, "numerator"), (size, "denominator"))):
        known = rows.filter(present[name])["row"].implode()
        both_known = pl.col("part").is_in(known), pl.col("whole").is_in(known)
        linked.append(
            links.filter(*both_known).with_columns(
                pl.col("part", "whole").cast(pl.Int64) + offset, kind=pl.lit(kind)
            )
        )
        pairs += [
            _same_counts(rows, indicator, name)
            .filter(*both_known)
            .select(cell=pl.col("part").cast(pl.Int64) + offset, like=pl.col("whole").cast(pl.Int64) + offset)
            for indicator in indicators
        ]
    where = pl.Series(np.flatnonzero(both), dtype=pl.Int64)
    for part in (where, where + 2 * size):
        linked.append(pl.DataFrame({"part": part, "whole": where + size, "number": where, "kind": 2}))
    stands_for = merged(3 * size, pairs)
    np.maximum.at(published, stands_for, published.copy())
    every = pl.concat(linked, how="vertical_relaxed")
    every = every.with_columns(pl.Series(one, stands_for[every[one].to_numpy()]) for one in ("part", "whole"))
    sums, counts, published = _sums(every, counts, published)
    hidden = protect(counts, sums, published)[stands_for]
    lost_denominator = pl.Series(hidden[size : 2 * size])
    lost = pl.Series(hidden[:size]) | lost_denominator
    shown = rows.with_columns(
        numerator=pl.when(~lost & present["numerator"]).then(pl.Series(rounded(numerator)).cast(pl.Float64)),
        denominator=pl.when(present["denominator"] & ~lost_denominator)
        .then(pl.Series(rounded(denominator)).cast(pl.Float64))
        .when(~present["denominator"])
        .then("denominator"),
        status=pl.when(lost).then(pl.lit("suppressed")).otherwise("status"),
    )
    scale = pl.col("indicator").replace_strict({one.id: one.scale for one in indicators})
    ratio = pl.when(pl.col("denominator") > 0).then(scale * pl.col("numerator") / pl.col("denominator"))
    has_value = pl.col("value").is_not_null() & ~lost
    counted = pl.when(pl.lit(rows["denominator"].is_null())).then("numerator").otherwise(ratio)
    return shown.with_columns(value=pl.when(has_value).then(counted)).drop("row")


def _cells(rows: pl.DataFrame, counts: Integers, known: Flags) -> pl.DataFrame:
    """Every cell with the names it goes by: numerators, then denominators, then who is in neither."""
    names = [rows.select(*SLICE, *AT).with_columns(column=pl.lit(one)) for one in ("n", "d", "rest")]
    named = pl.concat(names).with_row_index("cell")
    return named.with_columns(count=pl.Series(counts), known=pl.Series(known))


def _whole_numbers(column: pl.Series) -> Integers:
    return column.fill_null(0).round().cast(pl.Int64).to_numpy()


def _organisation_links(rows: pl.DataFrame, wholes: pl.DataFrame) -> pl.DataFrame:
    """Row of a part, row of its whole, and the number of their sum: organisation by organisation."""
    on = [name for name in ("basis", "level", "organisation") if name in wholes.columns]
    keys = [*SLICE, "period"]
    whole = rows.select(*keys, whole_level="level", whole_organisation="organisation", whole="row")
    return (
        rows.join(wholes.select(*on, *LINKS[2:]), on=on)
        .join(whole, on=[*keys, "whole_level", "whole_organisation"])
        .select(
            part="row",
            whole="whole",
            number=pl.struct("whole", pl.col("level").cast(pl.String)).hash(seed=5).reinterpret(signed=True),
        )
    )


def _category_links(rows: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """The same for the categories of a breakdown and the organisation's headline."""
    rows = rows.filter(pl.col("indicator") == indicator.id)
    keys = ["definition_version", "basis", "level", "organisation", "period"]
    adding_up = [breakdown.name for breakdown in indicator.breakdowns if breakdown.sums]
    whole = rows.filter(pl.col("breakdown") == WHOLE).select(*keys, whole="row")
    return (
        rows.filter(pl.col("breakdown").is_in(adding_up))
        .join(whole, on=keys)
        .select(
            part="row",
            whole="whole",
            number=pl.struct("whole", "breakdown").hash(seed=3).reinterpret(signed=True),
        )
    )


def _same_counts(rows: pl.DataFrame, indicator: Indicator, name: str) -> pl.DataFrame:
    """Row of a category, row of its headline, where they hold one count: it is hidden in both or in neither.

    A category may be the headline under another name (`Indicator.headline`), or be set against its people.
    """
    rows = rows.filter(pl.col("indicator") == indicator.id)
    keys = ["definition_version", "basis", "level", "organisation", "period"]
    whole = rows.filter(pl.col("breakdown") == WHOLE).select(
        *keys, pl.col(name).alias("at_whole"), whole="row"
    )
    shared = [split.name for split in indicator.breakdowns if split.at_risk == "whole"]
    same = pl.col("category") == pl.col("breakdown").replace_strict(indicator.headline, default=None)
    if name == "denominator":
        same = same | pl.col("breakdown").is_in(shared)
    return (
        rows.filter((pl.col("breakdown") != WHOLE) & same)
        .join(whole, on=keys)
        .filter(pl.col(name) == pl.col("at_whole"))
        .select(part="row", whole="whole")
    )


def _sums(linked: pl.DataFrame, counts: Integers, published: Flags) -> tuple[Sums, Integers, Flags]:
    """Sums of cells: with an unknown part where parts fall short of the whole, none where they exceed it."""
    counted = linked.with_columns(
        number=pl.struct("kind", "number").rank("dense").cast(pl.Int64) - 1,
        amount=pl.Series(counts[linked["part"].to_numpy()]),
        total=pl.Series(counts[linked["whole"].to_numpy()]),
    )
    each = counted.group_by("number").agg(pl.col("whole", "total").first(), parts=pl.col("amount").sum())
    each = each.filter(pl.col("parts") <= pl.col("total"))
    short = each.filter(pl.col("parts") < pl.col("total"))
    entries = pl.concat(
        [
            counted.join(each, on="number", how="semi").select(
                "number", cell="part", is_whole=pl.lit(value=False)
            ),
            each.select("number", cell="whole", is_whole=pl.lit(value=True)),
            short.select(
                "number",
                cell=pl.int_range(pl.len()) + len(counts),
                is_whole=pl.lit(value=False),
            ),
        ]
    )
    number, cell, is_whole = (entries[name].to_numpy() for name in ("number", "cell", "is_whole"))
    rest = np.zeros(short.height, np.int64)
    return (
        Sums(number, cell, is_whole),
        np.concatenate([counts, rest]),
        np.concatenate([published, rest.astype(bool)]),
    )
