"""A process killed in the middle of a write leaves what was there before."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import polars as pl
import pytest
from observed import JUNE, at, observed, values

from warehouse import observations, records, runs
from warehouse.home import Home


def killed(program: str, *arguments: str, after: float = 0) -> None:
    """Run a program that says "now" when it is half way, and kill it there, or so many seconds after."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), *arguments], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "now\n"
    time.sleep(after)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=10)
    process.stdout.close()


HALF_WAY = """
    import sys, time
    import polars as pl
    from datetime import UTC, datetime
    from warehouse import frames, observations
    from warehouse.home import Home

    home = Home.open(sys.argv[1], sys.argv[2])
    add = frames.add

    def stop_after_adding(connection, table, frame):
        add(connection, table, frame)
        if table.name == "observation":
            print("now", flush=True)
            time.sleep(60)

    frames.add = stop_after_adding
    frame = observations.read(home).drop("organisation_name").with_columns(numerator=pl.lit(99.0))
    observations.write(home, frame, "made_up", "local", None, 1, datetime.now(UTC))
"""


def test_observations_killed_after_closing_and_adding(home, tmp_path, database_url):
    before = {(f"O{i}", JUNE): float(i) for i in range(2_000)}
    run_id = runs.start(home, "test")
    observations.write(home, observed(before), "made_up", "local", None, run_id, at(-500_000))
    killed(HALF_WAY, str(home.path), database_url)
    patient = Home.open(home.path, database_url, patience=20)
    assert values(observations.read(patient)) == before
    after = observations.write(patient, observed({("A", JUNE): 1}), "made_up", "local", None, run_id, at(-1))
    assert (after.closed, after.added) == (2_000, 1)
    patient.close()


HALF_A_MONTH = """
    import sys, time
    import polars as pl
    from warehouse import delta, records
    from warehouse.home import Home

    home = Home.open(sys.argv[1])

    def write_and_stop(*args, **how):
        # The data files are on disk; the log's commit, which is what counts, has not been made.
        from deltalake import DeltaTable
        folder = delta.place(home, "feed")
        pl.DataFrame({"id": ["half"]}).write_parquet(folder + "/period=2025-06-01/part-half.parquet")
        print("now", flush=True)
        time.sleep(60)

    delta.write_deltalake = write_and_stop
    records.replace_months(home, "feed", records.read(home, "feed").with_columns(id=pl.lit("new")))
"""


def test_records_killed_before_the_commit(local_home):
    frame = pl.DataFrame({"id": ["a", "b"], "period": [JUNE, JUNE]})
    records.replace_months(local_home, "feed", frame)
    killed(HALF_A_MONTH, str(local_home.path))
    assert records.read(local_home, "feed").equals(frame)
    assert records.rows_by_period(local_home, "feed") == {JUNE: 2}
    # Nor is the dead process's lock in the way.
    records.replace_months(local_home, "feed", frame.with_columns(id=pl.lit("c")))
    assert records.read(local_home, "feed")["id"].to_list() == ["c", "c"]


REPLACING = """
    import sys
    import polars as pl
    from warehouse import records
    from warehouse.home import Home

    home = Home.open(sys.argv[1])
    frame = records.read(home, "feed").with_columns(id=pl.lit("new"))
    print("now", flush=True)
    while True:
        records.replace_months(home, "feed", frame)
        frame = frame.with_columns(id=pl.col("id") + "w")
"""


@pytest.mark.parametrize("after", [0.01, 0.07, 0.2])
def test_records_killed_at_any_moment_are_all_old_or_all_new(local_home, after):
    frame = pl.DataFrame({"id": ["old"] * 50_000, "period": [JUNE] * 50_000})
    records.replace_months(local_home, "feed", frame)
    killed(REPLACING, str(local_home.path), after=after)
    found = records.read(local_home, "feed")
    assert found.height == 50_000
    assert found["id"].n_unique() == 1
