"""History on today's footprint, against an oracle in plain Python and by properties."""

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.footprint import ABSENT, apart, as_it_was, going_on, on_todays_footprint
from metrics.indicators import all_indicators
from metrics.observations import COLUMNS
from metrics.succession import SCHEMA, carried, in_circles

FOUR_HOUR = all_indicators()["four_hour_ed"]
MONTHS = [date(2019 + at // 12, at % 12 + 1, 1) for at in range(3, 12)]
APRIL = MONTHS[0]
LAST = MONTHS[-1]


def successions(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame([(*row, None, None)[:5] for row in rows], schema=SCHEMA, orient="row")


def observed(rows: dict[tuple[str, date], tuple[float | None, float | None]]) -> pl.DataFrame:
    """Provider -> (numerator, denominator) in each month, as `roll_up_published` gives them."""
    made = []
    for (code, period), (n, d) in rows.items():
        value = None if n is None or not d else n / d
        status = "not_reported" if n is None else "no_denominator" if not d else "final"
        made.append(
            ("four_hour_ed", FOUR_HOUR.version, "published", "provider", code, period, "all", "all", n, d,
             value, status)
        )  # fmt: skip
    floats = dict.fromkeys(("numerator", "denominator", "value"), pl.Float64)
    schema = dict.fromkeys(COLUMNS[:12], pl.String) | {"period": pl.Date} | floats
    rest = [pl.lit(None, pl.Float64).alias(name) for name in COLUMNS[12:]]
    return pl.DataFrame(made, schema=schema, orient="row").with_columns(rest)


def figures(frame: pl.DataFrame) -> dict[tuple[str, date], tuple]:
    keys = ("organisation", "period", "numerator", "denominator", "status")
    return {(code, period): rest for code, period, *rest in frame.select(keys).iter_rows()}


def every_month(**figures: tuple) -> dict:
    return {(code, month): figure for code, figure in figures.items() for month in MONTHS}


def before(day: date, **figures: tuple) -> dict:
    return {key: figure for key, figure in every_month(**figures).items() if key[1] < day}


def since(day: date, **figures: tuple) -> dict:
    return {key: figure for key, figure in every_month(**figures).items() if key[1] >= day}


OCTOBER = date(2019, 10, 1)
MERGED = successions(("RLN", "R0B", OCTOBER), ("RE9", "R0B", OCTOBER))
TWO = {**before(OCTOBER, RLN=(70, 100), RE9=(80, 100)), **since(OCTOBER, R0B=(150, 200))}


def test_a_merged_trusts_history_is_the_sum_of_its_parts():
    found = figures(on_todays_footprint(FOUR_HOUR, observed(TWO), MERGED))
    assert found == {("R0B", month): [150, 200, "final"] for month in MONTHS}
    share = on_todays_footprint(FOUR_HOUR, observed(TWO), MERGED)["value"]
    assert share.to_list() == [0.75] * len(MONTHS)


def test_a_trust_that_takes_another_over_has_both_histories():
    rows = {**before(OCTOBER, RAP=(30, 50)), **every_month(RAL=(60, 100))}
    found = figures(on_todays_footprint(FOUR_HOUR, observed(rows), successions(("RAP", "RAL", OCTOBER))))
    assert found["RAL", APRIL] == [90, 150, "final"]
    assert found["RAL", OCTOBER] == [60, 100, "final"]
    assert {code for code, _ in found} == {"RAL"}


def test_chains_are_followed_to_their_ends():
    rows = {**before(OCTOBER, A=(1, 2)), **every_month(C=(3, 4))}
    chain = successions(("A", "B", OCTOBER), ("B", "C", date(2019, 12, 1)))
    assert figures(on_todays_footprint(FOUR_HOUR, observed(rows), chain))["C", APRIL] == [4, 6, "final"]
    reused = successions(("A", "C", OCTOBER), ("C", "B", date(2001, 4, 1)))
    assert figures(on_todays_footprint(FOUR_HOUR, observed(rows), reused))["C", APRIL] == [4, 6, "final"]


def test_a_succession_still_to_come_changes_nothing():
    held = observed(every_month(A=(1, 2), B=(3, 4)))
    for day in (date(2020, 3, 15), date(2030, 1, 1)):
        assert on_todays_footprint(FOUR_HOUR, held, successions(("A", "B", day))).equals(held)
    assert on_todays_footprint(FOUR_HOUR, held, successions()).equals(held)
    decided = successions(("A", "B", date(2030, 1, 1), None, True))
    assert figures(on_todays_footprint(FOUR_HOUR, held, decided))["B", APRIL] == [4, 6, "final"]


def test_a_code_that_goes_on_reporting_is_told_and_not_merged():
    held = observed(every_month(RY1=(1, 2), RW4=(3, 4)))
    doubtful = successions(("RY1", "RW4", OCTOBER))
    assert on_todays_footprint(FOUR_HOUR, held, doubtful).equals(held)
    told = going_on(held, doubtful)
    assert told.select("code", "heir", "since", "last").rows() == [("RY1", "RW4", OCTOBER, LAST)]
    assert going_on(observed(TWO), MERGED).is_empty()


def test_a_part_that_did_not_report_leaves_the_whole_unreported():
    rows = TWO | {("RLN", APRIL): (None, 100)}
    found = figures(on_todays_footprint(FOUR_HOUR, observed(rows), MERGED))
    assert found["R0B", APRIL] == [None, 200, "not_reported"]


@pytest.mark.parametrize("gone", ["RLN", "RE9"])
def test_a_month_that_a_part_is_missing_from_is_never_shown_as_whole(gone: str):
    rows = {key: figure for key, figure in TWO.items() if key != (gone, date(2019, 6, 1))}
    found = on_todays_footprint(FOUR_HOUR, observed(rows), MERGED)
    assert figures(found)["R0B", date(2019, 6, 1)] == [None, None, "insufficient_data"]
    assert found.filter(period=date(2019, 6, 1))["value"].to_list() == [None]
    assert figures(found)["R0B", date(2019, 5, 1)] == [150, 200, "final"]


def test_an_heirs_own_month_is_not_whole_without_the_part_that_missed_it():
    rows = {**before(OCTOBER, RAP=(30, 50)), **every_month(RAL=(60, 100))}
    del rows["RAP", date(2019, 6, 1)]
    found = figures(on_todays_footprint(FOUR_HOUR, observed(rows), successions(("RAP", "RAL", OCTOBER))))
    assert found["RAL", date(2019, 6, 1)] == [None, None, "insufficient_data"]


def test_nought_of_nought_in_one_part_leaves_the_rest_whole():
    rows = TWO | {("RLN", APRIL): (0, 0)}
    found = figures(on_todays_footprint(FOUR_HOUR, observed(rows), MERGED))
    assert found["R0B", APRIL] == [80, 100, "final"]


def test_a_divided_code_is_shared_out_by_its_fractions_or_left():
    rows = {**before(OCTOBER, RW6=(30, 60)), **every_month(RM3=(10, 20), R0A=(20, 40))}
    shared = successions(("RW6", "RM3", OCTOBER, 0.75), ("RW6", "R0A", OCTOBER, 0.25))
    found = figures(on_todays_footprint(FOUR_HOUR, observed(rows), shared))
    assert found["RM3", APRIL] == [pytest.approx(32.5), pytest.approx(65), "final"]
    assert found["R0A", APRIL] == [pytest.approx(27.5), pytest.approx(55), "final"]
    whole = successions(("RW6", "RM3", OCTOBER), ("RW6", "R0A", OCTOBER))
    assert on_todays_footprint(FOUR_HOUR, observed(rows), whole).equals(observed(rows))


def test_two_ways_to_one_heir_come_together_again():
    rows = {**before(OCTOBER, A=(8, 16)), **since(OCTOBER, D=(9, 18))}
    ways = successions(
        ("A", "B", OCTOBER, 0.5), ("A", "C", OCTOBER, 0.5), ("B", "D", OCTOBER), ("C", "D", OCTOBER)
    )
    assert figures(on_todays_footprint(FOUR_HOUR, observed(rows), ways))["D", APRIL] == [8, 16, "final"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("A", "B", OCTOBER), ("B", "A", OCTOBER)], "circle at A"),
        ([("A", "B", OCTOBER), ("B", "C", OCTOBER), ("C", "B", OCTOBER)], "circle"),
        ([("A", "B", OCTOBER, 0.5), ("A", "C", OCTOBER, 0.4)], "fractions of A do not add up to 1"),
        ([("A", "B", OCTOBER, 1.5), ("A", "C", OCTOBER, -0.5)], "fractions of A do not add up to 1"),
    ],
)
def test_what_cannot_be_followed_is_refused(rows: list[tuple], words: str):
    held = observed({**before(OCTOBER, A=(1, 2)), **every_month(Z=(1, 2))})
    with pytest.raises(ValueError, match=words):
        on_todays_footprint(FOUR_HOUR, held, successions(*rows))


