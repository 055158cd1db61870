"""What else rests in a home: quarantine, submissions, counts, standings, definitions, organisations, runs."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest
from observed import AUGUST, JULY, JUNE, observed

from metrics.indicators import all_indicators
from warehouse import (
    counts,
    definitions,
    freshness,
    organisations,
    quarantine,
    records,
    runs,
    standings,
    submissions,
)
from warehouse.series import KEYS

FINDINGS = pl.DataFrame(
    {
        "rule": ["departure after arrival", "volume"],
        "column": ["departure", None],
        "severity": ["warning", "info"],
    }
).with_columns(rows=pl.Series([2, None], dtype=pl.Int64), reason=pl.lit('because, "so"'))


def submit(home, sha256="abc", feed="feed", outcome="accepted", periods=(JUNE,), quarantined=0):
    return submissions.record(
        home,
        feed=feed,
        file_name="june.parquet",
        sha256=sha256,
        rows=10,
        accepted=10 - quarantined,
        quarantined=quarantined,
        outcome=outcome,
        reasons=["One row's “departure” is before its arrival."],
        contract_version="1.0.0",
        periods=periods,
        findings=FINDINGS,
        received_at=datetime(2026, 5, 14, tzinfo=UTC),
    )


def test_a_submission_is_found_by_its_content(home):
    assert submissions.find_by_hash(home, "abc") is None
    made = submit(home)
    found = submissions.find_by_hash(home, "abc")
    assert found is not None
    assert found["id"] == made
    assert found["reasons"] == ["One row's “departure” is before its arrival."]
    assert found["received_at"] == datetime(2026, 5, 14, tzinfo=UTC)
    assert submissions.periods_of(home, made) == [JUNE]


def test_one_that_was_not_refused_is_found_before_one_that_was(home):
    submit(home, outcome="refused")
    accepted = submit(home)
    submit(home, outcome="refused")
    found = submissions.find_by_hash(home, "abc")
    assert found is not None
    assert found["id"] == accepted


def test_submissions_and_findings_read_newest_first(home):
    assert submissions.read(home).schema == submissions.COLUMNS
    assert submissions.findings(home).schema == submissions.FINDINGS
    first, second = submit(home, "a"), submit(home, "b", feed="another")
    assert submissions.read(home)["id"].to_list() == [second, first]
    assert submissions.read(home, "feed")["id"].to_list() == [first]
    found = submissions.findings(home, first)
    assert found["rule"].to_list() == ["departure after arrival", "volume"]
    assert found["rows"].to_list() == [2, None]
    assert found["reason"][0] == 'because, "so"'
    assert submissions.findings(home)["submission_id"].to_list() == [second, second, first, first]


def test_quarantined_rows_are_kept_counted_and_read(home):
    bad = pl.DataFrame(
        {"id": ["a", "b"], "age": [-1, None], "rule": ["age", "age; sex"], "reason": ["too low", "both"]}
    )
    with home.writing():
        made = submit(home, quarantined=2)
        quarantine.keep(home, made, "feed", bad)
    second = submit(home, "b", feed="another", quarantined=1)
    quarantine.keep(home, second, "another", bad[:1].rename({"age": "patients"}))
    kept = quarantine.read(home, "feed")
    assert kept.sort("id").rows() == [
        (made, "feed", "age", "too low", "a", "-1"),
        (made, "feed", "age; sex", "both", "b", None),
    ]
    assert quarantine.count(home).rows() == [
        ("another", second, "age", 1),
        ("feed", made, "age", 2),
        ("feed", made, "sex", 1),
    ]
    assert quarantine.read(home).height == 3
    assert quarantine.read(home, submission_id=second)["patients"].to_list() == ["-1"]
    assert quarantine.read(home, "feed", submission_id=second).is_empty()


def test_keeping_the_same_quarantine_again_replaces_it(home):
    bad = pl.DataFrame({"id": ["a", "b"], "rule": ["age", "age"], "reason": ["", ""]})
    made = submit(home, quarantined=2)
    quarantine.keep(home, made, "feed", bad)
    quarantine.keep(home, made, "feed", bad)
    quarantine.keep(home, submit(home, "b", quarantined=2), "feed", bad)
    assert quarantine.read(home, "feed", made).height == 2
    assert quarantine.read(home, "feed").height == 4


@pytest.mark.parametrize(("feed", "aside"), [("feed", 0), ("another", 2)])
def test_rows_of_a_load_that_was_killed_are_not_those_of_the_next_with_its_number(home, feed, aside):
    bad = pl.DataFrame({"id": ["a", "b"], "rule": ["age", "age"], "reason": ["", ""]})
    with pytest.raises(RuntimeError), home.writing():
        orphan = submit(home, quarantined=2)
        quarantine.keep(home, orphan, "feed", bad)
        raise RuntimeError
    if home.engine.dialect.name == "sqlite":
        assert submit(home, "b", feed=feed, quarantined=aside) == orphan, "SQLite gives the number again"
    assert quarantine.read(home, "feed").is_empty()
    assert quarantine.read(home, submission_id=orphan).is_empty()
    assert quarantine.count(home).is_empty()


def test_no_quarantine_is_an_empty_frame(home):
    assert quarantine.read(home).schema == quarantine.KEPT
    assert quarantine.count(home, "feed").schema == quarantine.COUNTS
    quarantine.keep(home, 1, "feed", pl.DataFrame(schema={"rule": pl.String, "reason": pl.String}))
    assert quarantine.read(home, "feed").is_empty()


def counted(*cells: tuple[str, date, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"period": month, "neighbourhood_code": code, "numerator": n, "valid": n, "breakdown": "all"}
            for code, month, n in cells
        ],
        schema={
            **{name: dtype for name, dtype in counts.LEAST.items() if name not in ("indicator", "basis")},
            "valid": pl.Int64,
        },
    )


def numerators(frame: pl.LazyFrame) -> list[int]:
    return sorted(frame.collect()["numerator"])


def test_counts_are_replaced_by_indicator_basis_and_month(local_home):
    assert counts.read(local_home).collect().schema == counts.LEAST
    counts.replace(local_home, counted(("A", JUNE, 1), ("A", JULY, 2)), "one", "local", None)
    counts.replace(local_home, counted(("A", JUNE, 3)), "one", "published", None)
    counts.replace(local_home, counted(("A", JUNE, 4)), "two", "local", [JUNE])
    counts.replace(local_home, counted(("A", JULY, 5), ("B", JULY, 6)), "one", "local", [JULY, AUGUST])
    assert numerators(counts.read(local_home)) == [1, 3, 4, 5, 6]
    assert numerators(counts.read(local_home, "one", "local")) == [1, 5, 6]
    assert numerators(counts.read(local_home, "one", periods=[JUNE])) == [1, 3]
    counts.replace(local_home, counted(), "one", "local", [JULY])
    assert numerators(counts.read(local_home, "one", "local")) == [1]
    assert counts.read(local_home).collect()["valid"].sum() == 8


def test_counts_outside_their_months_or_without_a_column_are_refused(local_home):
    with pytest.raises(ValueError, match="outside the periods"):
        counts.replace(local_home, counted(("A", JUNE, 1)), "one", "local", [JULY])
    with pytest.raises(ValueError, match="counts lack provider_code"):
        counts.replace(local_home, counted(("A", JUNE, 1)).drop("provider_code"), "one", "local", None)


def stood(indicator: str, *organisations: str, basis: str = "local") -> pl.DataFrame:
    keys = observed({(code, JUNE): 1 for code in organisations}, indicator=indicator, basis=basis).select(
        KEYS
    )
    return keys.with_columns(
        *(pl.lit(None, dtype).alias(name) for name, dtype in standings.MEASURES.items())
    ).with_columns(
        latest_period=pl.lit(JUNE),
        gap=pl.lit(-0.0125),
        status_words=pl.lit("behind"),
        sparkline=pl.lit(pl.Series([[0.1 + 0.2, None, 1.0]])).first(),
    )


def test_standings_are_replaced_by_indicator_and_basis(home):
    empty = standings.read(home)
    run_id = runs.start(home, "test")
    standings.write(home, pl.concat([stood("one", "A", "B"), stood("two", "A")]), run_id)
    standings.write(home, stood("one", "A", basis="published"), run_id)
    standings.write(home, stood("one", "B", "C"), run_id)
    found = standings.read(home)
    assert found.schema == empty.schema
    assert found.select("indicator", "basis", "organisation").rows() == [
        ("one", "local", "B"),
        ("one", "local", "C"),
        ("one", "published", "A"),
        ("two", "local", "A"),
    ]
    assert found["sparkline"].to_list() == [[0.1 + 0.2, None, 1.0]] * 4
    assert found["gap"].to_list() == [-0.0125] * 4
    assert found["latest_period"].to_list() == [JUNE] * 4
    chosen = standings.read(home, "one", ["place"], ["A"], basis="published")
    assert chosen.height == 1


def test_definitions_keep_every_declared_field_and_every_version(home):
    declared = list(all_indicators().values())
    definitions.write(home, declared)
    found = definitions.read(home)
    assert found.schema == definitions.COLUMNS
    assert found["indicator"].to_list() == sorted(one.id for one in declared)
    first = declared[0]
    whole = definitions.declarations(home)[first.id]
    assert whole["meaning"] == first.meaning
    assert [target["due"] for target in whole["targets"]] == [t.due.isoformat() for t in first.targets]
    assert "events" not in whole
    definitions.write(home, [replace(first, version="next"), *declared[1:]])
    now = definitions.read(home).filter(indicator=first.id)
    assert now["version"].to_list() == ["next"]
    both = definitions.read(home, past=True).filter(indicator=first.id)
    assert sorted(both["version"]) == sorted([first.version, "next"])
    definitions.write(home, declared)
    assert definitions.read(home).equals(found)


def organisation(code: str, since: date, name: str) -> pl.DataFrame:
    dtypes = {name: dtype for name, dtype in organisations.COLUMNS.items() if name != "source"}
    row = {"code": code, "level": "provider", "name": name, "valid_from": since}
    return pl.DataFrame([{**row, "parent": None, "valid_to": None, "successor": None}], schema=dtypes)


def test_organisations_are_replaced_by_source(home):
    assert organisations.read(home).schema == organisations.COLUMNS
    organisations.write(home, organisation("A", JUNE, "Local"))
    organisations.write(home, organisation("A", JUNE, "Published"), "published")
    organisations.write(home, organisation("B", JUNE, "Local"))
    assert organisations.read(home)["code"].to_list() == ["B", "A"]
    organisations.add(home, organisation("A", JULY, "Later"))
    organisations.add(home, organisation("A", JUNE, "Corrected"))
    assert organisations.read(home, "published")["name"].to_list() == ["Corrected", "Later"]
    assert organisations.read(home, level="place").is_empty()
    twice = pl.concat([organisation("A", JUNE, "One"), organisation("A", JUNE, "Two")])
    with pytest.raises(ValueError, match="same day"):
        organisations.write(home, twice)


def test_runs_are_noted(home):
    assert runs.latest(home) is None
    assert runs.read(home).schema == runs.COLUMNS
    first = runs.start(home, "refresh")
    runs.finish(home, first, "done", "12 added")
    second = runs.start(home, "load")
    latest = runs.latest(home)
    assert latest is not None
    assert (latest["id"], latest["outcome"], latest["finished_at"]) == (second, "running", None)
    done = runs.latest(home, command="refresh", outcome="done")
    assert done is not None
    assert done["detail"] == "12 added"
    assert done["started_at"] <= done["finished_at"]
    assert done["finished_at"].tzinfo is not None


def test_freshness_is_what_was_accepted(home):
    assert freshness.read(home).schema == freshness.COLUMNS
    assert freshness.months(home).schema == freshness.MONTHS
    frame = pl.DataFrame({"id": ["a", "b", "c"], "period": [JUNE, JULY, JULY]})
    records.replace_months(home, "feed", frame)
    submit(home, "a", periods=(JUNE, JULY))
    later = submit(home, "b", periods=(JULY,))
    submit(home, "c", periods=(AUGUST,), outcome="refused")
    submit(home, "d", feed="snapshot", periods=())
    submit(home, "e", feed=None, periods=(), outcome="refused")
    received = datetime(2026, 5, 14, tzinfo=UTC)
    assert freshness.read(home).rows() == [("feed", JULY, 2, 3, received), ("snapshot", None, 0, 0, received)]
    assert freshness.months(home).filter(period=JULY)["submission_id"].to_list() == [later]
