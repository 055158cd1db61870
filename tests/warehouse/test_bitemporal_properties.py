"""Any sequence of writes, then any moment: the same as a plain dictionary remembers."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from observed import AUGUST, JULY, JUNE, START, at, observed, values

from warehouse import observations, runs

MONTHS = (JUNE, JULY, AUGUST)
numbers = st.one_of(st.none(), st.integers(0, 3).map(float))
cells = st.dictionaries(st.tuples(st.sampled_from("ABC"), st.sampled_from(MONTHS)), numbers, max_size=9)
scopes = st.one_of(st.none(), st.sets(st.sampled_from(MONTHS)))
writes = st.lists(st.tuples(scopes, cells), min_size=1, max_size=6)

Known = dict[tuple[str, object], float | None]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=writes, moments=st.lists(st.integers(-1, 12), min_size=1, max_size=5))
def test_as_known_on_equals_a_naive_model(home, writes, moments):
    run_id = runs.start(home, "test")
    remembered: list[Known] = []
    now: Known = {}
    for number, (periods, wanted) in enumerate(writes):
        inside = {point: n for point, n in wanted.items() if periods is None or point[1] in periods}
        before = now
        kept = {} if periods is None else {point: n for point, n in now.items() if point[1] not in periods}
        now = {**kept, **inside}
        done = observations.write(home, observed(inside), "made_up", "local", periods, run_id, at(2 * number))
        same = sum(1 for point in inside if point in before and before[point] == inside[point])
        assert (done.added, done.unchanged) == (len(inside) - same, same)
        assert done.closed == len(before) - len(kept) - same
        remembered.append(now)
    for minutes in moments:
        then = remembered[min(minutes // 2, len(remembered) - 1)] if minutes >= 0 else {}
        assert values(observations.read(home, as_known_on=at(minutes))) == then
    assert values(observations.read(home)) == now
    forget(home)


def forget(home):
    # Hypothesis uses one home for every example.
    with home.writing() as connection:
        for table in ("observation", "series", "run"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    assert observations.read(home, as_known_on=START + timedelta(days=1)).is_empty()
