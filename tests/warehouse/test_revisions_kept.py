"""Revisions are read back from what was known: neither first arrivals nor moved targets are among them."""

from datetime import date

import polars as pl
import pytest
from observed import AUGUST, JULY, JUNE, at, observed

from metrics.footprint import AS_WAS, apart
from metrics.indicators import all_indicators
from warehouse import observations, revisions, runs, submissions

SHARE = next(one for one in all_indicators().values() if one.kind == "proportion" and one.published)
SAME = {"indicator": SHARE.id, "basis": "published"}


@pytest.fixture
def write(home):
    run_id = runs.start(home, "test")

    def go(minutes: int, values, periods, **same):
        frame = observed(values, **SAME, **same)
        observations.write(home, frame, SHARE.id, "published", periods, run_id, at(minutes))

    return go


def seen(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    columns = ("organisation", "period", "kind", "numerator_before", "numerator_after", "known_at")
    return frame.select(columns).sort(columns[-1], *columns[:2]).rows()


def test_first_arrivals_and_moved_targets_are_no_revisions(home, write):
    write(0, {("A", JUNE): 6}, [JUNE])
    write(1, {("A", JULY): 5}, [JULY])
    write(2, {("A", JUNE): 6}, [JUNE], target=0.5, path=0.4)
    write(3, {("B", AUGUST): 1}, [AUGUST])
    assert revisions.read(home, SHARE).is_empty()
    assert revisions.indicators(home) == [SHARE.id], "something is known otherwise than it was: its target"


def test_every_step_is_kept_with_when_and_what_it_was(home, write):
    write(0, {("A", JUNE): 6, ("B", JUNE): 4}, [JUNE])
    write(1, {("A", JUNE): 7, ("B", JUNE): 4}, [JUNE])
    write(2, {("A", JUNE): 7, ("B", JUNE): 4}, [JUNE], target=0.5)
    write(3, {("A", JUNE): 8}, [JUNE], target=0.5)
    write(4, {("A", JUNE): 8, ("B", JUNE): 3}, [JUNE], target=0.5)
    got = revisions.read(home, SHARE)
    assert tuple(got.columns) == revisions.COLUMNS
    assert seen(got) == [
        ("A", JUNE, "revised", 6.0, 7.0, at(1)),
        ("A", JUNE, "revised", 7.0, 8.0, at(3)),
        ("B", JUNE, "withdrawn", 4.0, None, at(3)),
        ("B", JUNE, "added", None, 3.0, at(4)),
    ]
    assert seen(revisions.read(home, SHARE, as_known_on=at(2))) == seen(got)[:1]
    assert seen(revisions.read(home, SHARE, organisations=["B"])) == seen(got)[2:]
    assert revisions.read(home, SHARE, start=JULY).is_empty()
    assert revisions.read(home, SHARE, levels=["region"]).is_empty()


def test_each_names_the_file_that_brought_it(home, write):
    def record(minutes: int, name: str, months: list[date], outcome: str = "accepted") -> int:
        return submissions.record(
            home, feed=SHARE.published_feeds[0], file_name=name, sha256=name * 8, rows=1, accepted=1,
            quarantined=0, outcome=outcome, periods=months, received_at=at(minutes),
        )  # fmt: skip

    record(0, "first.csv", [JUNE])
    write(0, {("A", JUNE): 6}, [JUNE])
    record(1, "another-month.csv", [JULY])
    record(2, "refused.csv", [JUNE], "refused")
    number = record(3, "second.csv", [JUNE])
    write(3, {("A", JUNE): 7}, [JUNE])
    record(4, "too-late.csv", [JUNE])
    row = revisions.read(home, SHARE).row(0, named=True)
    assert (row["file_name"], row["sha256"], row["files"]) == ("second.csv", "second.csv" * 8, 1)
    assert (row["submission_id"], row["received_at"], row["feed"]) == (
        number,
        at(3),
        SHARE.published_feeds[0],
    )
    assert row["known_before"] == at(0)


@pytest.fixture
def merge(home):
    """Writes both footprints in one moment, as a load does."""
    run_id = runs.start(home, "test")

    def go(minutes: int, today, as_was):
        scope = (SHARE.id, "published", [JUNE], run_id, at(minutes))
        frames = [observed(one, **SAME) for one in (as_was, today)]
        observations.write(home, frames[1], *scope)
        points = [one.drop("organisation_name", strict=False) for one in frames]
        observations.write(home, apart(*points), *scope, footprint=AS_WAS)

    return go


def test_what_a_merger_alone_moved_is_no_revision(home, merge):
    apart_yet = {("A", JUNE): 6, ("B", JUNE): 4}
    merge(0, apart_yet, apart_yet)
    merge(1, {("A", JUNE): 10}, apart_yet)
    assert revisions.read(home, SHARE).is_empty()
    merge(2, apart_yet, apart_yet)
    assert revisions.read(home, SHARE).is_empty(), "nor is taking the merger back"


def test_a_new_heir_is_no_revision(home, merge):
    apart_yet = {("A", JUNE): 6, ("B", JUNE): 4}
    merge(0, apart_yet, apart_yet)
    merge(1, {("C", JUNE): 10}, apart_yet)
    assert revisions.read(home, SHARE).is_empty()


def test_a_part_revised_after_the_merger_is_a_revision_of_the_whole(home, merge):
    apart_yet = {("A", JUNE): 6, ("B", JUNE): 4}
    merge(0, apart_yet, apart_yet)
    merge(1, {("A", JUNE): 10}, apart_yet)
    merge(2, {("A", JUNE): 11}, {("A", JUNE): 6, ("B", JUNE): 5})
    assert seen(revisions.read(home, SHARE)) == [("A", JUNE, "revised", 10.0, 11.0, at(2))]


def test_a_figure_revised_in_the_moment_of_the_merger_is_kept(home, merge):
    merge(0, {("A", JUNE): 6, ("B", JUNE): 4}, {("A", JUNE): 6, ("B", JUNE): 4})
    merge(1, {("A", JUNE): 11}, {("A", JUNE): 7, ("B", JUNE): 4})
    assert seen(revisions.read(home, SHARE)) == [("A", JUNE, "revised", 6.0, 11.0, at(1))]
