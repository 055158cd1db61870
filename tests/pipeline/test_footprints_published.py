"""Real A&E files and the real list of successions: both footprints against an oracle of the csv module."""

import csv
import io
import json
import shlex
import shutil
from collections import defaultdict
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.load import load_files
from pipeline.observe_published import PublishedObserver
from warehouse import observations, submissions
from warehouse.home import Home

pytestmark = pytest.mark.published
FILES = (
    "2018-04__*", "2019-06__*", "2020-06__*", "2021-03__*", "2022-03__*", "2022-04__*", "2023-03__*",
    "2024-12__*", "2025-06__*",
)  # fmt: skip
FIRST = date(2018, 4, 1)
Figures = dict[tuple[str, date], tuple[float | None, float | None]]


def load(home: Home, *paths: Path) -> None:
    observer = PublishedObserver(home)
    reports = load_files(home, paths, after_published=observer)
    observer.settle()
    assert [report.reasons for report in reports if report.outcome == "refused"] == []


def files(published: Path) -> list[Path]:
    return [next(iter(sorted((published / "ae_monthly").glob(name)))) for name in FILES]


def successions(published: Path) -> Path:
    return published.parent / "reference" / "geography" / "lookup_trust_trust.csv"


def figures(home: Home, footprint: str = "today", level: str = "provider") -> Figures:
    found = observations.read(
        home, "four_hour_ed", levels=[level], basis="published", footprint=footprint
    ).select("organisation", "period", "numerator", "denominator")
    return {(code, period): (n, d) for code, period, n, d in found.iter_rows()}


def oracle(paths: list[Path]) -> dict[tuple[str, date], tuple[int, int]]:
    """Provider and month -> attendances and over four hours, by the csv module alone."""
    found = {}
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                code = (row["Org Code"] or "").strip()
                if not code or code.lower() == "total" or row["Org name"].strip().lower() == "total":
                    continue
                seen = sum(int(v) for k, v in row.items() if "A&E attendances" in k)
                over = sum(int(v) for k, v in row.items() if "ttendances over 4hrs" in k)
                found[code, date.fromisoformat(f"{path.name[:7]}-01")] = (seen, over)
    return found


@pytest.fixture(scope="module")
def home(published: Path, tmp_path_factory) -> Home:
    """The files first, the list afterwards."""
    home = Home.open(tmp_path_factory.mktemp("footprints"))
    load(home, *files(published))
    load(home, successions(published))
    return home


def held_to(found: Figures, expected: dict[tuple[str, date], tuple[int, int]]) -> None:
    assert found.keys() == expected.keys()
    for key, (seen, over) in expected.items():
        n, d = found[key]
        assert d == seen or (d is None and not seen), key
        assert n is None or n == seen - over, key


def test_with_no_list_every_provider_keeps_its_own_history(published: Path, tmp_path: Path):
    home = Home.open(tmp_path)
    some = [files(published)[0], files(published)[-1]]
    load(home, *some)
    for footprint in ("today", "as_was"):
        held_to(figures(home, footprint), oracle(some))
    home.close()


def test_as_it_was_every_provider_and_month_is_as_published(home: Home, published: Path):
    held_to(figures(home, "as_was"), oracle(files(published)))


def test_today_the_real_mergers_are_sums_of_their_parts(home: Home, published: Path):
    was, today = oracle(files(published)), figures(home)
    for heir, parts in (
        ("R0B", ("RLN", "RE9")), ("R0D", ("RD3", "RDZ")), ("RH5", ("RA4", "RH5")), ("RH8", ("RBZ", "RH8")),
        ("RAL", ("RAP", "RAL")),
    ):  # fmt: skip
        seen = sum(was[code, FIRST][0] for code in parts)
        over = sum(was[code, FIRST][1] for code in parts)
        assert today[heir, FIRST] == (seen - over, seen), heir
        assert not {code for code, _ in today} & (set(parts) - {heir})
    assert today["R0B", date(2019, 6, 1)][1] == was["R0B", date(2019, 6, 1)][0]


