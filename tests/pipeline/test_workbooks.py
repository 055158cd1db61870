"""A workbook is read within its limits, or refused in one sentence that names it."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from pipeline.arrivals import Turned, arrive
from pipeline.load import load_files
from pipeline.reading import LIMITS, Limits, UnreadableFile, examine
from pipeline.workbook_cells import text
from pipeline.workbooks import read_workbook
from tests.pipeline import made_workbook as made
from warehouse.home import Home

CSV = Path(__file__).parent.parent / "data" / "system_mapping" / "three_boards.csv"


def saved(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def sentence(path: Path, limits: Limits = LIMITS) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_workbook(examine(path, limits), limits)
    assert refused.value.sentence.startswith(f"{path.name}: ")
    return refused.value.sentence


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (12.0, "12"),
        (0.1 + 0.2, "0.30000000000000004"),
        (True, "TRUE"),
        (date(2026, 4, 1), "2026-04-01"),
        (datetime(2026, 4, 1), "2026-04-01"),
        (datetime(2026, 4, 1, 9, 30), "2026-04-01 09:30:00"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
    ],
)
def test_cells_are_text_with_all_their_digits(cell: object, shown: str):
    assert text(cell) == shown


def test_sheets_keep_their_rows_columns_and_names(tmp_path: Path):
    path = saved(tmp_path / "book.xlsx", First=[[], [None, " a  b ", 3]], Second=[["x", None]])
    book = read_workbook(examine(path))
    assert [sheet.name for sheet in book.sheets] == ["First", "Second"]
    assert book.sheets[0].rows == (("", "", ""), ("", "a b", "3"))


def test_a_renamed_workbook_is_known_by_its_content(tmp_path: Path):
    path = saved(tmp_path / "book.csv", First=[["a", "b"], [1, 2]])
    assert examine(path).kind == "workbook"


def test_two_cells_in_opposite_corners_do_not_fill_the_memory(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "a", "b"
    book.save(tmp_path / "corners.xlsx")
    assert "span more cells than can be read" in sentence(tmp_path / "corners.xlsx")


def test_what_would_swell_is_not_unpacked(tmp_path: Path):
    path = saved(tmp_path / "bomb.xlsx", First=[["a", "b"], [1, 2]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image1.bin", b"0" * 30_000_000)
    assert "would unpack from" in sentence(path)


def test_sheets_cells_and_bytes_are_bounded(tmp_path: Path):
    path = saved(tmp_path / "book.xlsx", A=[["a"] * 10] * 10, B=[["b"] * 10] * 10)
    assert "it has 2 sheets; at most 1 are read" in sentence(path, Limits(workbook_sheets=1))
    assert "its sheets span over 150 cells" in sentence(path, Limits(workbook_cells=150))
    assert "at most 0 MiB is read" in sentence(path, Limits(workbook_bytes=100))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_cut_short(tmp_path: Path, share: float):
    whole = saved(tmp_path / "whole.xlsx", A=[["a", 1]] * 500).read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "damaged" in sentence(path)


def test_damaged_inside(tmp_path: Path):
    path = saved(tmp_path / "damaged.xlsx", A=[["a", 1]])
    with zipfile.ZipFile(path) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    content["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row><c r='A1'"
    with zipfile.ZipFile(path, "w") as parts:
        for name, part in content.items():
            parts.writestr(name, part)
    assert "the workbook is cut short or damaged" in sentence(path)


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        ("EncryptedPackage", "protected by a password"),
        ("WordDocument", "a document, not a table"),
        ("Workbook", "cut short or damaged"),
        ("", "cut short or damaged"),
    ],
)
def test_compound_files_are_told_apart(tmp_path: Path, stream: str, said: str):
    path = tmp_path / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + stream.encode("utf-16-le"))
    assert said in sentence(path)


def test_no_values(tmp_path: Path):
    assert "holds no values" in sentence(saved(tmp_path / "empty.xlsx", A=[]))


def test_a_strangers_workbook_is_told_what_was_looked_for(tmp_path: Path):
    path = saved(tmp_path / "holiday.xlsx", Plan=[["where", "when"], ["Wales", "May"]], Costs=[["what"]])
    [turned] = arrive(path, None, LIMITS)
    assert isinstance(turned, Turned)
    [reason] = turned.reasons
    assert "Its sheets: 'Plan', 'Costs'." in reason
    assert "Looked for, in the first 30 rows of each: the headers of" in reason
    assert "ae_monthly" in reason


def test_a_known_table_is_found_in_any_sheet_under_any_title(tmp_path: Path):
    table = [line.split(",") for line in ["Old Code,New Code,Date", "RX2,RX1,2020-10-01"]]
    path = saved(tmp_path / "list.xlsx", Notes=[["about"]], List=[["Successions"], [], *table])
    home = Home.open(tmp_path / "home")
    [report] = load_files(home, [path])
    assert (report.feed, report.outcome, report.accepted) == ("ods_successions", "accepted", 1)
    assert [report.outcome for report in load_files(home, [path])] == ["already loaded"]
    home.close()


def test_records_may_come_as_a_workbook(tmp_path: Path, demo_files: Path):
    sent = pl.read_parquet(demo_files / "neighbourhood_map.parquet")
    rows = [
        list(sent.columns),
        *([str(cell) if cell is not None else None for cell in row] for row in sent.rows()),
    ]
    path = saved(tmp_path / "map.xlsx", Sheet1=rows)
    home = Home.open(tmp_path / "home")
    [report] = load_files(home, [path])
    assert (report.feed, report.outcome, report.accepted) == ("neighbourhood_map", "accepted", sent.height)
    home.close()


def test_a_process_is_not_started_again_for_the_same_content(tmp_path: Path):
    path = made.write(tmp_path / "made.xlsx", made.sheets())
    examined = examine(path)
    assert read_workbook(examined) is read_workbook(examined)
