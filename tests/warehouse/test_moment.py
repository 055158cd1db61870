"""A moment: what a reader sees inside it is one state, whatever others commit meanwhile."""

import threading

from sqlalchemy import func, select

from warehouse import runs
from warehouse.home import Home
from warehouse.tables import run


def count(home: Home) -> int:
    with home.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(run)).scalar_one())


def elsewhere(home: Home) -> None:
    """Start a run as another process would: in a thread of its own."""
    other = threading.Thread(target=lambda: runs.start(home, "load"))
    other.start()
    other.join()


def test_all_reads_inside_see_one_moment_and_the_next_sees_what_came(home):
    with home.moment():
        before = count(home)
        elsewhere(home)
        assert count(home) == before
    assert count(home) == before + 1


def test_without_a_moment_each_read_sees_what_is_there(home):
    before = count(home)
    elsewhere(home)
    assert count(home) == before + 1


def test_moments_of_two_threads_do_not_know_of_each_other(home):
    seen = []
    with home.moment():
        before = count(home)
        elsewhere(home)
        other = threading.Thread(target=lambda: seen.append(count(home)))
        other.start()
        other.join()
        assert count(home) == before
    assert seen == [before + 1]


def test_a_run_that_is_killed_has_told_how_far_it_came(home):
    number = runs.start(home, "refresh")
    runs.tell(home, number, "last written: a measure (local)")
    newest = runs.latest(home)
    assert (newest["outcome"], newest["detail"]) == (runs.RUNNING, "last written: a measure (local)")
