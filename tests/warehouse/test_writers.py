"""Two writers at once: the second waits its turn, and says so plainly when the turn does not come."""

import threading

import polars as pl
import pytest
from observed import JUNE, at, observed

from warehouse import observations, records, runs
from warehouse.delta import place
from warehouse.errors import WarehouseBusyError
from warehouse.home import Home
from warehouse.lock import sole_writer


def test_a_second_writer_of_results_is_told_in_a_sentence(home, database_url):
    second = Home.open(home.path, database_url, patience=0.2)
    with (
        home.writing(),
        pytest.raises(WarehouseBusyError, match=r"^Another targets command is writing") as told,
    ):
        runs.start(second, "test")
    assert "\n" not in str(told.value)
    assert runs.start(second, "test") >= 1
    second.close()


def test_a_second_writer_of_results_waits_its_turn(home, database_url):
    second = Home.open(home.path, database_url, patience=20)
    begun = threading.Event()
    done: list[int] = []

    def wait_and_write() -> None:
        begun.set()
        done.append(runs.start(second, "second"))

    thread = threading.Thread(target=wait_and_write)
    with home.writing():
        runs.start(home, "first")
        thread.start()
        begun.wait()
        assert done == []
    thread.join(timeout=20)
    assert len(done) == 1
    assert runs.read(home)["command"].to_list() == ["second", "first"]
    second.close()


def test_readers_are_not_kept_waiting_and_see_what_was_committed(home, database_url):
    run_id = runs.start(home, "test")
    observations.write(home, observed({("A", JUNE): 1}), "made_up", "local", None, run_id, at(0))
    reader = Home.open(home.path, database_url, patience=0.2)
    with home.writing():
        observations.write(home, observed({("A", JUNE): 2}), "made_up", "local", None, run_id, at(1))
        assert observations.read(home)["numerator"].to_list() == [2]
        assert observations.read(reader)["numerator"].to_list() == [1]
    assert observations.read(reader)["numerator"].to_list() == [2]
    reader.close()


def test_writes_inside_one_another_are_one_transaction(home):
    with pytest.raises(RuntimeError, match="half way"), home.writing():
        run_id = runs.start(home, "test")
        observations.write(home, observed({("A", JUNE): 1}), "made_up", "local", None, run_id, at(0))
        raise RuntimeError("half way")
    assert observations.read(home).is_empty()
    assert runs.latest(home) is None


def test_a_second_writer_of_records_is_told_in_a_sentence(local_home):
    frame = pl.DataFrame({"id": ["a"], "period": [JUNE]})
    lock = local_home.path / "locks" / "feed.lock"
    with sole_writer(lock, 0, ""), pytest.raises(WarehouseBusyError, match="is writing feed"):
        records.replace_months(local_home, "feed", frame)
    records.replace_months(local_home, "feed", frame)
    assert records.rows_by_period(local_home, "feed") == {JUNE: 1}


def test_without_the_lock_deltas_own_check_still_refuses_the_second(local_home, monkeypatch):
    from deltalake import DeltaTable, write_deltalake

    from warehouse import delta

    frame = pl.DataFrame({"id": ["a"], "period": [JUNE]})
    records.replace_months(local_home, "feed", frame)
    stale = DeltaTable(place(local_home, "feed"))
    records.replace_months(local_home, "feed", frame.with_columns(id=pl.lit("b")))
    monkeypatch.setattr(delta, "write_deltalake", lambda _, *a, **how: write_deltalake(stale, *a, **how))
    with pytest.raises(WarehouseBusyError, match="is writing feed"):
        records.replace_months(local_home, "feed", frame.with_columns(id=pl.lit("c")))
    assert records.read(local_home, "feed")["id"].to_list() == ["b"]
