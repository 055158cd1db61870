"""Comparing organisations: the page's rows are the command's, gaps break lines, and links hold."""

import io
import json
import re
import sqlite3
from datetime import date

import polars as pl
import pytest
from test_pages import words
from world import build

from dashboard import compared, insufficient, stood, taken_away
from dashboard.charts import comparing, funnel, spread
from dashboard.palette import LIGHT
from metrics.indicators import all_indicators
from pipeline import funnel_table
from warehouse.home import Home

PAGE = "pages/systems/compare.py"
TARGETS = [one for one in all_indicators().values() if one.role == "target"]
FOUR_HOUR = next(one for one in TARGETS if one.national_target == 4)
MEAN = next(one for one in all_indicators().values() if one.kind == "mean")


@pytest.fixture
def home(made_world, in_home):
    in_home(made_world)
    opened = Home.open(made_world)
    yield opened
    opened.close()


def test_the_page_places_organisations_as_the_command_does(home):
    first, last = date(2026, 7, 1), date(2026, 9, 1)
    page = compared.side_by_side("e", FOUR_HOUR.id, "neighbourhood", "local", first, last, None, None).sort(
        "organisation"
    )
    command = funnel_table.table(
        home, FOUR_HOUR.id, "neighbourhood", first, last, within=None, basis="local"
    ).sort("organisation")
    same = ["organisation", "months", "numerator", "denominator", "value", "lower", "upper", "average", "z"]
    assert page.select(same).equals(command.select(same))
    told = dict(zip(command["organisation"], command["position"], strict=True))
    for code, position in page.select("organisation", "position").iter_rows():
        assert funnel_table.POSITIONS[position] == told[code]


def test_within_keeps_only_what_stands_under_it(home):
    whole = compared.side_by_side(
        "e", FOUR_HOUR.id, "neighbourhood", "local", date(2026, 9, 1), date(2026, 9, 1), "PL1", None
    )
    assert set(whole["organisation"]) == {"NB1", "NB2", "NB3"}


def test_why_a_month_was_left_out_is_said_in_words():
    months = pl.DataFrame(
        {
            "organisation": ["A", "A", "A", "B"],
            "status": ["final", "not_reported", "not_reported", "insufficient_data"],
            "value": [0.5, None, None, None],
            "period": [date(2026, month, 1) for month in (1, 2, 3, 1)],
            "reporting": [3.0, 0.0, 0.0, 2.0],
            "expected": [3.0, 3.0, 3.0, 3.0],
        }
    )
    assert dict(compared.left_out(months).iter_rows()) == {
        "A": "2 months not reported",
        "B": "1 month not enough data (2 of 3 organisations reported)",
    }


def test_lines_and_bands_break_where_months_are_missing(home):
    months = pl.DataFrame(
        {
            "period": [date(2026, 1, 1), date(2026, 2, 1), date(2026, 6, 1)],
            "organisations": [3, 3, 3],
            **{f"q{q}": [0.1, 0.2, 0.3] for q in (10, 25, 50, 75, 90)},
        }
    ).with_columns(run=compared._runs("period"))
    assert months["run"].to_list() == [1, 1, 2]
    drawn = spread.draw(months, pl.DataFrame({"organisation": []}), LIGHT, unit="%", proportion=True)
    median = next(trace for trace in drawn.data if trace.name == "Median")
    assert list(median.y) == [0.1, 0.2, None, 0.3, None]
    assert sum(trace.name == "Middle half" for trace in drawn.data) == 2


@pytest.mark.parametrize("chart", ["funnel", "ranked", "spread"])
@pytest.mark.parametrize("level", ["neighbourhood", "provider", "system"])
def test_each_chart_has_words_and_a_table(open_page, chart, level):
    app = open_page(PAGE, level=level, measure=FOUR_HOUR.id, chart=chart, months="12")
    assert not app.exception
    assert app.title[0].value.endswith(f"compared: {FOUR_HOUR.short_title}")
    assert app.table
    assert "Download as Parquet" in [button.label for button in app.get("download_button")]


def test_a_mean_has_no_funnel_and_the_page_says_why(open_page):
    app = open_page(PAGE, level="provider", measure=MEAN.id)
    assert not app.exception
    assert "how far it varies by chance cannot be told from sums" in words(app)


@pytest.mark.parametrize(
    "asked",
    [{"peers": "NOBODY,NB1"}, {"within": "NOWHERE"}, {"month": "x"}, {"chart": "pie"}, {"months": "99"}],
)
def test_what_is_not_there_is_a_sentence_and_the_page_still_stands(open_page, asked):
    app = open_page(PAGE, level="neighbourhood", measure=FOUR_HOUR.id, **asked)
    assert not app.exception
    assert app.table


def test_what_is_taken_away_says_what_it_is():
    rows = pl.DataFrame({"organisation": ["A"], "value": [0.123456789012345]})
    taken = pl.read_parquet(io.BytesIO(taken_away.as_parquet(taken_away.with_definition(FOUR_HOUR, rows))))
    assert taken["value"][0] == 0.123456789012345
    assert taken["definition_source"][0] == FOUR_HOUR.source
    assert taken["measure"][0] == FOUR_HOUR.title
    assert taken["definition"][0] == FOUR_HOUR.meaning


