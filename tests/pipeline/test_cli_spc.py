"""`targets spc` as an analyst types it: the same rows and more out, faults as sentences."""

import csv
import io
import json
import math
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.spc_file import ADDED

LIMITS = [20, 24, 20, 26, 22, 16, 18, 16, 31, 28, 34, 26, 30, 19, 18]
"""METHODS 1: mean 23.20, limits 8.76 and 37.64."""

BETTER = "series,date,value,better"


def spc(*arguments: object, given: str | None = None) -> Result:
    return CliRunner().invoke(app, ["spc", *map(str, arguments)], input=given)


def rows(done: Result) -> pl.DataFrame:
    assert done.exit_code == 0, done.stderr
    return pl.read_csv(io.StringIO(done.stdout), infer_schema_length=None)


def lines(values: list[object], series: str = "A", start: int = 2023) -> str:
    dated = [f"{start + at // 12}-{at % 12 + 1:02d}-01" for at in range(len(values))]
    return "".join(f"{series},{when},{value}\n" for when, value in zip(dated, values, strict=True))


@pytest.fixture
def sheet(tmp_path):
    def write(text: str, header: str = "series,date,value") -> Path:
        path = tmp_path / "waits.csv"
        path.write_text(f"{header}\n{text}")
        return path

    return write


def test_the_limits_of_the_method_from_a_file_and_from_a_pipe(sheet):
    path = sheet(lines(LIMITS))
    found = rows(spc(path))
    assert tuple(found.columns) == ("series", "date", "value", *ADDED)
    assert found["value"].to_list() == LIMITS
    assert found["mean"].round(2).unique().to_list() == [23.20]
    assert found["lower_limit"].round(2).unique().to_list() == [8.76]
    assert found["upper_limit"].round(2).unique().to_list() == [37.64]
    code = "from pipeline.cli import app; app(prog_name='targets')"
    piped = subprocess.run(
        [sys.executable, "-c", code, "spc", "-"], input=path.read_bytes(), capture_output=True, check=True
    )
    assert pl.read_csv(io.BytesIO(piped.stdout)).equals(found)


def test_the_same_rows_in_the_same_order_with_every_cell_as_it_was_written(sheet):
    text = "B,2024-02-01,5.50,x\nA,2024-03-01,1,\nB,2024-01-01,5.00,y\nA,2024-01-01,NA,z\n"
    done = spc(sheet(text, "Series,Date,Value,remark"))
    found = pl.read_csv(io.StringIO(done.stdout), infer_schema=False)
    given = pl.read_csv(io.StringIO("Series,Date,Value,remark\n" + text), infer_schema=False)
    assert found.select(given.columns).equals(given)


def test_a_blank_is_a_missing_month_and_not_zero(sheet):
    values = [*LIMITS[:7], "", *LIMITS[7:]]
    found = rows(spc(sheet(lines(values))))
    assert found["mean"].drop_nulls().round(2).unique().to_list() == [23.20]
    assert found.row(7, named=True)["state"] is None
    assert found.row(7, named=True)["outside_limits"] is False


def test_one_row_a_series_with_icons_and_the_reason(sheet):
    falling = [80] * 13 + [70] * 7
    path = sheet(lines(LIMITS, "B") + lines(falling, "A"))
    found = rows(spc(path, "--summary", "--better", "higher"))
    assert found.columns == [
        "series", "variation", "assurance", "points", "mean", "lower_limit", "upper_limit", "reason",
    ]  # fmt: skip
    assert found["series"].to_list() == ["B", "A"]
    assert found["variation"].to_list() == ["common_cause", "concern_low"]
    assert "7 months running below the mean, since February 2024" in found["reason"][1]


def test_columns_of_the_file_win_over_options(sheet):
    dated = lines([80] * 13 + [70] * 7)
    text = "".join(line + (",lower,75\n" if at == 0 else ",,75\n") for at, line in enumerate(dated.split()))
    found = rows(spc(sheet(text, "series,date,value,better,target"), "--summary", "--better", "higher"))
    assert found["variation"].to_list() == ["improvement_low"]
    assert found["assurance"].to_list() == ["consistently_failing"]


