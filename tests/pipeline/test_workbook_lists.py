"""Lists that come in workbooks: units shared among trusts, boards that merged, practices of networks."""

import csv
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from pipeline.delimited import read_text
from pipeline.load import load_files
from pipeline.reading import RefusedFile, examine
from pipeline.sources import acute_trust_mapping, icb_mergers, pcn_members, system_mapping
from pipeline.sources.successions import SYSTEMS
from pipeline.workbooks import Workbook, read_workbook
from tests.pipeline import made_workbook as made
from warehouse import organisations, records
from warehouse.home import Home

CLOSED = "2 of the existing ICB codes will be legally closed 31/03/2026 (but will remain active)"
LUTON = "NHS Bedfordshire, Luton and Milton Keynes ICB"
VALLEY = "NHS Thames Valley Integrated Care Board"
MERGERS = {
    "Summary": [
        [None, CLOSED],
        [None, "NHSE Region Code", "Current ICB Code", "Current ICB Name"],
        [None, "Y61", "QHG", LUTON],
        [None, "Y59", "QNQ", "NHS Frimley ICB"],
        [],
        [None, "NHSE Region Code", "New ICB Code (TBC)", "New ICB Name"],
    ],
    "SICBL Changes": [
        ["SICBL Codes"],
        [None, "Sub ICB Location Code", "Current Sub ICB Location Name", None, "New Sub ICB Location Name"],
        [None, "M1J4Y", f"{LUTON.upper()} - M1J4Y", None, "NHS CENTRAL EAST ICB - M1J4Y"],
        [],
        [None, "10Q", "a stranger's table below", None, "NHS NOWHERE ICB - 10Q"],
    ],
    "LSOA Changes": [
        ["LSOA11CD", "LSOA11NM", "ICB22NM", "ICB25NM"],
        ["E01000001", "A", "NHS Frimley Integrated Care Board", VALLEY],
        ["E01000002", "B", "NHS Frimley Integrated Care Board", VALLEY],
        ["E01000003", "C", "NHS Frimley Integrated Care Board", VALLEY],
        ["E01000004", "D", "NHS Frimley Integrated Care Board", "NHS Hampshire and Isle of Wight ICB"],
    ],
}  # fmt: skip
PARTNERS = [
    ["Partner\nOrganisation\nCode", "Partner\nName", "PCN Code", "PCN Name",
     "Practice to PCN\nRelationship\nStart Date", "Practice to PCN\nRelationship\nEnd Date"],
    ["A81001", "ONE SURGERY", "U00001", "NORTH PCN", "20191001", "20200331"],
    ["A81001", "ONE SURGERY", "U00002", "SOUTH PCN", "20200401", ""],
    ["A81002", "TWO SURGERY", "U00002", "SOUTH PCN", "20191001", ""],
]  # fmt: skip
NETWORKS = [
    ["PCN Code", "PCN Name", "Open Date", "Close Date"],
    ["U00001", "NORTH PCN", "20191001", ""],
    ["U00003", "EMPTY PCN", "20191001", ""],
]


def changed(content: dict[str, made.Rows], sheet: str, row: int, column: int, cell: object) -> Workbook:
    copy = {name: [list(one) for one in rows] for name, rows in content.items()}
    copy[sheet][row][column] = cell
    return made.as_read("list.xlsx", copy)


def refusal(read, book: Workbook) -> str:
    with pytest.raises(RefusedFile) as refused:
        read(book)
    assert all(reason.startswith("list.xlsx: ") for reason in refused.value.reasons)
    return " ".join(refused.value.reasons)


def test_units_are_shared_by_the_fractions_of_the_workbooks_month():
    said = acute_trust_mapping.read_workbook(made.as_read("list.xlsx", made.sheets()))
    shares = said.frame.select("code", "acute_code", "fraction").sort("code", "acute_code")
    assert shares.rows() == sorted(made.SHARES)
    assert said.periods == (date(2025, 6, 1),)


