"""Who took over from whom, and who belongs to whom: made lists, the real ones, and spoilt copies."""

import csv
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.delimited import header, read_text
from pipeline.load import load_files
from pipeline.reading import RefusedFile, examine
from pipeline.sources import SOURCES, ods_successions, system_mapping
from pipeline.sources.successions import SYSTEMS, follow
from tests.pipeline.spoiling import Cells, rename_column, spoil
from warehouse import organisations
from warehouse.home import Home

DATA = Path(__file__).parent.parent / "data"
LISTS = {
    "ods_successions": DATA / "ods_successions" / "four_codes.csv",
    "system_mapping": DATA / "system_mapping" / "three_boards.csv",
}
MUTATIONS = 500


def ours(feed: str, path: Path) -> set[tuple[object, ...]]:
    examined = examine(path)
    columns = header(examined)
    claiming = [name for name, source in SOURCES.items() if source.claims(columns)]
    if feed not in claiming:
        raise RefusedFile(f"{path.name}: not this list.")
    assert claiming == [feed]
    return set(SOURCES[feed].read(read_text(examined)).frame.drop("period", strict=False).iter_rows())


def theirs(feed: str, cells: Cells) -> set[tuple[object, ...]]:
    """What the cells say, read as plainly as can be."""
    rows = [
        {name.strip().lower(): " ".join(cell.split()) for name, cell in zip(cells[0], row, strict=True)}
        for row in cells[1:]
    ]
    if feed == "ods_successions":
        return {(row["old_code"], row["new_code"], date.fromisoformat(row["date"])) for row in rows}
    names = ("code", "name", "icb code", "icb name")
    where = {"london commissioning region": "Y56", "north west commissioning region": "Y62"}
    for row in rows:
        row["code"] = row["code"].upper()
    return {(*(row.get(name) for name in names), where.get(row["region name"].lower())) for row in rows}


def cells_of(path: Path) -> Cells:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


@pytest.mark.parametrize("feed", LISTS)
def test_a_list_is_read_whole(feed: str):
    assert ours(feed, LISTS[feed]) == theirs(feed, cells_of(LISTS[feed]))