def test_recalculation_and_baseline_marks(sheet):
    dated = lines([10, 12] * 7 + [20, 22] * 7).split()
    again = "".join(f"{line},{int(at == 14)}\n" for at, line in enumerate(dated))
    parts = rows(spc(sheet(again, "series,date,value,recalculate")))["mean"].to_list()
    assert (parts[0], parts[-1]) == (11, 21)
    fixed = "".join(f"{line},{int(at < 14)}\n" for at, line in enumerate(dated))
    extended = rows(spc(sheet(fixed, "series,date,value,baseline")))
    assert extended["mean"].unique().to_list() == [11]
    assert extended["outside_limits"][20]


def test_json_has_numbers_and_iso_dates(sheet):
    done = spc(sheet("A,01/02/2024,5.50\n"), "--format", "json")
    assert json.loads(done.stdout)[0] | {"mean": 5.5} == {
        "series": "A", "date": "2024-02-01", "value": 5.5, "mean": 5.5, "lower_limit": None,
        "upper_limit": None, "lower_two_sigma": None, "upper_two_sigma": None, "outside_limits": False,
        "shift": False, "trend": False, "two_of_three": False, "state": "common_cause",
    }  # fmt: skip


def test_compare_lists_only_what_two_profiles_read_differently(sheet):
    # Six in a row above the mean: a shift for Making Data Count, none yet for NHSRplotthedots.
    values = [14, 8, 15, 9, 14, 8, 15, 8, 13, 12, 13, 12, 13, 12, 8, 9]
    path = sheet(lines(values))
    found = rows(spc(path, "--compare", "mdc,nhsr"))
    assert found["date"].to_list() == [f"2023-{m:02d}-01" for m in (9, 10, 11, 12)] + [
        "2024-01-01",
        "2024-02-01",
    ]
    assert found["differs"].unique().to_list() == ["shift state"]
    assert found["shift_mdc"].all()
    assert not found["shift_nhsr"].any()
    same = rows(spc(path, "--compare", "mdc,mdc_sql", "--summary"))
    assert same.height == 0


