"""The small line: every month in its place, gaps left open, a provisional month hollow."""

from datetime import date
from xml.etree import ElementTree

import polars as pl

from dashboard import sparkline
from dashboard.palette import LIGHT

SVG = "{http://www.w3.org/2000/svg}"


def series(values, path=None, status="final") -> pl.DataFrame:
    months = pl.date_range(date(2026, 1, 1), date(2026, len(values), 1), "1mo", eager=True)
    return pl.DataFrame(
        {
            "period": months,
            "value": pl.Series(values, dtype=pl.Float64),
            "path": pl.Series(path or [None] * len(values), dtype=pl.Float64),
            "status": status,
        }
    )


def drawn(*args, **more):
    return ElementTree.fromstring(sparkline.svg(series(*args, **more), LIGHT))


def points(line):
    return [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]


def test_higher_is_higher_and_later_is_further_right():
    (line,) = drawn([1.0, 3.0, 2.0]).findall(f"{SVG}polyline")
    (x1, low), (x2, high), (x3, middle) = points(line)
    assert x1 < x2 < x3
    assert high < middle < low, "y grows downwards"
    assert (low, high) == (sparkline.HEIGHT - sparkline.EDGE, sparkline.EDGE)


def test_a_missing_month_leaves_a_gap():
    lines = drawn([1.0, 2.0, None, 3.0, 4.0]).findall(f"{SVG}polyline")
    assert [len(points(line)) for line in lines] == [2, 2]


def test_the_path_is_dashed_and_shares_the_scale():
    dashed, line = drawn([1.0, 2.0], path=[2.0, 3.0]).findall(f"{SVG}polyline")
    assert dashed.get("stroke-dasharray")
    assert points(dashed)[0][1] == points(line)[1][1], "both stand at 2"


def test_a_provisional_month_is_hollow():
    final, hollow = (
        drawn([1.0, 2.0], status=one).find(f"{SVG}circle").get("fill") for one in ("final", "provisional")
    )
    assert (final, hollow) == (LIGHT.actual, LIGHT.ground)


def test_months_ahead_have_a_path_only_and_nothing_has_no_picture():
    picture = drawn([1.0, 2.0, None], path=[None, 2.0, 3.0])
    (x, _), right = points(picture.findall(f"{SVG}polyline")[1])[-1], sparkline.WIDTH - sparkline.EDGE
    assert x < right
    assert sparkline.svg(series([None, None]), LIGHT) == ""
    assert drawn([5.0]).find(f"{SVG}circle") is not None, "one month alone is a dot"