def test_a_part_in_the_field_test_leaves_the_merged_trust_unreported(home: Home, published: Path):
    june = date(2019, 6, 1)
    was, today = oracle(files(published)), figures(home)
    assert today["R0D", june] == (None, was["RD3", june][0] + was["RDZ", june][0])


def test_england_is_the_sum_of_regions_and_of_providers_on_either_footprint(home: Home, published: Path):
    for footprint in ("today", "as_was"):
        england = figures(home, footprint, "england")
        sums: dict[str, dict[date, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        for level in ("region", "provider"):
            for (_, period), (n, d) in figures(home, footprint, level).items():
                if n is not None:
                    sums[level][period][0] += n
                    sums[level][period][1] += d
        for (_, period), (n, d) in england.items():
            assert sums["region"][period] == [n, d], (footprint, period)
            if not any(x is None for (_, p), (x, _) in figures(home, "today").items() if p == period):
                assert sums["provider"][period] == [n, d], (footprint, period)
    assert figures(home, "today", "england") == figures(home, "as_was", "england")


def test_codes_that_went_on_reporting_are_told_beside_the_list(home: Home):
    found = submissions.findings(home).filter(rule="reports_after_succession")
    reason = " ".join(found["reason"])
    assert "RY1 reported to April 2018, though RW4 took over on 31 March 2018" in reason
    assert set(found["feed"]) == {"ods_successions"}


def test_the_order_of_loading_is_no_matter(home: Home, published: Path, tmp_path: Path):
    other = Home.open(tmp_path)
    load(other, successions(published))
    load(other, *reversed(files(published)[:4]))
    load(other, *files(published)[4:])
    for footprint in ("today", "as_was"):
        assert figures(other, footprint) == figures(home, footprint)
    other.close()


def test_the_command_gives_either_footprint(home: Home):
    def asked(*more: str) -> dict[str, float]:
        wanted = ["observations", "--indicator", "four_hour_ed", "--level", "provider", "--from", "2018-04"]
        wanted += ["--to", "2018-04", "--basis", "published", "--format", "json", "--home", str(home.path)]
        result = CliRunner().invoke(app, [*wanted, *more])
        assert result.exit_code == 0, result.output
        return {row["organisation"]: row["denominator"] for row in json.loads(result.stdout)}

    today, was = asked(), asked("--footprint", "as-was")
    assert today["R0B"] == was["RLN"] + was["RE9"]
    assert "R0B" not in was
    assert not {"RLN", "RE9"} & today.keys()
    assert sum(today.values()) == sum(was.values())


def test_standings_and_signals_are_of_todays_organisations(home: Home):
    from warehouse import signals, standings

    for store in (standings, signals):
        codes = set(store.read(home, "four_hour_ed", levels=["provider"], basis="published")["organisation"])
        assert codes == {code for code, _ in figures(home)}


def test_nothing_is_counted_twice_on_the_way(home: Home):
    found = observations.read(home, "four_hour_ed", basis="published", breakdown=None)
    keys = ["level", "organisation", "period", "breakdown", "category"]
    assert not found.select(keys).is_duplicated().any()
    assert isinstance(found, pl.DataFrame)


def test_a_merger_proposes_limits_begun_afresh_until_somebody_decides(home: Home, tmp_path: Path):
    def asked(*arguments: str) -> list[dict[str, str]]:
        done = CliRunner().invoke(app, [*arguments, "--home", str(copy)])
        assert done.exit_code == 0, done.output
        return list(csv.DictReader(io.StringIO(done.stdout)))

    copy = tmp_path / "home"
    shutil.copytree(home.path, copy)
    proposed = {row["organisation"]: row for row in asked("notes", "--proposed")}
    assert proposed["R0B"]["reason"] == "RE9, RLN merged into R0B, April 2019"
    command = shlex.split(proposed["R0B"]["command"])
    assert command[0] == "targets"
    asked(*command[1:])
    assert "R0B" not in {row["organisation"] for row in asked("notes", "--proposed")}
    assert asked("notes", "--format", "csv")[0]["organisation"] == "R0B"
