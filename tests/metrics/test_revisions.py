"""How large a revision is and what it turned, against the same series read alone."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from metrics.baseline import SERIES
from metrics.indicators import all_indicators
from metrics.revisions import LARGE_POINTS, LARGE_SHARE, sized, turned
from metrics.series_signals import pointwise, summed
from metrics.trajectory import standing

SHARE = next(one for one in all_indicators().values() if one.kind == "proportion" and one.targets)
MEAN = next(one for one in all_indicators().values() if one.kind == "mean")
THEN = datetime(2026, 5, 1, 9, tzinfo=UTC)
NUMBERS = ("numerator", "denominator", "value")


def change(before, after) -> pl.DataFrame:
    """One change of (numerator, denominator); None where there is no figure."""
    row = {}
    for side, pair in (("before", before), ("after", after)):
        n, d = pair or (None, None)
        row |= {f"numerator_{side}": n, f"denominator_{side}": d}
        row |= {f"value_{side}": n / d if n is not None and d else None}
    return pl.DataFrame([row], schema=dict.fromkeys(row, pl.Float64))


@pytest.mark.parametrize(
    ("before", "after", "kind", "flagged"),
    [
        ((1775669, 2350478), (1776772, 2351581), "revised", False),  # England, June 2025, as it was revised
        ((700, 1000), (704, 1000), "revised", False),
        ((700, 1000), (706, 1000), "revised", True),
        ((700, 1000), (694, 1000), "revised", True),
        ((700, 1000), (707, 1010), "revised", False),  # exactly 1% more patients is not more than 1%
        ((700, 1000), (707, 1011), "revised", True),
        ((700, 1000), None, "withdrawn", True),
        (None, (700, 1000), "added", False),
    ],
)
def test_kind_and_flag(before, after, kind, flagged):
    got = sized(change(before, after), SHARE).row(0, named=True)
    assert (got["kind"], got["flagged"]) == (kind, flagged)
    if before and after:
        assert got["change"] == pytest.approx(after[0] / after[1] - before[0] / before[1])
        assert got["denominator_share"] == pytest.approx(after[1] / before[1] - 1)
        assert got["denominator_change"] == after[1] - before[1]


def test_a_mean_is_flagged_by_its_share():
    assert not sized(change((600, 100), (606, 100)), MEAN)["flagged"][0]
    assert sized(change((600, 100), (607, 100)), MEAN)["flagged"][0]
    assert (LARGE_POINTS, LARGE_SHARE) == (0.005, 0.01)


def months(count: int) -> list[date]:
    return pl.date_range(date(2024, 4, 1), date(2027, 3, 1), "1mo", eager=True).head(count).to_list()


def series(name: str, shares: list[float]) -> pl.DataFrame:
    keys = dict(zip(SERIES, (SHARE.id, "1", "local", "provider", name, "all", "all"), strict=True))
    rows = [
        {**keys, "period": month, "numerator": 1000 * share, "denominator": 1000.0, "value": share}
        for month, share in zip(months(len(shares)), shares, strict=True)
    ]
    return pl.DataFrame(rows).with_columns(
        status=pl.lit("final"), target=pl.lit(0.8), known_from=pl.lit(THEN), known_to=pl.lit(None, THEN_TYPE)
    )


THEN_TYPE = pl.Datetime("us", "UTC")


def told(rows: pl.DataFrame) -> dict[str, str]:
    """What the functions of a refresh say of one series alone."""
    alone = rows.drop("known_from", "known_to")
    row = summed(pointwise(alone, SHARE), SHARE).row(0, named=True)
    verdict = standing(SHARE, alone.drop("target"))["status_words"][0]
    return {"variation": row["variation"], "assurance": row["assurance"], "standing": verdict}


def test_what_a_revision_turned_is_what_each_edition_says_alone():
    wave = [0.70, 0.71, 0.69, 0.70, 0.72, 0.70, 0.71, 0.69, 0.70, 0.71, 0.70, 0.69, 0.70, 0.71, 0.70, 0.70]
    later = THEN + timedelta(days=30)
    history, changes = [], []
    editions, states = {}, {}
    for name, last in (("A", 0.95), ("B", 0.701), ("C", 0.30)):
        first = series(name, wave)
        newest = first["period"].max()
        old = first.filter(pl.col("period") == newest).with_columns(known_to=pl.lit(later))
        new = series(name, [*wave[:-1], last]).filter(pl.col("period") == newest)
        new = new.with_columns(known_from=pl.lit(later))
        history += [first.filter(pl.col("period") < newest), old, new]
        changes.append(
            old.select(
                *SERIES, "period", known_at=pl.lit(later),
                **{f"{one}_before": pl.col(one) for one in NUMBERS},
            ).hstack(new.select(**{f"{one}_after": pl.col(one) for one in NUMBERS}))
        )  # fmt: skip
        second = series(name, [*wave[:-1], last])
        editions[name] = (told(first), told(second))
        states[name] = [pointwise(one, SHARE)["state"].to_list() for one in (first, second)]
    got = turned(sized(pl.concat(changes), SHARE), pl.concat(history), SHARE)
    assert got["organisation"].to_list() == ["A", "B", "C"]
    for row in got.iter_rows(named=True):
        before, after = editions[row["organisation"]]
        assert {name: row[f"{name}_before"] for name in before} == before
        assert {name: row[f"{name}_after"] for name in after} == after
    assert got["turned"].to_list() == [True, False, True]
    assert got["state_after"].to_list() == ["improvement_high", "common_cause", "concern_low"]
    assert got["state_before"].to_list() == ["common_cause"] * 3
    apart = [sum(a != b for a, b in zip(*pair, strict=True)) for pair in states.values()]
    assert got["points_turned"].to_list() == apart
    assert apart[0] > 1, "one month's figure moves the limits that other months are judged by"


def test_with_nothing_revised_the_columns_are_there():
    nothing = sized(change((1, 2), (1, 3)), SHARE).clear().with_columns(
        *(pl.lit("x").alias(name) for name in SERIES), period=pl.lit(date(2025, 1, 1)), known_at=pl.lit(THEN)
    ).clear()  # fmt: skip
    got = turned(nothing, series("A", [0.7]).clear(), SHARE)
    assert got.is_empty()
    assert {"state_before", "standing_after", "points_turned", "turned"} <= set(got.columns)