@pytest.mark.parametrize(
    ("sizes", "axis"),
    [([100, 1000], [0, 1050]), ([500, 1000], [475, 1025]), ([1000, 1000], [950, 1050])],
)
def test_a_funnel_of_organisations_alike_in_size_uses_its_width(sizes, axis):
    limits = {f"{side}_{name}": 0.5 for side in ("upper", "lower") for name in ("95", "998")}
    rows = pl.DataFrame({"organisation": ["A", "B"], "denominator": sizes, "z": [0.0, 0.0]}).with_columns(
        pl.col("organisation").alias("organisation_name"), value=0.5, average=0.5, position=pl.lit("within"),
        **{name: pl.lit(value) for name, value in limits.items()},
    )  # fmt: skip
    drawn = funnel.draw(rows, LIGHT, unit="%", size="All", proportion=True)
    assert list(drawn.layout.xaxis.range) == pytest.approx(axis)


def test_a_part_of_the_measure_is_compared_on_its_own(home, open_page):
    parts = compared.parts("e", FOUR_HOUR.id, "provider", "published")
    major = "department_type.01"
    assert next(iter(parts)) == compared.WHOLE
    assert major in parts
    assert not any(part.startswith(("age_band.", "sex.")) for part in parts), (
        "people have a page of their own"
    )
    assert "footprint.own" not in parts, "that is the whole measure again"
    rows = compared.held("e", FOUR_HOUR.id, "provider", "published", None, major)
    assert set(rows["category"]) == {"01"}
    app = open_page(PAGE, level="provider", basis="published", measure=FOUR_HOUR.id, part=major)
    assert not app.exception
    value = rows.filter(
        pl.col("organisation") == "RZ1", pl.col("period").is_between(date(2026, 7, 1), date(2026, 9, 1))
    )
    expected = value["numerator"].sum() / value["denominator"].sum()
    table = app.table[0].value
    (shown,) = [row["Value"] for _, row in table.iterrows() if "Tarnshire" in row.iloc[0]]
    assert f"{expected:.1%}" in shown


def test_minor_units_beside_hospitals_are_said_and_lead_to_like_with_like(open_page, own_minor):
    app = open_page(PAGE, home=own_minor, level="provider", basis="published", measure=FOUR_HOUR.id)
    said = words(app)
    assert "1 of these 2 have no major emergency department" in said
    assert "part=department_type.01" in said
    app = open_page(
        PAGE, home=own_minor, level="provider", basis="published", measure=FOUR_HOUR.id,
        part="department_type.01",
    )  # fmt: skip
    assert "have no major emergency department" not in words(app)


@pytest.fixture
def own_minor(tmp_path):
    """A world in which one of two providers reports no attendance at a major department."""
    build(tmp_path).close()
    with sqlite3.connect(tmp_path / "results.sqlite") as database:
        database.execute(
            "UPDATE observation SET numerator = 0, denominator = 0, value = NULL, status = 'no_denominator' "
            "WHERE series_id IN (SELECT id FROM series WHERE organisation = 'RZ2' AND basis = 'published' "
            "AND breakdown = 'department_type' AND category = '01')"
        )
    return tmp_path


def test_names_in_capitals_are_written_as_people_write_them(tmp_path, in_home):
    build(tmp_path).close()
    with sqlite3.connect(tmp_path / "results.sqlite") as database:
        database.execute("UPDATE organisation SET name = 'NHS HARROW MOOR TRUST' WHERE code = 'RZ2'")
    in_home(tmp_path)
    rows = compared.held("e", FOUR_HOUR.id, "provider", "published", None)
    assert "NHS Harrow Moor Trust" in set(rows["organisation_name"])
    standings = stood.of_level("e", "provider", "published", None)
    assert "NHS Harrow Moor Trust" in set(standings["organisation_name"])


def test_the_rows_taken_away_are_those_shown_in_the_same_order(open_page):
    app = open_page(PAGE, level="neighbourhood", measure=FOUR_HOUR.id, chart="ranked", peers="NB4")
    shown = [name.removeprefix("◆ ") for name in app.table[0].value.iloc[:, 0]]
    assert shown[0] == "Long Meadow", "the one pointed out comes first"
    values = [float(re.search(r"[\d.]+(?=%)", value)[0]) for value in app.table[0].value["Value"][1:]]
    assert values == sorted(values, reverse=True)


def test_a_name_never_covers_another_and_the_chosen_is_always_named():
    many = 40
    rows = pl.DataFrame(
        {
            "organisation": [f"O{n}" for n in range(many)],
            "organisation_name": [f"Organisation {n}" for n in range(many)],
            "denominator": [1000.0 + n for n in range(many)],
            "value": [0.5] * (many - 2) + [0.9, 0.901],
            "average": [0.5] * many,
            "z": [0.0] * (many - 2) + [9.0, 9.1],
            "position": ["within"] * (many - 2) + ["above_998"] * 2,
            **{f"{side}_{name}": [0.5] * many for side in ("upper", "lower") for name in ("95", "998")},
        }
    )
    drawn = funnel.draw(rows, LIGHT, unit="%", size="All", proportion=True, chosen=["O3"])
    named = [note.text for note in drawn.layout.annotations]
    assert "<b>Organisation 3</b>" in named
    assert "Organisation 39" in named, "the further out of two that lie on each other"
    assert "Organisation 38" not in named
    assert "Organisation 5" not in named


