"""Comparing organisations: the page's rows are the command's, gaps break lines, and links hold."""

import io
from datetime import date

import polars as pl
import pytest
from test_pages import words

from dashboard import compared
from dashboard.charts import comparing
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
        }
    )
    assert dict(compared._reasons(months).iter_rows()) == {
        "A": "2 months not reported",
        "B": "1 month not enough data",
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
    drawn = comparing.spread(months, pl.DataFrame({"organisation": []}), LIGHT, unit="%", proportion=True)
    median = next(trace for trace in drawn.data if trace.name == "Median organisation")
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
    taken = pl.read_parquet(io.BytesIO(compared.as_parquet(compared.with_definition(FOUR_HOUR, rows))))
    assert taken["value"][0] == 0.123456789012345
    assert taken["definition_source"][0] == FOUR_HOUR.source
    assert taken["measure"][0] == FOUR_HOUR.title
    assert taken["definition"][0] == FOUR_HOUR.meaning


@pytest.mark.parametrize(
    ("sizes", "axis"),
    [([100, 1000], [0, 1050]), ([900, 1000], [895, 1005]), ([1000, 1000], [950, 1050])],
)
def test_a_funnel_of_organisations_alike_in_size_uses_its_width(sizes, axis):
    limits = {f"{side}_{name}": 0.5 for side in ("upper", "lower") for name in ("95", "998")}
    rows = pl.DataFrame({"organisation": ["A", "B"], "denominator": sizes}).with_columns(
        pl.col("organisation").alias("organisation_name"), value=0.5, average=0.5, position=pl.lit("within"),
        **{name: pl.lit(value) for name, value in limits.items()},
    )  # fmt: skip
    drawn = comparing.funnel(rows, LIGHT, unit="%", size="All", proportion=True)
    assert list(drawn.layout.xaxis.range) == pytest.approx(axis)