def test_the_published_footprints_are_held_to_the_fractions():
    said = acute_trust_mapping.read_workbook(made.as_read("list.xlsx", made.sheets()))
    assert [one.rule for one in said.notices] == ["units_shared", "footprint_agrees"]
    content = made.sheets()
    row = next(row for row in content["Acute Trust Footprint Data"] if "RX2" in row)
    row[6] += 0.5
    said = acute_trust_mapping.read_workbook(made.as_read("list.xlsx", content))
    [notice] = [one for one in said.notices if one.rule == "footprint_differs"]
    assert (notice.rows, notice.severity) == (1, "warning")
    assert "RX2" in notice.reason


def of_systems(content: dict[str, made.Rows]) -> list[tuple[str, str, str]]:
    said = system_mapping.read_workbook(made.as_read("list.xlsx", content))
    return [(one.rule, one.severity, one.reason) for one in said.notices if one.rule.startswith("systems_")]


def test_the_published_systems_are_held_to_the_sums_of_their_providers():
    assert of_systems(made.sheets()) == []
    content = {"System Level Data": made.by_system_sheet(), **made.sheets()}
    agrees = "The 2 systems of the sheet 'System Level Data' are the sums of their providers."
    assert of_systems(content) == [("systems_agree", "info", agrees)]
    # Market Street UTC, listed under the other system: both are wrong then.
    row = next(row for row in content["System Mapping"] if row[0] == "AX901")
    row[1], row[3] = "Midlands Commissioning Region", made.SYSTEMS["RX2"]
    [(rule, severity, reason)] = of_systems(content)
    assert (rule, severity) == ("systems_differ", "warning")
    assert "2 system(s)" in reason
    assert "QJM, QMF" in reason
    row[3] = "NHS Elsewhere Integrated Care Board"
    [(rule, _, reason)] = of_systems(content)
    assert rule == "systems_differ"
    assert "QMF, organisations of none" in reason


def test_systems_that_cannot_be_read_are_said_and_refuse_nothing():
    content = {"System Level Data": made.by_system_sheet(), **made.sheets()}
    row = next(row for row in content["System Level Data"] if "QMF" in row)
    row[3] = "many"
    [(rule, severity, reason)] = of_systems(content)
    assert (rule, severity) == ("systems_not_compared", "warning")
    assert "'many' is not a count" in reason


@pytest.mark.parametrize(
    ("row", "column", "cell", "sentence"),
    [
        (6, 5, 0.61, "the fractions of AX901 add up to 0.990000, not to 1"),
        (6, 5, 1.2, "'1.2' is not a fraction above 0, up to 1"),
        (6, 5, "most", "'most' is not a fraction"),
        (6, 3, "RX2", "AX901 is shared with RX2 in rows 7 and 8, not once"),
        (3, 5, "Share", "the column 'proportion of attends acute 1' is missing"),
    ],
)
def test_fractions_that_cannot_be_right_are_refused(row: int, column: int, cell: object, sentence: str):
    book = changed(made.sheets(), "Acute Trust Mapping", row, column, cell)
    assert sentence in refusal(acute_trust_mapping.read_workbook, book)


def test_a_list_of_fractions_takes_its_month_from_its_name(tmp_path: Path):
    lines = [["Code", "Name", "Acute Code", "Acute trust 1", "Proportion of Attends Acute 1"]]
    lines += [[code, "A unit", trust, "A trust", str(part)] for code, trust, part in made.SHARES]
    for name in ("fractions_2026-05.csv", "fractions.csv"):
        with (tmp_path / name).open("w", newline="") as stream:
            csv.writer(stream).writerows(lines)
    read = acute_trust_mapping.read(read_text(examine(tmp_path / "fractions_2026-05.csv")))
    assert read.periods == (date(2026, 5, 1),)
    with pytest.raises(RefusedFile, match="the fractions say no month"):
        acute_trust_mapping.read(read_text(examine(tmp_path / "fractions.csv")))


def test_boards_merge_whole_or_by_their_areas():
    frame = icb_mergers.read_workbook(made.as_read("list.xlsx", MERGERS)).frame
    assert frame.select("code", "heir", "since", "divided", "fraction", "parts").rows() == [
        ("QHG", "S1Y5D", date(2026, 4, 1), False, 1.0, "M1J4Y"),
        ("QNQ", "QRL", date(2026, 4, 1), True, 0.25, None),
        ("QNQ", "S0E4D", date(2026, 4, 1), True, 0.75, None),
    ]