def test_what_is_stored_apart_gives_it_back_as_it_was():
    held = observed(TWO)
    today = on_todays_footprint(FOUR_HOUR, held, MERGED)
    kept = apart(held, today)
    assert set(kept.filter(pl.col("status") != ABSENT)["organisation"]) == {"RLN", "RE9"}
    absent = kept.filter(status=ABSENT)
    assert set(absent["organisation"]) == {"R0B"}
    assert absent["value"].null_count() == absent.height == 6
    assert as_it_was(today, kept).sort(COLUMNS[:8]).equals(held.sort(COLUMNS[:8]))
    assert apart(held, held).is_empty()


CODES = ["A", "B", "C", "D", "F"]
counts = st.tuples(st.integers(0, 500), st.integers(0, 500)).map(lambda two: (min(two), max(two)))


@st.composite
def worlds(draw) -> tuple[dict, list[tuple]]:
    """Some trusts, each closing at most once into later letters: never a circle, chains and splits both."""
    rows, steps = {}, []
    for at, code in enumerate(CODES):
        heirs = CODES[at + 1 :]
        closed = bool(heirs) and draw(st.booleans())
        day = draw(st.sampled_from(MONTHS[1:-1]))
        for month in MONTHS:
            if (month < day or not closed) and draw(st.integers(0, 9)):
                rows[code, month] = draw(counts) if draw(st.integers(0, 12)) else (None, draw(counts)[1])
        if not closed:
            continue
        to = draw(st.lists(st.sampled_from(heirs), min_size=1, max_size=2, unique=True))
        shares = [1.0] if len(to) == 1 else [(draw(st.integers(1, 99))) / 100]
        shares += [1 - shares[0]] * (len(to) - 1)
        steps += [(code, heir, day, share) for heir, share in zip(to, shares, strict=True)]
    rows["F", LAST] = (1, 2)
    return rows, steps


