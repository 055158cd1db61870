"""The monthly Discharge Ready Date file and its traps, on small made files of invented organisations."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.delimited import read_text
from pipeline.reading import RefusedFile, examine
from pipeline.sources import SOURCES, drd
from pipeline.sources.months import month
from pipeline.sources.published import Published

MADE = Path(__file__).parent.parent / "data" / "drd"
SHORT, PLAIN, FULL = (
    "2024_short_date_a_trust_short.csv",
    "2024_no_regions.csv",
    "2025_every_data_type.csv",
)
READY = "between the Discharge Ready Date and Discharge Date"
NO_DELAY = f'"Number of patients discharged where, {READY}, there is No delay"'


def read(path: Path) -> Published:
    table = read_text(examine(path))
    assert [feed for feed, source in SOURCES.items() if source.claims(table.columns)] == ["drd"]
    return drd.read(table)


@pytest.fixture
def altered(tmp_path: Path) -> Callable[..., Path]:
    """A made file with some of its text replaced, once each."""

    def alter(*replacements: tuple[str, str], name: str = FULL) -> Path:
        text = (MADE / name).read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return alter


def refusal(path: Path) -> str:
    with pytest.raises(RefusedFile) as refused:
        read(path)
    return " ".join(refused.value.reasons)


def figures(said: Published, level: str) -> dict[str, tuple[int | None, ...]]:
    rows = said.frame.filter(level=level).select(
        "organisation_code", "discharges", "on_the_day", "delay_days"
    )
    return {code: tuple(counts) for code, *counts in rows.iter_rows()}


def rules(said: Published) -> set[str]:
    return {notice.rule for notice in said.notices}


def test_each_data_type_stands_at_its_own_level():
    said = read(MADE / FULL)
    assert said.periods == (date(2025, 3, 1),)
    assert figures(said, "england") == {"E92000001": (4683, 3935, 5712)}
    assert figures(said, "region") == {"Y56": (1393, 1152, 1535), "Y63": (3290, 2783, 4177)}
    assert figures(said, "system") == {
        "QX1": (1393, 1152, 1535),
        "QX2": (3290, 2783, 4177),
        "QX3": (0, 0, 0),
    }
    assert figures(said, "provider")["RX2"] == (54, 54, 0)
    assert figures(said, "place")["E06000901"] == (2341, 1967, 2856)
    assert said.frame.filter(level="england").row(0, named=True)["trusts"] == 5
    assert "regions_summed" not in rules(said)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Apr-24", date(2024, 4, 1)),
        ("May 2024", date(2024, 5, 1)),
        ("September 2024", date(2024, 9, 1)),
        ("Sept-24", date(2024, 9, 1)),
        ("01/06/2024", date(2024, 6, 1)),
        ("2024-06-01", date(2024, 6, 1)),
        ("2024-06", date(2024, 6, 1)),
        ("Apr", None),
        ("Aprx 2024", None),
        ("02/06/2024", None),
        ("13/2024", None),
        ("2024-13-01", None),
        ("May 1924", None),
        ("", None),
    ],
)
def test_months_in_every_style(text: str, meant: date | None):
    assert month(text) == meant


def test_marks_are_never_nought():
    said = read(MADE / FULL)
    mapped = said.frame.filter(level="provider_in_place")
    assert mapped.height == 12
    assert (
        mapped.select(pl.col("discharges", "on_the_day", "delay_days").is_null().all()).row(0) == (True,) * 3
    )
    assert set(mapped["place_code"]) == {"E06000901", "E10000902", "unattributed"}
    measures = said.companions[drd.MEASURES]
    assert set(measures["mark"].drop_nulls()) == {"[z]", "*", ":", "[x]", "-"}
    assert measures.filter(pl.col("mark").is_not_null())["value"].drop_nulls().is_empty()


@pytest.mark.parametrize("mark", ["[z]", "-", "*", ":", "[x]", ""])
def test_a_mark_for_a_count_is_not_published(altered: Callable[..., Path], mark: str):
    said = read(altered((f"NHS TRUST,{NO_DELAY},870", f"NHS TRUST,{NO_DELAY},{mark}")))
    assert figures(said, "provider")["RX4"] == (901, None, 77)
    assert "provider_sum_differs" in rules(said)


def test_a_month_short_of_a_trust_has_no_regions_but_keeps_england():
    said = read(MADE / SHORT)
    assert figures(said, "england") == {"E92000001": (3782, 3065, 5635)}
    assert figures(said, "region") == {}
    (warned,) = (notice for notice in said.notices if notice.severity == "warning")
    assert "add up to 3,728 of England's 3,782 discharges, from 2 of 3 trusts" in warned.reason


def test_regions_are_summed_where_providers_add_up_to_england():
    said = read(MADE / PLAIN)
    assert figures(said, "region") == {"Y56": (1393, 1152, 1535), "Y63": (2389, 1913, 4100)}
    assert "regions_summed" in rules(said)


def test_every_measure_is_kept_under_its_level():
    measures = read(MADE / FULL).companions[drd.MEASURES]
    shares = measures.filter(level="provider", measure="share_on_the_day")
    assert dict(shares.select("organisation_code", "value").iter_rows())["RX1"] == pytest.approx(1098 / 1339)
    assert measures["measure"].str.contains("1 day delay").sum() == 10


def test_organisations_at_every_level_once():
    found = drd.organisations(pl.concat([read(MADE / name).frame for name in (SHORT, FULL)]))
    assert found.select("level", "code").is_duplicated().sum() == 0
    assert dict(found.group_by("level").len().iter_rows()) == {
        "region": 2, "system": 3, "provider": 4, "place": 2,
    }  # fmt: skip
    first = found.filter(code="RX1").row(0, named=True)
    assert (first["parent"], first["valid_from"]) == ("Y56", date(2024, 4, 1))


def first_rows(path: Path, rows: int) -> Path:
    path.write_text("".join((MADE / FULL).read_text().splitlines(keepends=True)[: rows + 1]))
    return path


def test_the_first_rows_of_a_file_give_what_is_whole_in_them_and_say_so(tmp_path: Path):
    lines = (MADE / FULL).read_text().splitlines()
    regional = [at for at, line in enumerate(lines) if ",Regional," in line]
    for rows, levels in ((regional[0] + 1, {"england"}), (regional[-1], {"england", "region"})):
        said = read(first_rows(tmp_path / "first.csv", rows))
        assert said.part
        assert set(said.frame["level"]) == levels
        assert said.frame.filter(level="england").equals(read(MADE / FULL).frame.filter(level="england"))
        assert set(said.companions[drd.MEASURES]["level"]) == levels
        (told,) = (notice for notice in said.notices if notice.severity == "warning")
        assert told.rule == "part_of_a_file"
        assert (
            "no figures of Data Type ICB, Provider, UTLA Aggregate. Only what is whole was taken"
            in told.reason
        )


def test_a_part_without_all_of_england_is_refused(tmp_path: Path):
    assert refusal(first_rows(tmp_path / "first.csv", 3)) == (
        "first.csv: this is a part of a file: it has no figures of Data Type ICB, Provider, UTLA Aggregate, "
        "and England's are not all there. Send the whole file."
    )


def test_a_level_whose_rows_are_cut_off_is_not_taken_from_a_part(tmp_path: Path):
    path = tmp_path / "first.csv"
    lines = (MADE / FULL).read_text().splitlines(keepends=True)
    gone = [line for line in lines if ",UTLA Aggregate," not in line and ",RX4," not in line]
    path.write_text("".join(gone))
    levels = set(read(path).frame["level"])
    assert "provider" not in levels
    assert {"england", "region"} <= levels


REFUSED = {
    "unknown column": (("Measure,Value", "Measure,Value,Confidence"), "has 11 cells where the header has 12"),
    "renamed column": (("Data Type", "Kind"), "the column 'Kind' is not known in this publication"),
    "unknown data type": (("SUS,Regional", "SUS,Sub-regional"), "'Sub-regional' is not known"),
    "no month": (("March 2025", "Spring 2025"), "'Spring 2025' is not a month"),
    "words for a number": ((",4683", ",many"), "row 4, column 'Value': 'many' is not a number or a mark"),
    "below nought": ((",4683", ",-4683"), "'-4683' is not a number or a mark"),
    "half a patient": ((",4683", ",4683.5"), "'4683.5' is not a count"),
    "a percentage": ((",0.840273329", ",84.0273329"), "'84.0273329' is not a fraction of 1"),
    "no code": (("RX1,", ","), "'' is not an organisation's code at its level"),
    "another measure": (
        ("RX1,NORTHTOWN HOSPITALS NHS TRUST,Number of patients discharged in total",
         "RX1,NORTHTOWN HOSPITALS NHS TRUST,Discharges"),
        "RX1 has no row 'Number of patients discharged in total'",
    ),
    "more on the day": ((f"NHS TRUST,{NO_DELAY},870", f"NHS TRUST,{NO_DELAY},970"), "RX4 has more patients"),
    "england less than its parts": ((",4683", ",4600"), "rows are lost or doubled"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_right_is_refused_by_name(altered: Callable[..., Path], case: str):
    change, sentence = REFUSED[case]
    assert sentence in refusal(altered(change))


def test_a_row_twice_is_refused(altered: Callable[..., Path]):
    line = next(one for one in (MADE / FULL).read_text().splitlines() if "RX4" in one and "in total" in one)
    assert "stands in rows" in refusal(altered((line + "\n", line + "\n" + line + "\n")))


def test_a_share_that_is_not_the_counts_is_told(altered: Callable[..., Path]):
    said = read(altered((",0.840273329", ",0.850273329")))
    (told,) = (notice for notice in said.notices if notice.rule == "share_differs")
    assert told.severity == "warning"
    assert "E92000001" in told.reason
