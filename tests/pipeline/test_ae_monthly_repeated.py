"""One organisation in two rows of a month: told by the TOTAL row, said as a finding, never counted unsaid."""

from pathlib import Path

import pytest

from pipeline.delimited import read_text
from pipeline.load import load_files
from pipeline.reading import RefusedFile, examine
from pipeline.sources import ae_monthly
from warehouse import submissions
from warehouse.home import Home

MADE = Path(__file__).parent.parent / "data" / "ae_monthly" / "2021_twenty_two_columns.csv"


def lines() -> list[str]:
    return MADE.read_bytes().decode().splitlines()


def written(folder: Path, rows: list[str]) -> Path:
    path = folder / "repeated.csv"
    path.write_text("\n".join(rows))
    return path


def read(path: Path):
    return ae_monthly.read(read_text(examine(path)))


def in_parts(folder: Path) -> Path:
    """The second hospital's row becomes another of the first's; the TOTAL row counts both."""
    name = "TRIALFORD NHS FOUNDATION TRUST"
    rows = [row.replace(",XF7,", ",XA1,").replace(name, "Woldside Hospitals NHS Trust") for row in lines()]
    return written(folder, rows)


def test_parts_that_the_total_counts_are_added_and_said(tmp_path: Path):
    said, plain = read(in_parts(tmp_path)), read(MADE)
    (notice,) = [one for one in said.notices if one.rule == "organisation_in_parts"]
    assert notice.reason.startswith("XA1 stands in rows 2 and 3: the TOTAL row counts all of them")
    assert (notice.rows, notice.severity) == (2, "info")
    for column in ("attendances", "over_four_hours"):
        parts = plain.frame.filter(plain.frame["org_code"].is_in(["XA1", "XF7"]))[column].sum()
        assert said.frame.filter(org_code="XA1")[column].sum() == parts
        assert said.frame[column].sum() == plain.frame[column].sum()
    assert said.frame.select("org_code", "department_type", "booked").is_duplicated().sum() == 0
    beside = ae_monthly.ADMISSIONS
    assert said.companions[beside]["patients"].sum() == plain.companions[beside]["patients"].sum()


def test_a_row_that_stands_twice_alike_is_counted_once_and_said(tmp_path: Path):
    header, first, *rest = lines()
    said = read(written(tmp_path, [header, first, first, *rest]))
    assert said.frame.equals(read(MADE).frame)
    (notice,) = [one for one in said.notices if one.rule == "organisation_repeated"]
    assert notice.reason.startswith("XA1 stands in rows 2 and 3, alike in every figure")
    assert notice.rows == 1


@pytest.mark.parametrize("case", ["no total", "another name", "a total of neither"])
def test_where_the_total_does_not_tell_the_file_is_refused(tmp_path: Path, case: str):
    path = in_parts(tmp_path)
    rows = path.read_text().splitlines()
    if case == "no total":
        rows = rows[:-1]
    elif case == "another name":
        rows[2] = rows[2].replace("Woldside", "Eastside")
    else:
        rows[2] = rows[2].replace("7300", "7301")
    with pytest.raises(RefusedFile, match="XA1 stands in rows 2 and 3, not once"):
        read(written(tmp_path, rows))


def test_the_finding_is_kept_beside_the_file(tmp_path: Path):
    home = Home.open(tmp_path / "home")
    (report,) = load_files(home, [in_parts(tmp_path)])
    assert report.outcome == "accepted"
    found = submissions.findings(home)
    assert "organisation_in_parts" in set(found["rule"])
    home.close()
