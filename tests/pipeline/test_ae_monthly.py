"""The monthly A&E file and its traps, on small made files of invented organisations."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.delimited import read_text
from pipeline.reading import RefusedFile, examine
from pipeline.sources import ae_monthly, regions
from pipeline.sources.ae_monthly import layout, tidy
from pipeline.sources.published import Published

MADE = Path(__file__).parent.parent / "data" / "ae_monthly"
NEWEST = "2021_twenty_two_columns.csv"


def read(path: Path) -> Published:
    table = read_text(examine(path))
    assert ae_monthly.claims(table.columns)
    return ae_monthly.read(table)


@pytest.fixture
def altered(tmp_path: Path) -> Callable[..., Path]:
    """A made file with some of its text replaced."""

    def alter(*replacements: tuple[str, str], name: str = NEWEST) -> Path:
        text = (MADE / name).read_bytes().decode()
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_bytes(text.encode())
        return path

    return alter


def refusal(path: Path) -> str:
    with pytest.raises(RefusedFile) as refused:
        read(path)
    return " ".join(refused.value.reasons)


# file, period, providers, (attendances, over four hours) summed over everything
LAYOUTS = {
    "2018_sixteen_columns.csv": (date(2018, 5, 1), 3, 22000, 2338),
    "2020_sixteen_columns.csv": (date(2020, 6, 1), 2, 14000, 616),
    NEWEST: (date(2021, 11, 1), 3, 24723, 3287),
    "2024_unnamed_columns.csv": (date(2024, 9, 1), 2, 21697, 6937),
    "2025_no_total_row.csv": (date(2025, 6, 1), 1, 13040, 3806),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_same_tidy_frame(name: str):
    period, providers, attendances, over = LAYOUTS[name]
    published = read(MADE / name)
    frame = published.frame
    assert published.periods == (period,)
    assert dict(frame.schema) == {
        "period": pl.Date(),
        "org_code": pl.String(),
        "org_name": pl.String(),
        "region_code": pl.String(),
        "region_name": pl.String(),
        "department_type": pl.String(),
        "booked": pl.Boolean(),
        "attendances": pl.Int64(),
        "over_four_hours": pl.Int64(),
    }
    assert frame["org_code"].n_unique() == providers
    assert frame.select("org_code", "department_type", "booked").is_unique().all()
    assert frame["attendances"].sum() == attendances
    assert frame["over_four_hours"].sum() == over
    assert frame["org_name"].str.ends_with(" ").sum() == 0


def test_the_total_row_is_never_data():
    assert set(read(MADE / NEWEST).frame["org_code"]) == {"XA1", "XF7", "X01234"}


def test_booked_appointments_are_kept_apart_and_counted():
    frame = read(MADE / NEWEST).frame
    one = frame.filter(pl.col("org_code") == "XA1", pl.col("department_type") == "01")
    assert one.select("booked", "attendances", "over_four_hours").rows() == [
        (False, 9100, 3200),
        (True, 120, 14),
    ]


def test_the_other_measures_are_not_lost():
    admissions = read(MADE / NEWEST).companions["ae_monthly_admissions"]
    rows = admissions.filter(pl.col("org_code") == "XA1").select("measure", "department_type", "patients")
    assert rows.rows() == [
        ("emergency_admissions_via_ae", "01", 2700),
        ("emergency_admissions_via_ae", "02", 3),
        ("emergency_admissions_via_ae", "03", 22),
        ("other_emergency_admissions", None, 760),
        ("waited_12_hours_or_more_from_decision_to_admit", None, 85),
        ("waited_4_to_12_hours_from_decision_to_admit", None, 700),
    ]


def test_old_sub_regions_become_todays_regions_where_that_is_certain():
    published = read(MADE / "2018_sixteen_columns.csv")
    codes = dict(published.frame.select("org_code", "region_code").unique().iter_rows())
    assert codes == {"XA1": "Y63", "XB2": None, "XC3X1": "Y59"}
    assert [n.rule for n in published.notices] == ["total_holds", "region_ambiguous"]
    parents = dict(ae_monthly.organisations(published.frame).select("code", "parent").iter_rows())
    assert parents["XB2"] == regions.ENGLAND
    assert parents["XA1"] == "Y63"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("NHS ENGLAND SOUTH EAST ", "Y59"),
        ("NHS England  Midlands (West Midlands)", "Y60"),
        ("NHS ENGLAND NORTH (YORKSHIRE & HUMBER)", "Y63"),
        ("NHS ENGLAND SOUTH (WESSEX)", None),
        ("LONDON COMMISSIONING REGION", "Y56"),
        ("Y58", "Y58"),
        ("SOMEWHERE", None),
    ],
)
def test_region_names(name: str, code: str | None):
    assert regions.region_code(name) == code


class TestFieldTest:
    @pytest.fixture(autouse=True)
    def declared(self, monkeypatch: pytest.MonkeyPatch):
        months = (date(2019, 5, 1), date(2023, 5, 1))
        monkeypatch.setattr(tidy, "NOT_REPORTING", {"XF7": months, "X01234": months})

    def test_zeros_of_a_trust_in_the_test_mean_not_reported(self):
        published = read(MADE / NEWEST)
        rows = published.frame.filter(pl.col("org_code") == "XF7", pl.col("attendances") > 0)
        assert rows["attendances"].to_list() == [7300, 40, 1100]
        assert rows["over_four_hours"].to_list() == [None, None, None]
        assert "not_reported" in [notice.rule for notice in published.notices]

    def test_one_reported_wait_makes_its_zeros_zeros(self, altered: Callable[..., Path]):
        text = (MADE / NEWEST).read_bytes().decode()
        lines = text.split("\r\n")
        lines[2] = lines[2].replace("1100,40,0,0,0,", "1100,40,0,0,5,")
        path = altered((text, "\r\n".join(line for line in lines if "Total " not in line)))
        rows = read(path).frame.filter(pl.col("org_code") == "XF7", pl.col("attendances") > 0)
        assert rows["over_four_hours"].to_list() == [5, 0, 0]

    def test_outside_its_months_a_zero_is_a_zero(self):
        rows = read(MADE / "2024_unnamed_columns.csv").frame.filter(pl.col("org_code") == "XF7")
        assert rows["over_four_hours"].null_count() == 0


def test_the_declared_table_is_the_fourteen_trusts_and_one_successor():
    assert len(layout.NOT_REPORTING) == 15
    assert layout.NOT_REPORTING["RD3"][1] < layout.NOT_REPORTING["R0D"][0]


def test_an_undeclared_full_department_without_long_waits_is_remarked_on():
    notices = {notice.rule: notice for notice in read(MADE / NEWEST).notices}
    assert notices["doubtful_zero"].reason.startswith("XF7 ")
    assert notices["doubtful_zero"].severity == "warning"


def test_blank_and_dash_are_not_published_never_nought(altered: Callable[..., Path]):
    path = altered(
        (",3100,0,0,900,0,0,0,", ",3100,0,0,900,-,0,0,"),
        ("PADDOCK LANE URGENT CARE CENTRE ,0,", "PADDOCK LANE,,"),
    )
    published = read(path)
    rows = published.frame.filter(pl.col("org_code") == "X01234").select(
        "department_type", "booked", "attendances"
    )
    assert ("01", False) not in [row[:2] for row in rows.iter_rows()]
    assert "attendances_not_published" in [notice.rule for notice in published.notices]


def test_a_thousands_comma_is_understood(altered: Callable[..., Path]):
    assert read(altered((",9100,", ',"9,100",'))).frame["attendances"].sum() == 24723


REFUSALS = {
    "a renamed column": (("Attendances over 4hrs Type 2", "Attendances over 6hrs Type 2"),),
    "a count with a fraction": ((",9100,", ",9100.5,"),),
    "a negative count": ((",9100,", ",-9100,"),),
    "a word for a count": ((",9100,", ",many,"),),
    "a number spoilt": ((",9100,", ",9101,"),),
    "a month that is none": (("MSitAE-NOVEMBER-2021,XA1", "MSitAE-SMARCH-2021,XA1"),),
    "two months": (("MSitAE-NOVEMBER-2021,XA1", "MSitAE-OCTOBER-2021,XA1"),),
    "a code that is none": ((",XA1,", ",X-A1,"),),
    "no code": ((",XA1,", ",,"),),
    "one provider twice": ((",XF7,", ",XA1,"),),
    "a cell too many": ((",9100,", ",9100,1,"),),
    "a lost quote": ((",WOLDSIDE", ',"WOLDSIDE'),),
    "a total under another name": ((",Total ,", ",NULL,"),),
}
SAID = {
    "a renamed column": "'Attendances over 6hrs Type 2' is not known",
    "a count with a fraction": "row 2, column 'A&E attendances Type 1': '9100.5' is not a count",
    "a negative count": "'-9100' is not a count",
    "a word for a count": "'many' is not a count",
    "a number spoilt": "TOTAL row 5 says 16,400, the providers add up to 16,401",
    "a month that is none": "'MSitAE-SMARCH-2021' is not a month",
    "two months": "more than one month in it: October 2021 (row 2) and November 2021 (row 3)",
    "a code that is none": "'X-A1' is not an organisation code",
    "no code": "'' is not an organisation code",
    "one provider twice": "the organisation XA1 stands in rows 2 and 3",
    "a cell too many": "row 2 has 23 cells where the header has 22",
    "a lost quote": "row 2",
    "a total under another name": "row 5 (NULL) is the sum of all other rows",
}


@pytest.mark.parametrize("fault", REFUSALS)
def test_refused_by_name(fault: str, altered: Callable[..., Path]):
    said = refusal(altered(*REFUSALS[fault]))
    assert SAID[fault] in said
    assert said.startswith(NEWEST)


def test_a_missing_column_is_named(tmp_path: Path):
    lines = (MADE / NEWEST).read_bytes().decode().splitlines()
    path = tmp_path / "short.csv"
    path.write_text("\n".join(",".join(line.split(",")[:21]) for line in lines))
    assert "the column 'Other emergency admissions' is missing" in refusal(path)


def test_booked_columns_may_not_vanish_after_august_2020(altered: Callable[..., Path]):
    path = altered(("MSitAE-JUNE-2020", "MSitAE-JUNE-2024"), name="2020_sixteen_columns.csv")
    assert "booked appointments are missing" in refusal(path)


def test_every_row_doubled_is_refused_not_counted_twice(tmp_path: Path):
    header, *rows = (MADE / "2025_no_total_row.csv").read_text().splitlines()
    path = tmp_path / "doubled.csv"
    path.write_text("\n".join([header, *rows, *rows]))
    assert "the organisation XA1 stands in rows 2 and 3" in refusal(path)


def test_columns_in_another_order_give_the_same(tmp_path: Path):
    lines = [line.split(",") for line in (MADE / NEWEST).read_bytes().decode().splitlines()]
    path = tmp_path / "reordered.csv"
    path.write_text("\n".join(",".join(reversed(cells)) for cells in lines))
    assert read(path).frame.equals(read(MADE / NEWEST).frame)


def test_an_unnamed_column_with_values_is_refused(altered: Callable[..., Path]):
    path = altered((",520,,,,,,", ",520,,,1,,,"), name="2024_unnamed_columns.csv")
    assert "column '25' is not known" in refusal(path)