def test_mergers_that_do_not_agree_are_refused():
    read = icb_mergers.read_workbook
    assert "3 boards are said to close" in refusal(
        read, changed(MERGERS, "Summary", 0, 1, CLOSED.replace("2 of", "3 of"))
    )
    assert "what closes and what goes to another board differ: QHG, QUE" in refusal(
        read, changed(MERGERS, "Summary", 2, 2, "QUE")
    )
    assert "is called 'NHS MIDDLE EARTH ICB'" in refusal(
        read, changed(MERGERS, "SICBL Changes", 2, 4, "NHS MIDDLE EARTH ICB - M1J4Y")
    )
    assert "does not say, once" in refusal(read, changed(MERGERS, "Summary", 0, 1, "Boards close"))


def test_memberships_end_before_their_first_day_out():
    said = pcn_members.read_workbook(
        made.as_read("list.xlsx", {"PCNDetails": NETWORKS, "Partners": PARTNERS})
    )
    assert said.frame.select("practice_code", "pcn_code", "valid_from", "valid_to").rows() == [
        ("A81001", "U00001", date(2019, 10, 1), date(2020, 4, 1)),
        ("A81001", "U00002", date(2020, 4, 1), None),
        ("A81002", "U00002", date(2019, 10, 1), None),
    ]
    assert {one.rule: one.rows for one in said.notices} == {
        "network_not_listed": 1,
        "network_without_practice": 1,
    }


@pytest.mark.parametrize(
    ("row", "column", "cell", "sentence"),
    [
        (1, 2, "X1", "'X1' is not a primary care network's code"),
        (1, 4, "soon", "'soon' is not a day such as 20191001"),
        (1, 5, "20180101", "is not a day after the membership began"),
        (0, 3, "Network", "the column 'Network' is not known"),
    ],
)
def test_memberships_that_cannot_be_right_are_refused(row: int, column: int, cell: object, sentence: str):
    book = changed({"Partners": PARTNERS}, "Partners", row, column, cell)
    assert sentence in refusal(pcn_members.read_workbook, book)


def test_one_workbook_brings_each_feed_it_holds(tmp_path: Path):
    home = Home.open(tmp_path / "home")
    path = made.write(tmp_path / "made.xlsx", made.sheets())
    reports = load_files(home, [path])
    found = {report.feed: (report.outcome, report.accepted) for report in reports}
    assert found["ae_monthly"] == ("accepted", 24)
    assert found["acute_trust_mapping"] == ("accepted", len(made.SHARES))
    assert {report.outcome for report in load_files(home, [path])} == {"already loaded"}
    assert records.read(home, "acute_trust_mapping")["period"].unique().to_list() == [date(2025, 6, 1)]
    home.close()


@pytest.mark.published
def test_the_real_lists_are_read_to_the_last_row(published: Path):
    folder = published.parent / "reference" / "ods"

    def cells(path: Path, sheet: str) -> list[tuple[object, ...]]:
        return list(openpyxl.load_workbook(path, read_only=True)[sheet].iter_rows(values_only=True))

    networks = folder / "ePCN_2023-02.xlsx"
    frame = pcn_members.read_workbook(read_workbook(examine(networks))).frame
    theirs = {(row[0], row[4], row[8]) for row in cells(networks, "PCN Core Partner Details")[1:] if row[0]}
    ours = frame.select("practice_code", "pcn_code", pl.col("valid_from").dt.strftime("%Y%m%d")).rows()
    assert set(ours) == theirs
    assert len(ours) == len(theirs) == 7455

    mergers = icb_mergers.read_workbook(read_workbook(examine(next(folder.glob("ODS Change*.xlsx"))))).frame
    known = {code: (heir, since) for code, heir, since in SYSTEMS}
    assert set(mergers["code"]) == set(known)
    assert len(known) == 12
    for code, heir, since, divided in mergers.select("code", "heir", "since", "divided").iter_rows():
        assert known[code] == (None if divided else heir, since)
    frimley = {row["heir"]: row["fraction"] for row in mergers.filter(code="QNQ").iter_rows(named=True)}
    assert frimley == {"S0E4D": 244 / 440, "S9B9J": 95 / 440, "QRL": 101 / 440}

    for path in published.glob("ae_workbooks/*.xls"):
        shared = acute_trust_mapping.read_workbook(read_workbook(examine(path)))
        assert {one.rule for one in shared.notices} == {"units_shared", "footprint_agrees"}
        boards = system_mapping.read_workbook(read_workbook(examine(path)))
        assert [one.rows for one in boards.notices if one.rule == "systems_agree"] == [42]

    fractions = folder / "derived_acute_trust_mapping_from_AE_2026-05_xls.csv"
    assert acute_trust_mapping.read(read_text(examine(fractions))).frame.height == 212


