"""A published figure cut into published parts: exact sums, and what no part gives named as the rest."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.indicators import all_indicators
from pipeline.published_parts import REST, Published, cut

FOUR_HOUR = all_indicators()["four_hour_ed"]
NOW, THEN = date(2026, 6, 1), date(2025, 6, 1)
PAIR = st.integers(0, 9_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def observed(figures: dict[tuple[str, date], tuple[int, int]]) -> pl.DataFrame:
    rows = [(code, month, float(r), float(n)) for (code, month), (r, n) in figures.items()]
    schema = {
        "organisation": pl.String,
        "period": pl.Date,
        "numerator": pl.Float64,
        "denominator": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


@given(st.lists(st.tuples(PAIR, PAIR), min_size=1, max_size=12), PAIR, PAIR)
def test_parts_and_rest_sum_to_the_gap_and_to_the_change(parts, over_now, over_then):
    figures = {}
    for number, (now, then) in enumerate(parts):
        figures |= {(f"T{number}", NOW): now, (f"T{number}", THEN): then}
    totals = {}
    for side, (month, over) in enumerate(((NOW, over_now), (THEN, over_then))):
        r, n = (sum(pair[side][k] for pair in parts) + over[k] for k in (0, 1))
        totals["R", month] = (r, n)
    found = Published(FOUR_HOUR, "provider", observed(figures), observed(totals))
    got = cut(found, NOW, THEN, 0.82)
    r, n = totals["R", NOW]
    assert got["numerator"].sum() == r
    assert got["denominator"].sum() == n
    assert (REST in got["provider"]) == any((*over_now, *over_then))
    if n:
        assert got["contribution"].sum() == pytest.approx(r / n - 0.82, abs=1e-12)
        assert got["contribution_events"].sum() == pytest.approx(r - 0.82 * n, abs=1e-9)
    before, people = totals["R", THEN]
    if n and people:
        changed = r / n - before / people
        assert got["mix"].sum() + got["rate"].sum() == pytest.approx(changed, abs=1e-12)
    assert got["change_events"].sum() == r - before


def test_without_an_earlier_month_or_a_target_there_is_no_change_and_no_contribution():
    figures = observed({("T1", NOW): (7, 10), ("T2", NOW): (2, 10)})
    found = Published(FOUR_HOUR, "provider", figures, observed({("R", NOW): (9, 20)}))
    got = cut(found, NOW, None, None)
    assert got["provider"].to_list() == ["T1", "T2"]
    assert got["value"].to_list() == [0.7, 0.2]
    assert got.select("contribution", "mix", "rate", "change_events").null_count().row(0) == (2, 2, 2, 2)


def test_the_real_months_by_region_and_provider(published, tmp_path):
    """The national file of a month: England by region and by provider, through the loader and the command."""
    from typer.testing import CliRunner

    from pipeline.cli import app

    file = next(one for one in sorted(published.rglob("*.csv")) if "June-2025" in one.name)

    def run(*arguments: str):
        return CliRunner().invoke(app, [*arguments, "--home", str(tmp_path / "home")])

    assert run("load", str(file)).exit_code == 0
    for by in ("region", "provider"):
        done = run(
            "contribution", "--indicator", "four_hour_ed", "--organisation", "E92000001", "--level",
            "england", "--by", by, "--period", "2025-06", "--basis", "published",
        )  # fmt: skip
        assert done.exit_code == 0, done.stderr
        rows = pl.read_csv(done.stdout.encode(), infer_schema_length=None)
        assert rows["contribution"].sum() == pytest.approx(rows["gap"][0], abs=1e-12)
        assert rows["gap"][0] == pytest.approx(rows["whole_value"][0] - rows["target"][0])
        assert rows.height > 5
    done = run(
        "contribution", "--indicator", "four_hour_ed", "--organisation", "RX1", "--level", "provider",
        "--by", "region", "--period", "2025-06", "--basis", "published",
    )  # fmt: skip
    assert "published figures are cut beneath place, system, region or england" in done.stderr