def test_a_name_beside_the_end_of_a_line_makes_way_for_the_lines():
    rows = pl.DataFrame(
        {
            "organisation": [f"O{n}" for n in range(20)],
            "organisation_name": [f"Organisation {n}" for n in range(20)],
            "denominator": [1000.0 + 50 * n for n in range(20)],
            "value": [0.5] * 19 + [0.615],
            "average": [0.5] * 20,
            "z": [0.0] * 19 + [2.2],
            "position": ["within"] * 19 + ["above_95"],
            **{f"upper_{name}": [value] * 20 for name, value in (("95", 0.6), ("998", 0.7))},
            **{f"lower_{name}": [value] * 20 for name, value in (("95", 0.4), ("998", 0.3))},
        }
    )
    drawn = funnel.draw(rows, LIGHT, unit="%", size="All", proportion=True)
    (name,) = [note for note in drawn.layout.annotations if note.text == "Organisation 19"]
    (line,) = [note for note in drawn.layout.annotations if note.text == "95% limits"]
    pixels = (name.y - line.y) / (drawn.layout.yaxis.range[1] - drawn.layout.yaxis.range[0]) * funnel.PLOT[1]
    assert abs(pixels + name.yshift - funnel.LINE / 2) >= funnel.LINE


def test_names_at_the_ends_of_lines_stand_apart():
    assert comparing.apart([0.5, 0.1, 0.51], 0.1) == pytest.approx([0.5, 0.1, 0.6])
    assert comparing.apart([], 0.1) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"baseline_value": None}, "No month of the baseline"),
        ({"latest_period": date(2025, 6, 1)}, "The newest final month, June 2025, is before the path starts"),
        ({"latest_period": None}, "It has no figures."),
    ],
)
def test_what_a_standing_without_a_verdict_lacks_is_said(home, change, why):
    level = stood.of_level("e", "system", "local", None).filter(pl.col("indicator") == FOUR_HOUR.id)
    types = {name: level.schema[name] for name in change}
    lacking = level.with_columns(
        pl.lit("insufficient data").alias("status_words"),
        *(pl.lit(value, types[name]).alias(name) for name, value in change.items()),
    )
    (row,) = insufficient.verdicts("e", "system", "local", None, lacking).to_dicts()
    assert row["why"].startswith(why)
    assert row["organisation_name"] == "Tarnshire"


def test_a_target_that_is_a_change_says_how_many_baseline_months_there_are(home):
    one = next(each for each in TARGETS if any(target.change is not None for target in each.targets))
    lines = compared.held("e", one.id, "system", "local", None)
    months = lines.with_columns(
        status=pl.when(pl.col("period") == date(2025, 6, 1)).then(pl.lit("not_reported")).otherwise("status")
    )
    mine = stood.of_level("e", "system", "local", None).filter(pl.col("indicator") == one.id)
    (row,) = insufficient._why(one, mine, months).to_dicts()
    assert row["why"].endswith("of these 12 months 11 are final.")


def test_a_verdict_that_was_given_needs_no_reason(home):
    level = stood.of_level("e", "system", "local", None).filter(pl.col("indicator") == FOUR_HOUR.id)
    assert set(level["status_words"]) <= {"met", "on track", "behind"}
    assert insufficient.verdicts("e", "system", "local", None, level).is_empty()


def test_the_spread_draws_five_years_and_every_month_can_be_taken_away(tmp_path, open_page):
    build(tmp_path).close()
    with sqlite3.connect(tmp_path / "results.sqlite") as database:
        database.execute("UPDATE observation SET period = '2018-04-01' WHERE period = '2024-04-01'")
    app = open_page(PAGE, home=tmp_path, level="neighbourhood", measure=FOUR_HOUR.id, chart="spread")
    assert not app.exception
    assert "Months before these five years go with the rows taken away" in words(app)
    (chart,) = app.get("plotly_chart")
    drawn = json.loads(chart.proto.spec)
    assert drawn["layout"]["xaxis"]["range"][0].startswith("2024")
    labels = [button.label for button in app.get("download_button")]
    assert "Download every month as CSV" in labels


@pytest.mark.parametrize(
    ("beyond_95", "beyond_998", "named"),
    [(3, 2, {"above_95", "above_998"}), (20, 2, {"above_998"}), (0, 20, set())],
)
def test_marks_outside_are_named_unless_they_are_a_crowd(beyond_95, beyond_998, named):
    positions = ["within"] * 20 + ["above_95"] * beyond_95 + ["above_998"] * beyond_998
    found = funnel._outside(pl.DataFrame({"position": positions}))
    assert {"above_95", "above_998"} & set(found) == named
    assert "within" not in found