REFUSED: dict[str, tuple[str, Callable[[Cells], object], str]] = {
    "a stranger": (
        "ods_successions",
        lambda c: c[0].__setitem__(2, "When"),
        "the column 'When' is not known",
    ),
    "no day": ("ods_successions", lambda c: c[1].__setitem__(2, "soon"), "'soon' is not a day"),
    "a circle": (
        "ods_successions",
        lambda c: c.extend([["RX1", "RX7", "2021-04-01"], ["RX7", "RX1", "2022-04-01"]]),
        "successions run in a circle: RX1, RX7",
    ),
    "twice": (
        "system_mapping",
        lambda c: c.append([*c[1][:3], "NHS X", c[1][4]]),
        "RX1 stands in rows 2 and 6, not once",
    ),
    "two names": (
        "system_mapping",
        lambda c: c[1].__setitem__(3, "NHS X"),
        "the board QX1 has several names",
    ),
    "no region": ("system_mapping", lambda c: c[1].__setitem__(4, "Wales"), "'Wales' is not a region"),
    "no board": ("system_mapping", lambda c: c[1].__setitem__(2, "London"), "'London' is not a code of an"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_right_is_refused_by_name(tmp_path: Path, case: str):
    feed, change, sentence = REFUSED[case]
    cells = cells_of(LISTS[feed])
    change(cells)
    path = tmp_path / "altered.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows(cells)
    with pytest.raises(RefusedFile) as refused:
        ours(feed, path)
    assert sentence in " ".join(refused.value.reasons)


@pytest.mark.parametrize("feed", LISTS)
def test_however_it_is_spoilt_it_is_refused_or_says_what_the_file_says(tmp_path: Path, feed: str):
    path = tmp_path / "spoilt.csv"
    original = LISTS[feed].read_text(encoding="utf-8")
    right = ours(feed, LISTS[feed])
    draw = random.Random(feed)
    for turn in range(MUTATIONS):
        way, cells, sent = spoil(original, draw)
        path.write_bytes(sent)
        try:
            found = ours(feed, path)
        except RefusedFile as error:
            assert all(reason.startswith("spoilt.csv: ") for reason in error.reasons), (turn, way)
            continue
        assert found == (right if way is rename_column else theirs(feed, cells)), (turn, way)


def there(*codes: tuple[str, str], since: date = date(2018, 4, 1)) -> pl.DataFrame:
    rows = [(code, level, code, "Y61", since, None, None) for code, level in codes]
    columns = ["code", "level", "name", "parent", "valid_from", "valid_to", "successor"]
    schema = dict.fromkeys(columns, pl.String) | {"valid_from": pl.Date, "valid_to": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def ends(found: pl.DataFrame) -> dict[str, tuple[date | None, str | None]]:
    return {code: (on, heir) for code, on, heir in found.select("code", "valid_to", "successor").iter_rows()}


def test_the_real_trust_mergers_are_followed():
    codes = ("RLN", "RE9", "R0B", "RD3", "RDZ", "R0D", "RA4", "RH5", "RBZ", "RH8", "RAP", "RAL")
    found = ends(follow(there(*((code, "provider") for code in codes))))
    heirs = {code: heir for code, (_, heir) in found.items() if heir}
    assert heirs == {
        "RLN": "R0B", "RE9": "R0B", "RD3": "R0D", "RDZ": "R0D", "RA4": "RH5", "RBZ": "RH8", "RAP": "RAL",
    }  # fmt: skip
    assert found["RAP"][0] == date(2025, 1, 1)
    assert found["RAL"] == (None, None)


def test_forty_two_boards_become_thirty_six():
    before = [f"Q{number:02d}" for number in range(30)] + [code for code, _, _ in SYSTEMS]
    found = follow(there(*((code, "system") for code in before)))
    assert len(before) == 42
    assert found.filter(pl.col("valid_to").is_null()).height == 36
    closed = ends(found.filter(pl.col("valid_to").is_not_null()))
    assert {on for on, _ in closed.values()} == {date(2026, 4, 1)}
    assert sorted(code for code, (_, heir) in closed.items() if heir is None) == ["QJG", "QM7", "QNQ"]
    new = found.filter(code="D7T5G").row(0, named=True)
    assert (new["name"], new["valid_from"]) == ("NHS Essex Integrated Care Board", date(2026, 4, 1))


def test_a_divided_code_has_no_successor_and_a_list_adds_to_what_is_known():
    rows = [
        ("RX2", "RX1", date(2020, 10, 1)),
        ("RX9", "RX1", date(2021, 4, 1)),
        ("RX9", "RX3", date(2021, 4, 1)),
        ("RLN", "RX1", date(2021, 4, 1)),
        ("RX3", "RX1", date(1994, 4, 1)),
        ("RX8", "RX8", date(2021, 4, 1)),
        ("RX8", "RX1", date(2021, 4, 1)),
    ]
    listed = pl.DataFrame(rows, {"code": pl.String, "heir": pl.String, "since": pl.Date}, orient="row")
    codes = ("RX1", "RX2", "RX3", "RX8", "RX9", "RLN")
    found = ends(follow(there(*((code, "provider") for code in codes)), listed))
    assert found == {
        "RX1": (None, None),
        "RX2": (date(2020, 10, 1), "RX1"),
        "RX3": (None, None),
        "RX8": (None, None),
        "RX9": (date(2021, 4, 1), None),
        "RLN": (date(2019, 4, 1), "R0B"),
    }


def test_loaded_lists_name_boards_and_successors(tmp_path: Path):
    home = Home.open(tmp_path / "home")
    reports = load_files(home, [*LISTS.values(), DATA / "ods_trusts" / "five_trusts.csv"])
    assert {report.outcome for report in reports} == {"accepted"}
    held = {row["code"]: row for row in organisations.read(home, "published").iter_rows(named=True)}
    assert held["QX1"]["name"] == "NHS Northtown, Southtown Integrated Care Board"
    assert held["Y99901"]["parent"] == "QX1"
    assert (held["RX2"]["valid_to"], held["RX2"]["successor"]) == (date(2020, 10, 1), "RX1")
    home.close()


@pytest.mark.published
def test_the_real_lists_are_read_to_the_last_row(published: Path):
    folder = published.parent / "reference"
    trusts = folder / "geography" / "lookup_trust_trust.csv"
    found = ours("ods_successions", trusts)
    assert found == theirs("ods_successions", cells_of(trusts))
    assert {("RBZ", "RH8", date(2022, 4, 1)), ("RD3", "R0D", date(2020, 10, 1))} <= found
    boards = system_mapping.read(read_text(examine(folder / "ods" / "System-Mapping.csv"))).frame
    rows = cells_of(folder / "ods" / "System-Mapping.csv")[1:]
    assert dict(boards.select("code", "system_code").iter_rows()) == {
        row[0].strip().upper(): row[2] for row in rows
    }
    assert boards["system_code"].n_unique() == 42
    assert ods_successions.claims(("old_code", "new_code", "date"))
