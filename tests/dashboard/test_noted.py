"""Notes stand on the chart, in its alt text, under it and in hover; on an earlier day only those of then."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest
from test_spc_layer import SHARE, months
from world import build

from dashboard import breaks
from dashboard.charts import notes as layer
from dashboard.charts import spc as spc_layer
from dashboard.charts import trajectory
from dashboard.noted import Badge, Noted, plain
from dashboard.palette import DARK, LIGHT
from dashboard.spc import Spc
from metrics.indicator import Break
from warehouse import notes
from warehouse.home import Home

HERE = {"basis": "local", "level": "provider", "organisation": "RZ1", "breakdown": "all", "category": "all"}
SPAN = [date(2024, 1, 1), date(2026, 12, 1)]


def kept(**changed) -> dict:
    row = dict.fromkeys(notes.COLUMNS) | {
        "id": 1,
        "kind": notes.ANNOTATION,
        "indicator": SHARE.id,
        "period": date(2025, 3, 1),
        "reason": "Counted from a new source",
        "author": "A. Analyst",
        "created_at": datetime(2025, 6, 3, 12, tzinfo=UTC),
    }
    return row | changed


def ever(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=notes.COLUMNS)


OPENED = kept(
    id=2,
    kind=notes.RECALCULATION,
    level="provider",
    organisation="RZ1",
    period=date(2024, 9, 1),
    reason="New department",
    created_at=datetime(2026, 2, 1, tzinfo=UTC),
)


def test_notes_about_everyone_are_about_this_series_too_and_others_are_not():
    elsewhere = kept(id=3, level="provider", organisation="RZ2")
    noted = Noted.of(ever(kept(), OPENED, elsewhere), HERE)
    assert noted.frame["id"].to_list() == [2, 1]
    assert noted.lines()[0] == (
        "**1. September 2024. Limits start afresh.** New department "
        "(A\\. Analyst\\, 1 February 2026\\, about this organisation)"
    )
    assert "about every organisation" in noted.lines()[1]
    assert noted.alt() == (
        "Notes: 1, September 2024: limits start afresh, New department (A. Analyst); "
        "2, March 2025: remark, Counted from a new source (A. Analyst)."
    )
    assert Noted.of(ever(elsewhere), HERE).alt() == ""


def test_as_known_on_a_day_only_what_was_written_by_then_and_not_withdrawn_by_then():
    gone = kept(id=4, withdrawn_at=datetime(2025, 9, 1, tzinfo=UTC), withdrawn_by="B")
    every = ever(kept(), OPENED, gone)
    then = Noted.of(every, HERE, date(2025, 7, 1))
    assert sorted(then.frame["id"]) == [1, 4]
    assert "withdrawn since\\, on 1 September 2025" in " ".join(then.lines())
    assert then.as_known().endswith("1 July 2025: 1 note written later is left out.")
    assert Noted.of(every, HERE, date(2025, 6, 2)).frame.is_empty()
    assert sorted(Noted.of(every, HERE).frame["id"]) == [1, 2]
    assert Noted.of(every, HERE, date(2025, 6, 3)).frame["id"].to_list() == [1, 4], "a day counts to its end"


def test_one_badge_a_month_and_the_words_when_its_point_is_pointed_at():
    noted = Noted.of(ever(kept(), kept(id=5, reason="Also <b>this</b>"), OPENED), HERE)
    first, second = noted.badges()
    assert (first.text, first.restarts) == ("1 new limits", True)
    assert (second.text, second.restarts) == ("2, 3", False)
    assert "Also &lt;b&gt;this" in second.said
    texts = noted.texts([date(2025, 2, 1), date(2025, 3, 1)], ["a", "b"])
    assert texts[0] == "a"
    assert texts[1].startswith("b<br><b>Note 2</b> Remark:<br>Counted")


def test_nobody_can_write_a_picture_or_a_link_into_a_page():
    assert plain("![x](http://a.b) :red[no]\n*so*") == (
        "\\!\\[x\\]\\(http\\:\\/\\/a\\.b\\) \\:red\\[no\\] \\*so\\*"
    )


def test_badges_that_would_touch_stand_in_rows():
    near = [Badge(date(2025, m, 1), "1 new limits", True, "") for m in (1, 2, 3)]
    assert layer.rows(near, SPAN) == [0, 1, 2]
    far = [Badge(day, "1", False, "") for day in (date(2024, 2, 1), date(2025, 2, 1), date(2026, 6, 1))]
    assert layer.rows(far, SPAN) == [0, 0, 0]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_chart_carries_badges_a_line_each_and_more_room_above(palette):
    lines = months([0.75, 0.76] * 12)
    badges = Noted.of(ever(kept(), OPENED), HERE).badges()
    common = {"unit": "", "texts": [""] * 24, "labels": {}, "proportion": True}
    bare = trajectory.main_chart(lines, palette, **common)
    drawn = trajectory.main_chart(lines, palette, **common, badges=badges)
    assert {"<b>1 new limits</b>", "<b>2</b>"} <= {each.text for each in drawn.layout.annotations}
    assert {shape.line.dash for shape in drawn.layout.shapes} == {"dash", "dot"}
    assert drawn.layout.margin.t - bare.layout.margin.t == drawn.layout.height - bare.layout.height > 0
    outside = [Badge(date(2019, 1, 1), "9", False, "")]
    assert not trajectory.main_chart(lines, palette, **common, badges=outside).layout.shapes


def test_limits_begun_afresh_are_broken_off_from_the_old():
    scope = dict.fromkeys(("basis", "level", "organisation", "breakdown", "category"))
    again = pl.DataFrame([scope | {"period": date(2025, 1, 1)}])
    chart = Spc.of(SHARE, months([0.75, 0.76] * 7 + [0.8, 0.81] * 7), again)
    mean = next(line for line in spc_layer.lines(chart.points, LIGHT) if line["name"] == "Mean")
    at = mean["x"].index(date(2025, 1, 1))
    assert mean["y"][at] is None
    assert mean["x"][at + 1] == date(2025, 1, 1)
    assert mean["y"][at - 1] != mean["y"][at + 1]
    told = chart.drawn_from(SHARE, counted=False)
    assert (
        "from the 16 final months since limits began afresh in January 2025 (28 final months in all)." in told
    )


@pytest.fixture
def noted_home(tmp_path):
    home = build(tmp_path, published=False)
    notes.add(home, notes.ANNOTATION, SHARE.id, date(2025, 3, 1), "New ![x](http://a.b) source", "A. Analyst")
    scope = {"level": "provider", "organisation": "RZ1"}
    notes.add(home, notes.RECALCULATION, SHARE.id, date(2025, 9, 1), "New department", "B. Author", scope)
    home.close()
    return tmp_path


def test_the_page_lists_what_its_chart_marks_and_limits_start_afresh(open_page, noted_home):
    page = "pages/trajectories/trajectory.py"
    address = {"level": "provider", "organisation": "RZ1", "measure": SHARE.id}
    app = open_page(page, home=noted_home, **address)
    said = " ".join(block.value for block in app.markdown)
    assert "**1. March 2025. Remark.** New \\!\\[x\\]" in said
    assert "**2. September 2025. Limits start afresh.** New department" in said
    assert "since limits began afresh in September 2025 (" in said
    assert "Notes: 1, March 2025" in app.get("plotly_chart")[0].proto.alt
    other = open_page(page, home=noted_home, **address | {"organisation": "RZ2"})
    said = " ".join(block.value for block in other.markdown)
    assert "**1. March 2025. Remark.**" in said
    assert "began afresh" not in said
    earlier = open_page(page, home=noted_home, **address, known="2026-10-20")
    said = " ".join(block.value for block in earlier.markdown)
    assert "2 notes written later are left out" in said
    assert "began afresh" not in said


def test_the_matrix_of_an_earlier_day_knows_nothing_of_later_limits(in_home, noted_home):
    from dashboard import queries

    in_home(noted_home)
    assert queries.recalculations(SHARE.id).height == 1
    assert queries.recalculations(SHARE.id, date(2026, 10, 20)).is_empty()
    Home.open(noted_home).close()


def test_limits_across_a_note_say_so_and_those_begun_afresh_there_do_not():
    noted = Noted.of(ever(kept(), OPENED), HERE)
    lines = months([0.75, 0.76] * 12)
    whole = Spc.of(SHARE, lines)
    assert noted.across(whole.points).startswith("The limits run across the month of note 2.")
    scope = dict.fromkeys(("basis", "level", "organisation", "breakdown", "category"))
    afresh = Spc.of(SHARE, lines, pl.DataFrame([scope | {"period": date(2025, 3, 1)}]))
    assert noted.across(afresh.points) == ""
    assert Noted.of(ever(), HERE).across(whole.points) == ""


def test_a_declared_break_is_marked_where_its_series_runs_across_it():
    moved = Break(period=date(2025, 3, 1), text="The source moved.", basis="local")
    declared = replace(SHARE, breaks=(moved, replace(moved, period=date(2019, 5, 1), text="Too early.")))
    found = breaks.noted(declared, months([0.75] * 24))
    noted = Noted.of(pl.concat([ever(OPENED), found]), HERE)
    assert noted.lines()[1] == (
        "**2. March 2025. Known break.** The source moved\\. (declared with the measure)"
    )
    assert noted.badges()[1].text == "2"
    assert Noted.of(found, HERE | {"basis": "published"}).frame.is_empty()
    assert Noted.of(found, HERE, date(2025, 2, 1)).frame.is_empty(), "not known before it came"


def test_notes_beyond_the_months_drawn_say_so():
    noted = Noted.of(ever(kept(), OPENED), HERE)
    assert noted.beyond(date(2024, 1, 1), date(2025, 2, 1)) == "Note 2: beyond the months drawn here."
    assert noted.beyond(date(2024, 1, 1), date(2025, 3, 1)) == ""


def test_a_fixed_baseline_is_called_one_and_the_chart_says_which_months_its_limits_rest_on():
    fixed = kept(id=6, kind=notes.RECALCULATION, period=date(2024, 3, 1), until=date(2025, 2, 1))
    noted = Noted.of(ever(fixed), HERE)
    assert noted.lines()[0].startswith("**1. March 2024 to February 2025. Fixed baseline.**")
    assert noted.alt().startswith("Notes: 1, March 2024 to February 2025: fixed baseline, ")
    assert [(badge.text, badge.restarts) for badge in noted.badges()] == [("1 baseline", False)]
    assert "Fixed baseline:" in noted.badges()[0].said
    both = Noted.of(ever(fixed, fixed | {"id": 7, "until": None}), HERE).badges()
    assert [(badge.text, badge.restarts) for badge in both] == [("1, 2 new limits", True)]
    lines = months([0.75, 0.76] * 12)
    told = Spc.of(SHARE, lines, noted.frame).drawn_from(SHARE, counted=False)
    said = (
        "from the 12 final months of the fixed baseline, March 2024 to February 2025 (24 final months in all)"
    )
    assert said in told


def test_a_break_of_some_trusts_is_not_marked_on_the_charts_of_others():
    lines = months([0.75] * 24).with_columns(level=pl.lit("provider"), organisation=pl.lit("RZ1"))
    some = Break(period=date(2025, 3, 1), text="Did not report.", basis="local", providers=("RZ1",))
    declared = replace(SHARE, breaks=(some,))
    assert breaks.noted(declared, lines).height == 1
    assert breaks.noted(declared, lines.with_columns(organisation=pl.lit("RZ2"))).is_empty()
    assert breaks.noted(declared, lines.clear()).is_empty()
