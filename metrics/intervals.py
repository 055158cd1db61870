"""Confidence intervals for one organisation's figure: Wilson, Byar, directly standardised rates."""

from collections.abc import Mapping, Sequence

import polars as pl

Z_95, Z_998 = 1.959964, 3.090232
"""Two-sided 95% and 99.8%, to the places METHODS gives."""

EUROPEAN_STANDARD_POPULATION = {
    "0-4": 5000,
    "5-9": 5500,
    "10-14": 5500,
    "15-19": 5500,
    "20-24": 6000,
    "25-29": 6000,
    "30-34": 6500,
    "35-39": 7000,
    "40-44": 7000,
    "45-49": 7000,
    "50-54": 7000,
    "55-59": 6500,
    "60-64": 6000,
    "65-69": 5500,
    "70-74": 5000,
    "75-79": 4000,
    "80-84": 2500,
    "85-89": 1500,
    "90+": 1000,
}
"""The European Standard Population 2013, both sexes; sums to 100,000."""

OLDEST = 130
FEWEST_EVENTS = 10
"""Under so many events a directly standardised rate is not given (the interval's method breaks down)."""


def wilson(numerator: pl.Expr, denominator: pl.Expr, z: float = Z_95) -> tuple[pl.Expr, pl.Expr]:
    """Wilson's interval for a proportion, as (lower, upper); null where the denominator is 0."""
    share = numerator / denominator
    centre = 2 * numerator + z**2
    half = z * (z**2 + 4 * numerator * (1 - share)).sqrt()
    whole = 2 * (denominator + z**2)
    known = denominator > 0
    # At 0 or 1 one end is the share itself, and rounding must not leave the share outside.
    lower = pl.min_horizontal((centre - half) / whole, share).clip(lower_bound=0)
    upper = pl.max_horizontal((centre + half) / whole, share).clip(upper_bound=1)
    return pl.when(known).then(lower), pl.when(known).then(upper)


def byar(count: pl.Expr, z: float = Z_95) -> tuple[pl.Expr, pl.Expr]:
    """Byar's interval for a count, as (lower, upper); divide both by the denominator for a rate."""
    more = count + 1
    lower = count * (1 - 1 / (9 * count) - z / (3 * count.sqrt())) ** 3
    upper = more * (1 - 1 / (9 * more) + z / (3 * more.sqrt())) ** 3
    # Under one event the cube turns negative; a count is not.
    return pl.when(count > 0).then(lower.clip(lower_bound=0)).otherwise(0.0), upper


def standard_in(bands: Sequence[str]) -> dict[str, int]:
    """The European Standard Population 2013 in broader bands, such as "65-74" and "85+".

    Raises `ValueError` where bands cut through a five-year band, leave one out or overlap.
    """
    weights, covered = {}, []
    for band in bands:
        first, _, last = band.rstrip("+").partition("-")
        to = int(last) if last else OLDEST
        inside = [one for one in EUROPEAN_STANDARD_POPULATION if int(first) <= _youngest(one) <= to]
        covered += inside
        ends = [_youngest(one) for one in inside]
        if not inside or ends[0] != int(first) or (last and ends[-1] + 4 != to):
            raise ValueError(f"age band {band} is not made of five-year bands of the standard population")
        weights[band] = sum(EUROPEAN_STANDARD_POPULATION[one] for one in inside)
    if sorted(covered) != sorted(EUROPEAN_STANDARD_POPULATION):
        raise ValueError(f"age bands {', '.join(bands)} do not cover the standard population once")
    return weights


def _youngest(band: str) -> int:
    return int(band.rstrip("+").partition("-")[0])


def standardised_rates(
    frame: pl.DataFrame,
    by: Sequence[str],
    per: int = 1000,
    standard: Mapping[str, int] = EUROPEAN_STANDARD_POPULATION,
) -> pl.DataFrame:
    """Directly standardised rates, a row for each `by`: events, value, lower, upper (95%, Dobson with Byar).

    `frame` has one row for each `by` and `age_band` (bands of the `standard`) with numerator and denominator.
    No rate under 10 events, nor where a band of the standard has nobody in it. Raises `ValueError` for an age
    band that the standard does not have.
    """
    unknown = set(frame["age_band"].unique()) - set(standard)
    if unknown:
        raise ValueError(
            f"age bands the standard population does not have: {', '.join(sorted(map(str, unknown)))}"
        )
    total = sum(standard.values())
    weight = pl.col("age_band").replace_strict(dict(standard), return_dtype=pl.Float64) / total
    banded = frame.group_by(*by, "age_band", maintain_order=True).agg(
        pl.col("numerator", "denominator").sum()
    )
    rates = banded.group_by(by, maintain_order=True).agg(
        events=pl.col("numerator").sum(),
        rate=(weight * pl.col("numerator") / pl.col("denominator")).sum(),
        variance=(weight**2 * pl.col("numerator") / pl.col("denominator") ** 2).sum(),
        bands=(pl.col("denominator") > 0).sum(),
    )
    given = (pl.col("events") >= FEWEST_EVENTS) & (pl.col("bands") == len(standard))
    lower, upper = byar(pl.col("events"))
    stretch = (pl.col("variance") / pl.col("events")).sqrt()
    value = pl.col("rate")
    return rates.select(
        *by,
        "events",
        pl.when(given).then(per * value).alias("value"),
        pl.when(given).then(per * (value + stretch * (lower - pl.col("events")))).alias("lower"),
        pl.when(given).then(per * (value + stretch * (upper - pl.col("events")))).alias("upper"),
    )