def oracle(rows: dict, steps: list[tuple]) -> dict[tuple[str, date], tuple]:
    """One month at a time, one count at a time, in exact fractions."""
    into: dict[str, list[tuple[str, Fraction]]] = {}
    for code, heir, _, share in steps:
        into.setdefault(code, []).append((heir, Fraction(share)))

    def ends(code: str) -> dict[str, Fraction]:
        if code not in into:
            return {code: Fraction(1)}
        found: dict[str, Fraction] = {}
        for heir, share in into[code]:
            for last, rest in ends(heir).items():
                found[last] = found.get(last, Fraction(0)) + share * rest
        return found

    lives = {code: [m for c, m in rows if c == code] for code in CODES}
    months = sorted({month for _, month in rows})
    goes = {code: ends(code) for code in CODES if lives[code]}
    out = {}
    for heir in CODES:
        parts = [code for code, to in goes.items() if heir in to]
        for month in months:
            due = [c for c in parts if min(lives[c]) <= month <= max(lives[c])]
            here = [c for c in due if (c, month) in rows]
            if not here:
                continue
            given = [rows[c, month] for c in here]
            silent = any(n is None for n, _ in given)
            n = d = None
            if len(here) == len(due):
                d = float(sum(goes[c][heir] * rows[c, month][1] for c in here))
                n = None if silent else float(sum(goes[c][heir] * rows[c, month][0] for c in here))
            status = (
                "not_reported" if silent else "insufficient_data" if n is None else
                "no_denominator" if not d else "final"
            )  # fmt: skip
            out[heir, month] = [n, d, status]
    return out


@settings(max_examples=25, deadline=None)
@given(worlds())
def test_it_agrees_with_the_oracle(world: tuple[dict, list[tuple]]):
    rows, steps = world
    found = figures(on_todays_footprint(FOUR_HOUR, observed(rows), successions(*steps)))
    expected = oracle(rows, steps)
    assert found.keys() == expected.keys()
    for key, (n, d, status) in expected.items():
        assert found[key] == [
            n if n is None else pytest.approx(n, rel=1e-9, abs=1e-9),
            d if d is None else pytest.approx(d, rel=1e-9, abs=1e-9),
            status,
        ], key


@settings(max_examples=12, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_order_is_no_matter_once_is_enough_and_nothing_is_lost(world: tuple[dict, list[tuple]], draw):
    rows, steps = world
    held, told = observed(rows), successions(*steps)
    today = on_todays_footprint(FOUR_HOUR, held, told)
    assert on_todays_footprint(FOUR_HOUR, today, told).equals(today)
    again = [*rows.items()], [*steps]
    draw.shuffle(again[0])
    draw.shuffle(again[1])
    shuffled = on_todays_footprint(FOUR_HOUR, observed(dict(again[0])), successions(*again[1]))
    assert shuffled.equals(today) or not len(told)
    kept = apart(held, today)
    assert figures(as_it_was(today, kept)) == figures(held)
    for month, part in today.partition_by("period", as_dict=True).items():
        before = held.filter(period=month[0])
        if part["numerator"].null_count() or before["numerator"].null_count():
            continue
        for name in ("numerator", "denominator"):
            assert part[name].sum() == pytest.approx(before[name].sum(), abs=1e-9)


def test_carried_says_who_goes_to_whom():
    work = pl.DataFrame({"code": ["RLN", "RE9", "R0B"], "last": [APRIL, APRIL, LAST]})
    assert carried(MERGED, work).rows() == [("RE9", "R0B", OCTOBER, 1.0), ("RLN", "R0B", OCTOBER, 1.0)]


def test_circles_are_found_among_chains():
    ring = [("A", "B"), ("B", "C"), ("C", "A"), ("X", "A"), ("C", "Y"), ("Y", "Z"), ("Q", "Q"), ("R", "Q")]
    frame = pl.DataFrame(ring, schema=["code", "heir"], orient="row")
    assert in_circles(frame) == ["A", "B", "C"]
    assert in_circles(frame.slice(3)) == []