def test_boards_named_in_a_workbook_have_their_codes_and_its_month(tmp_path: Path):
    frame = system_mapping.read_workbook(made.as_read("list.xlsx", made.sheets())).frame
    assert frame.select("period", "code", "system_code", "region_code").sort("code").rows() == [
        (date(2025, 6, 1), "AX901", "QMF", "Y56"),
        (date(2025, 6, 1), "AX902", "QMF", "Y56"),
        (date(2025, 6, 1), "RX1", "QMF", "Y56"),
        (date(2025, 6, 1), "RX2", "QJM", "Y60"),
    ]


def test_a_board_that_is_not_known_is_kept_by_name_and_said(tmp_path: Path):
    book = changed(made.sheets(), "System Mapping", 2, 3, "NHS Middle Earth Integrated Care Board")
    said = system_mapping.read_workbook(book)
    assert said.frame.filter(code="RX2").select("system_code", "system_name").row(0) == (
        None,
        "NHS Middle Earth Integrated Care Board",
    )
    [notice] = said.notices
    assert (notice.rule, notice.rows, notice.severity) == ("board_unknown", 1, "warning")
    [provider] = system_mapping.organisations(said.frame).filter(code="RX2").iter_rows(named=True)
    assert provider["parent"] == "Y60"


def test_the_list_of_the_newest_month_stands_whatever_is_loaded_last(tmp_path: Path):
    home = Home.open(tmp_path / "home")
    older = made.sheets("September 2024")
    older["System Mapping"][1][3] = "NHS Kent and Medway Integrated Care Board"
    paths = [
        made.write(tmp_path / "newer.xlsx", made.sheets()),
        made.write(tmp_path / "older.xlsx", older),
    ]
    load_files(home, paths)
    held = records.read(home, "system_mapping")
    assert sorted(held["period"].unique()) == [date(2024, 9, 1), date(2025, 6, 1)]
    assert held.filter(code="RX1").sort("period")["system_code"].to_list() == ["QKS", "QMF"]
    known = organisations.read(home, "published")
    assert known.filter(code="RX1")["parent"].to_list() == ["QMF"]
    home.close()


@pytest.mark.published
def test_the_real_mappings_name_every_board_by_its_code(published: Path):
    folder = published.parent / "reference" / "ods"
    listed = system_mapping.read(read_text(examine(folder / "System-Mapping.csv"))).frame
    coded = dict(listed.select(pl.col("system_name").str.to_lowercase(), "system_code").iter_rows())
    for path in published.glob("ae_workbooks/*.xls"):
        said = system_mapping.read_workbook(read_workbook(examine(path)))
        assert said.frame["system_code"].null_count() == 0
        assert (
            dict(said.frame.select(pl.col("system_name").str.to_lowercase(), "system_code").iter_rows())
            == coded
        )
    merged = system_mapping.read(
        read_text(examine(folder / "derived_system_mapping_from_AE_2026-05_xls.csv"))
    )
    assert merged.periods == (date(2026, 5, 1),)
    assert merged.frame["system_code"].null_count() == 0
    assert {"S1Y5D", "D7T5G", "T6Y0W", "Z9B2Z", "S0E4D", "S9B9J"} <= set(merged.frame["system_code"])
