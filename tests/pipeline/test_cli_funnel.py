"""`targets funnel` as an analyst types it, on the small region."""

import io
import json
import math

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from metrics.standardised import ADDED
from pipeline.cli import app
from pipeline.funnel_table import COLUMNS, POSITIONS

CHOICE = ["--indicator", "four_hour_ed", "--level", "neighbourhood", "--period", "2026-04"]


@pytest.fixture
def run(small_home):
    def go(*arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--home", str(small_home)])

    return go


@pytest.fixture
def funnel(run):
    def go(*arguments: str) -> pl.DataFrame:
        done = run("funnel", *arguments)
        assert done.exit_code == 0, done.stderr
        return pl.read_csv(io.StringIO(done.stdout), infer_schema_length=None)

    return go


def test_one_row_an_organisation_pooled_sum_over_sum(funnel, run):
    got = funnel(*CHOICE, "--to", "2026-06")
    assert tuple(got.columns) == COLUMNS
    assert got["organisation"].is_unique().all()
    assert "unattributed" not in got["organisation"]
    held = run("observations", *CHOICE[:4], "--from", "2026-04", "--to", "2026-06").stdout
    sums = (
        pl.read_csv(io.StringIO(held), infer_schema_length=None)
        .filter(pl.col("organisation") != "unattributed")
        .group_by("organisation")
        .agg(pl.col("numerator", "denominator").sum())
        .sort("organisation")
    )
    assert got.select(sums.columns).equals(sums)
    assert got["months"].to_list() == [3] * got.height
    r, n = got["numerator"].sum(), got["denominator"].sum()
    assert got["average"].to_list() == pytest.approx([r / n] * got.height)
    assert got["theta"][0] == pytest.approx(math.asin(math.sqrt(r / n)))
    assert (got["lower"] <= got["value"]).all()
    assert (got["value"] <= got["upper"]).all()
    assert (got["lower_998"] <= got["lower_95"]).all()
    assert (got["upper_95"] <= got["upper_998"]).all()
    assert (got["tau2"] >= 0).all()
    assert set(got["position"]) <= set(POSITIONS.values())


def test_wilson_for_a_proportion_and_byar_for_a_rate(funnel):
    share = funnel(*CHOICE).row(0, named=True)
    r, n, z = share["numerator"], share["denominator"], 1.959964
    half = z * math.sqrt(z * z + 4 * r * (1 - r / n))
    assert share["lower"] == pytest.approx((2 * r + z * z - half) / (2 * (n + z * z)))
    rate = funnel(
        "--indicator", "cohort_admissions", "--level", "place", "--period", "2026-01", "--to", "2026-06"
    ).row(0, named=True)
    more = rate["numerator"] + 1
    upper = more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
    assert rate["upper"] == pytest.approx(1000 * upper / rate["denominator"])
    assert rate["value"] == pytest.approx(1000 * rate["numerator"] / rate["denominator"])


def test_only_organisations_under_a_system(funnel):
    got = funnel(*CHOICE, "--within", "QZ1")
    assert got["organisation"].to_list() == ["XN0001", "XN0002"]
    assert funnel(*CHOICE, "--region", "Y90").equals(funnel(*CHOICE))
    assert funnel(*CHOICE, "--within", "E92000001").equals(funnel(*CHOICE))


def test_json_is_the_same_rows(funnel, run):
    rows = json.loads(run("funnel", *CHOICE, "--format", "json").stdout)
    assert [row["value"] for row in rows] == funnel(*CHOICE)["value"].to_list()
    assert rows[0]["from"] == rows[0]["to"] == "2026-04-01"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--indicator": "nonsense"}, "there is no indicator 'nonsense'; there are outpatient_diversion"),
        ({"--indicator": "discharge_delay"}, "is a mean"),
        (
            {"--indicator": "cohort_admissions", "--level": "provider"},
            "has no population at level provider: counts alone would compare the size",
        ),
        (
            {"--indicator": "outpatient_follow_ups", "--level": "provider"},
            "has no population at level provider",
        ),
        ({"--level": "shoe"}, "has no level 'shoe'; it has england, neighbourhood, place, provider"),
        ({"--period": "June"}, "--period 'June' is not a month"),
        ({"--period": "1999-01"}, "has no figures in 1999-01; it has 2023-04 to 2026-09"),
        ({"--to": "2026-01"}, "--to 2026-01 is before --period 2026-04"),
        ({"--within": "QQQ"}, "there is no organisation 'QQQ'"),
        ({"--within": "XZ1"}, "no neighbourhood with figures stands under XZ1"),
        ({"--basis": "published"}, "are held on basis published"),
    ],
)
def test_a_wrong_choice_gets_one_sentence(run, changed, said):
    options = dict(zip(CHOICE[::2], CHOICE[1::2], strict=True)) | changed
    done = run("funnel", *(word for pair in options.items() for word in pair))
    assert done.exit_code == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_each_category_has_a_funnel_of_its_own(funnel, run):
    got = funnel(*CHOICE, "--breakdown", "sex")
    whole = funnel(*CHOICE)
    assert set(got["category"]) >= {"male", "female"}
    assert whole["breakdown"].unique().to_list() == ["all"]
    sums = got.group_by("organisation").agg(pl.col("denominator").sum()).sort("organisation")
    assert sums["denominator"].to_list() == whole["denominator"].to_list()
    for (category,), rows in got.group_by("category"):
        assert rows["average"].to_list() == pytest.approx(
            [rows["numerator"].sum() / rows["denominator"].sum()] * rows.height
        )
        alone = funnel(*CHOICE, "--breakdown", "sex", "--category", category)
        assert alone["position"].to_list() == rows["position"].to_list()


def test_rates_standardised_by_age(funnel, run):
    choice = ["--indicator", "outpatient_follow_ups", "--level", "place", "--period", "2026-06"]
    got = funnel(*choice, "--standardise")
    assert tuple(got.columns) == (*COLUMNS, *ADDED)
    assert (got["standardised_lower"] < got["standardised"]).all()
    assert (got["standardised"] < got["standardised_upper"]).all()
    held = run(
        "observations", "--indicator", choice[1], "--level", "place", "--breakdown", "age_band",
        "--from", "2026-06", "--to", "2026-06",
    ).stdout  # fmt: skip
    bands = pl.read_csv(io.StringIO(held), infer_schema_length=None).filter(
        organisation=got["organisation"][0]
    )
    share = {"0-14": 0.16, "15-44": 0.38, "45-64": 0.265, "65-74": 0.105, "75-84": 0.065, "85+": 0.025}
    by_hand = sum(
        share[row["category"]] * row["numerator"] / row["denominator"]
        for row in bands.iter_rows(named=True)
        if row["category"] in share
    )
    assert got["standardised"][0] == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            ["--breakdown", "shoe_size"],
            "no breakdown 'shoe_size'; it has all, department_type, footprint, age_band",
        ),
        (["--category", "female"], "--category needs --breakdown"),
        (["--breakdown", "sex", "--category", "x"], "sex has no category 'x'; it has male, female"),
        (["--standardise"], "four_hour_ed is a proportion: only rates over people are standardised"),
    ],
)
def test_a_split_that_is_not_there_gets_a_sentence(run, more, said):
    done = run("funnel", *CHOICE, *more)
    assert done.exit_code == 1
    assert said in done.stderr
