"""The fast charts against the slow oracle, on many small random series at once."""

import csv
import io
from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from metrics.spc import signals, summary
from metrics.spc_profiles import PROFILES
from pipeline.cli import app
from tests.oracle import spc as oracle

FLAGS = ("outside_limits", "shift", "trend", "two_of_three", "state")
MARK = st.sampled_from([False] * 9 + [True])
# Tenths out of a few values: ties, points on the mean and on the limits turn up all the time.
TENTHS = st.one_of(st.integers(0, 4), st.integers(-30, 300), st.just(None))


@st.composite
def charts(draw: st.DrawFn) -> list[list[tuple[int | None, bool, bool, int | None]]]:
    def chart() -> list[tuple[int | None, bool, bool, int | None]]:
        length = draw(st.integers(1, 45))
        values = draw(st.lists(TENTHS, min_size=length, max_size=length))
        shape = draw(st.sampled_from(["as drawn", "climbing", "drifting", "flat"]))
        if shape == "climbing":
            values = [None if v is None else place * 3 + v % 5 for place, v in enumerate(values)]
        if shape == "drifting":
            values = [None if v is None else v % 7 + 20 * (place // 9 % 2) for place, v in enumerate(values)]
        if shape == "flat":
            values = [1] * length
        recalculate = draw(st.lists(MARK, min_size=length, max_size=length))
        baseline = draw(
            st.one_of(st.just([False] * length), st.lists(MARK, min_size=length, max_size=length))
        )
        level = st.one_of(st.none(), st.integers(-30, 300))
        targets = draw(st.one_of(level.map(lambda one: [one] * length), st.lists(level, min_size=length)))
        return list(zip(values, recalculate, baseline, targets[:length], strict=True))

    return [chart() for _ in range(draw(st.integers(1, 4)))]


@pytest.mark.parametrize("profile", PROFILES)
@settings(max_examples=60, deadline=None)
@given(drawn=charts(), better=st.sampled_from(["higher", "lower", "neither"]), shuffle=st.randoms())
def test_fast_charts_agree_with_the_oracle(profile, drawn, better, shuffle):
    rows = [
        (f"s{number}", date(2020 + place // 12, place % 12 + 1, 1), place, *point)
        for number, chart in enumerate(drawn)
        for place, point in enumerate(chart)
    ]
    shuffle.shuffle(rows)
    names = ["series", "date", "place", "tenths", "recalculate", "baseline", "target"]
    types = {"tenths": pl.Float64, "target": pl.Float64}
    frame = pl.DataFrame(rows, schema=names, schema_overrides=types, orient="row")
    frame = frame.with_columns(value=pl.col("tenths") / 10, target=pl.col("target") / 10)
    got = signals(frame, PROFILES[profile], better=better)
    assert got.select(frame.columns).equals(frame)
    icons = summary(got, PROFILES[profile], better=better)
    for number, chart in enumerate(drawn):
        points = [oracle.Point(None if v is None else Fraction(v, 10), r, b) for v, r, b, _ in chart]
        oracle.chart(points, profile, better)
        mine = got.filter(series=f"s{number}").sort("place")
        for flag in FLAGS:
            assert mine[flag].to_list() == [getattr(point, flag) for point in points], flag
        for line, name in (("mean", "mean"), ("lower", "lower_limit"), ("upper", "upper_limit")):
            wanted = [getattr(point, line) for point in points]
            assert mine[name].to_list() == [None if w is None else pytest.approx(float(w)) for w in wanted]
        there = [point for point in points if point.value is not None]
        icon = icons.filter(series=f"s{number}").row(0, named=True)
        due = [t for v, _, _, t in chart if v is not None and t is not None]
        target = due[-1] if due else None
        wanted = (
            oracle.assurance(there[-1], None if target is None else Fraction(target, 10), better)
            if there
            else "none"
        )
        enough = len(there) >= oracle.RULES[profile]["fewest"]
        assert icon["assurance"] == wanted
        assert icon["variation"] == (there[-1].state if enough else "none")
        assert icon["points"] == len(there)
        assert icon["reason"]
        for (v, _, _, t), met in zip(chart, mine["meets_target"], strict=True):
            known = v is not None and t is not None and better != "neither"
            assert met == (((v >= t) if better == "higher" else (v <= t)) if known else None)


WRITTEN = ("%Y-%m-%d", "%Y-%m", "%d/%m/%Y", "%d-%b-%Y", "%B %Y", "%Y-%m-%dT%H:%M:%S")


@settings(max_examples=60, deadline=None)
@given(
    drawn=charts(),
    profile=st.sampled_from(list(PROFILES)),
    better=st.lists(st.sampled_from(["higher", "lower", "neither", ""]), min_size=4, max_size=4),
    form=st.sampled_from(WRITTEN),
    shuffle=st.randoms(),
)
def test_the_command_line_agrees_with_the_oracle(drawn, profile, better, form, shuffle):
    """CSV text in, as an analyst writes it; the direction in a column, blank where the option holds."""
    rows = [
        (number, place, f"s{number},{date(2020 + place // 12, place % 12 + 1, 1).strftime(form)},"
         f"{'' if v is None else v / 10},{better[number]},{'' if t is None else t / 10},{r:d},{b:d}")
        for number, chart in enumerate(drawn)
        for place, (v, r, b, t) in enumerate(chart)
    ]  # fmt: skip
    shuffle.shuffle(rows)
    text = "\n".join(["series,date,value,better,target,recalculate,baseline", *(row for _, _, row in rows)])
    done = CliRunner().invoke(app, ["spc", "-", "--profile", profile, "--better", "lower"], input=text)
    assert done.exit_code == 0, done.stderr
    got = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [",".join(list(row.values())[:7]) for row in got] == [row for _, _, row in rows]
    for number, chart in enumerate(drawn):
        points = [oracle.Point(None if v is None else Fraction(v, 10), r, b) for v, r, b, _ in chart]
        oracle.chart(points, profile, better[number] or "lower")
        for (one, place, _), row in zip(rows, got, strict=True):
            if one == number:
                point = points[place]
                assert row["state"] == (point.state or "")
                for flag in FLAGS[:4]:
                    assert row[flag] == str(getattr(point, flag)).lower()
                for line, name in (("mean", "mean"), ("lower", "lower_limit"), ("upper", "upper_limit")):
                    wanted = getattr(point, line)
                    assert (float(row[name]) if row[name] else None) == (
                        None if wanted is None else pytest.approx(float(wanted), rel=1e-12, abs=1e-12)
                    )