@pytest.mark.parametrize(
    ("text", "header", "said"),
    [
        ("A,2024-01-01,12x\n", None, "waits.csv: row 2, column 'value': '12x' is not a number."),
        ("A,2024-01-01,5\nA,2024-02-01,inf\n", None, "row 3, column 'value': 'inf' is not a number."),
        ("A,2024-01-01,5\nA,2024-13-01,5\n", None, "row 3, column 'date': '2024-13-01' is not a date"),
        ("A,,5\n", None, "row 2, column 'date': is blank."),
        (" ,2024-01-01,5\n", None, "row 2, column 'series': is blank."),
        ("A,2024-01-01,5\nA,2024-01-01,6\n", None, "row 3, column 'date': '2024-01-01' is there twice"),
        ("A,2024-01-01,5,up\n", BETTER, "column 'better': 'up' is not higher, lower or neither."),
        ("A,2024-01-01,5,lower\nA,2024-02-01,5,higher\n", BETTER, "row 3, column 'better': 'higher' is not"),
        ("A,2024-01-01,5,2\n", "series,date,value,recalculate", "column 'recalculate': '2' is not 0 or 1."),
        ("A,2024-01-01,5,soon\n", "series,date,value,target", "column 'target': 'soon' is not a number."),
        ("A,2024-01-01\n", "series,date", "waits.csv: row 1 has no column 'value'"),
        ("A,2024-01-01,5,1\n", "series,date,value,mean", "column 'mean' has the name of a result"),
        ("A,2024-01-01,5\nA,2024-02-01\n", None, "waits.csv: row 3 has 2 cells where the header has 3."),
        ("", None, "waits.csv: the file has column names but no rows."),
    ],
)  # fmt: skip
def test_bad_input_gets_one_sentence_with_file_row_column_and_value(sheet, text, header, said):
    done = spc(sheet(text, header or "series,date,value"))
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such-file.csv"], "no-such-file.csv: there is no such file."),
        (["-", "--compare", "mdc"], "name two different profiles"),
        (["-", "--compare", "mdc,mine"], "there is no profile 'mine'; there are mdc, mdc_sql, nhsr"),
    ],
)
def test_a_wrong_choice_gets_one_sentence(arguments, said):
    done = spc(*arguments, given="series,date,value\nA,2024-01-01,5\n")
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_pipe_that_is_closed_early_is_no_fault(sheet):
    path = sheet("".join(lines(LIMITS, f"S{n}") for n in range(3000)))
    code = "from pipeline.cli import app; app(prog_name='targets')"
    child = subprocess.Popen(
        [sys.executable, "-c", code, "spc", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    child.stdout.readline()
    child.stdout.close()
    assert child.wait() == 0
    assert child.stderr.read() == b""
    child.stderr.close()


@pytest.mark.parametrize(
    "written",
    ["2024-02-01", "2024-02", "01/02/2024", "1/2/2024", "01/02/24", "2024/02/01", "01-02-2024", "1.2.2024",
     "01-Feb-2024", "1 February 2024", "Feb 2024", "February 2024", "Feb-24", "01-Feb-24", "01/02/2024 00:00",
     "2024-02-01 00:00:00", "2024-02-01T00:00:00", "2024-02-01T00:00:00.000Z", "2024-02-01 00:00:00+00:00"],
)  # fmt: skip
def test_dates_as_people_databases_and_spreadsheets_write_them(sheet, written):
    done = spc(sheet(f"A,{written},5\n"), "--format", "json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)[0]["date"] == "2024-02-01"


def test_the_same_date_in_two_forms_is_there_twice(sheet):
    done = spc(sheet("A,2024-02-01,5\nA,01/02/2024,6\n"))
    assert done.exit_code == 2
    assert "row 3, column 'date': '01/02/2024' is there twice" in done.stderr


def test_blank_optional_columns_say_nothing(sheet):
    whole = "".join(f"{line},,,,\n" for line in lines(LIMITS).split())
    blank = rows(spc(sheet(whole, "series,date,value,better,target,recalculate,baseline"), "--summary"))
    assert blank.equals(rows(spc(sheet(lines(LIMITS)), "--summary")))


def test_marks_may_be_floats_and_a_baseline_may_begin_later(sheet):
    dated = lines([90, 10, 12, 10, 12, 10, 12, 30, 31, 30, 31, 30, 31, 30]).split()
    text = "".join(f"{line},{float(1 <= at <= 6)}\n" for at, line in enumerate(dated))
    found = rows(spc(sheet(text, "series,date,value,baseline")))
    assert found["mean"].unique().to_list() == [11]


def test_gaps_and_few_points_are_said_in_the_reason(sheet):
    gap = rows(spc(sheet(lines([*LIMITS[:7], "", *LIMITS[7:], "", 20])), "--summary"))
    assert gap["reason"][0].endswith("; 2 gaps, whose ends are taken as neighbours")
    few = rows(spc(sheet(lines(LIMITS[:8])), "--summary", "--profile", "nhsr"))
    assert few["upper_limit"][0] is not None
    assert few["reason"][0].endswith("; from only 8 months, so the limits are unsteady")
    lone = rows(spc(sheet(lines(LIMITS[:1])), "--summary", "--profile", "nhsr"))
    assert lone["reason"][0].endswith("; from only 1 month, so the limits are unsteady")


def test_numbers_are_written_in_full(sheet):
    values = [0.1, 0.2, 0.4] * 5
    row = next(csv.DictReader(io.StringIO(spc(sheet(lines(values))).stdout)))
    ranges = [abs(after - before) for before, after in pairwise(values)]
    reach = 2.66 * math.fsum(ranges) / len(ranges)
    assert float(row["upper_limit"]) == pytest.approx(math.fsum(values) / 15 + reach, rel=1e-15)
