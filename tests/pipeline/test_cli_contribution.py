"""`targets contribution` as an analyst types it: every level under every level, summing to the gap."""

import io

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from metrics.indicators import all_indicators
from metrics.parts import has_own_people
from pipeline.cli import app
from pipeline.contribution_table import PARTS_AT, table
from pipeline.export import month
from warehouse import observations
from warehouse.home import Home

CHOICE = {
    "--indicator": "four_hour_ed",
    "--organisation": "QZ2",
    "--level": "system",
    "--by": "neighbourhood",
    "--period": "2026-06",
}
WHOLES = {
    "E92000001": ("england", ["neighbourhood", "place", "system", "region", "provider"]),
    "Y90": ("region", ["neighbourhood", "place", "system", "provider", "neighbourhood,provider"]),
    "QZ1": ("system", ["neighbourhood", "place", "provider", "neighbourhood,provider"]),
    "E06999002": ("place", ["neighbourhood", "provider"]),
    "XN0002": ("neighbourhood", ["provider"]),
    "XA1": ("provider", ["neighbourhood", "place", "system", "region", "system,neighbourhood"]),
}
PERIOD = month("2026-06", "--period")


@pytest.fixture
def run(small_home):
    def go(options: dict[str, str]) -> Result:
        words = [word for pair in options.items() for word in pair]
        return CliRunner().invoke(app, ["contribution", *words, "--home", str(small_home)])

    return go


@pytest.fixture(scope="module")
def home(small_home):
    opened = Home.open(small_home)
    yield opened
    opened.close()


def test_neighbourhoods_of_a_system_with_names_and_the_worst_first(run):
    done = run(CHOICE)
    assert done.exit_code == 0, done.stderr
    got = pl.read_csv(io.StringIO(done.stdout), infer_schema_length=None)
    assert got["contribution"].is_sorted()
    assert set(got["neighbourhood"]) == {"XN0003", "XN0004"}
    assert got["neighbourhood_name"].null_count() == 0
    assert got["contribution"].sum() == pytest.approx(got["gap"][0], abs=1e-12)
    assert got["gap"][0] == pytest.approx(got["whole_value"][0] - got["target"][0], abs=1e-15)
    assert got["before"].unique().to_list() == ["2025-06-01"]
    assert got["contribution_events"].sum() == pytest.approx(got["gap"][0] * got["whole_denominator"][0])


@pytest.mark.parametrize("name", all_indicators())
def test_every_level_under_every_level_sums_to_the_gap(home, name):
    indicator = all_indicators()[name]
    held = observations.read(home, name, start=PERIOD, end=PERIOD)
    held = pl.concat(
        [held, observations.read(home, name, start=month("2025-06", ""), end=month("2025-06", ""))]
    )
    for code, (level, cuts) in WHOLES.items():
        whole = held.filter(pl.col("organisation") == code, pl.col("level") == level)
        now = whole.filter(pl.col("period") == PERIOD)
        then = whole.filter(pl.col("period") != PERIOD)
        if now.is_empty() or now["value"][0] is None:
            continue
        for by in cuts:
            levels = tuple(by.split(","))
            got = table(home, name, code, level, levels, PERIOD)
            assert got["numerator"].sum() == now["numerator"][0], (code, by)
            if now["target"][0] is None:
                assert got["contribution"].null_count() == got.height
            else:
                gap = now["value"][0] - now["target"][0]
                assert got["contribution"].sum() == pytest.approx(gap, abs=1e-12 * indicator.per), (code, by)
            if has_own_people(indicator, level, levels) and then["value"].count():
                change = now["value"][0] - then["value"][0]
                split = (got["mix"] + got["rate"]).sum()
                assert split == pytest.approx(change, abs=1e-12 * indicator.per), (code, by)
                if indicator.kind == "rate":
                    both = (got["size"] + got["activity"]).to_list()
                    assert both == pytest.approx(got["change_events"].to_list(), abs=1e-9)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--indicator": "nonsense"}, "there is no indicator 'nonsense'"),
        ({"--level": "shoe"}, "there is no level 'shoe'"),
        ({"--by": "shoe"}, "--by 'shoe' is no kind of part"),
        ({"--by": "system"}, "a system is not cut by system"),
        ({"--by": "region"}, "a region is larger than a system"),
        ({"--by": "provider,provider"}, "--by names a level twice"),
        ({"--organisation": "QQQ"}, "has no local figures of 'QQQ' at level system"),
        ({"--period": "1999-01"}, "has no figure in 1999-01; it has 2023-04 to 2026-09"),
        ({"--period": "June"}, "--period 'June' is not a month"),
    ],
)
def test_a_wrong_choice_gets_one_sentence(run, changed, said):
    done = run(CHOICE | changed)
    assert done.exit_code == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_up_to_the_baselines_end_there_is_nothing_to_compare_with(home):
    got = table(home, "four_hour_ed", "QZ2", "system", ("place",), month("2025-12", ""))
    assert got["before"].null_count() == got["mix"].null_count() == got.height
    assert "england" not in PARTS_AT
