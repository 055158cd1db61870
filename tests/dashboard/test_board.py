"""The board page: six targets, what fails first, whose gap, how good the data are; finding one's own."""

import re
from datetime import date

import polars as pl
import pytest
import streamlit as st

from dashboard import find, opening, queries, soundness, verdicts, whose_gap
from dashboard.panels import board
from dashboard.sentences import Reading
from metrics.indicators import all_indicators
from warehouse import counts
from warehouse.home import Home

BOARD = "pages/boards/board.py"
TARGETS = [one for one in all_indicators().values() if one.role == "target"]


def words(app) -> str:
    tables = [" ".join(map(str, [*t.value.columns, *t.value.to_numpy().ravel()])) for t in app.table]
    return " ".join(
        [*(m.value for m in app.markdown), *(h.value for h in (*app.title, *app.header)), *tables]
    )


@pytest.fixture
def small(small_home, in_home) -> str:
    """The edition of the small region's home, counted by the real pipeline."""
    in_home(small_home)
    return opening.state().edition


def test_it_opens_on_a_trust_with_the_six_targets_and_no_companions(open_page):
    app = open_page(BOARD)
    assert not app.exception
    assert app.query_params["level"] == "place", "what was chosen on the page before stays"
    app = open_page(BOARD, organisation="RZ1")
    assert app.title[0].value == "Tarnshire University Hospitals"
    links = [link.proto.label for link in app.get("page_link")]
    rows = [one for one in links if one.startswith(":blue[**")]
    assert sorted(rows) == sorted(f":blue[**{one.short_title}**]" for one in TARGETS)
    numbers = [m.value[9] for m in app.markdown if re.fullmatch(r":small\[\*\*\d\\\.\*\*\]", m.value)]
    assert numbers == sorted(str(one.national_target) for one in TARGETS)
    assert set(numbers) == set("123456")
    said = words(app)
    for one in all_indicators().values():
        if one.role != "target":
            assert one.short_title not in said, one.id


def test_clicking_a_target_leads_to_its_trajectory_with_the_same_organisation(open_page):
    app = open_page(BOARD, organisation="RZ2")
    links = [
        link.proto for link in app.get("page_link") if link.proto.label == ":blue[**Four-hour standard**]"
    ]
    assert links[0].page == "trajectory"
    assert "level=provider&organisation=RZ2&measure=four_hour_ed" in links[0].query_string


def test_what_fails_consistently_comes_first(open_page):
    app = open_page(BOARD, organisation="RZ1")
    order = [title for _, title, _ in board.SECTIONS]
    shown = [h.value for h in app.header if h.value in order]
    assert shown
    assert shown == [one for one in order if one in shown]


@pytest.mark.parametrize(
    ("variation", "assurance", "verdict"),
    [
        ("common_cause", "consistently_failing", "consistently_failing"),
        ("concern_low", "consistently_failing", "consistently_failing"),
        ("improvement_high", "consistently_failing", "improving"),
        ("improvement_low", "hit_or_miss", "hit_or_miss"),
        ("improvement_high", "consistently_passing", "consistently_passing"),
    ],
)
def test_what_is_getting_better_is_not_said_to_fail_consistently(variation, assurance, verdict):
    row = {"latest_value": 0.7, "latest_period": date(2026, 9, 1)}
    line = board.Line(
        reading=Reading.of(TARGETS[0], "Somewhere", "place", row),
        numerator=7.0,
        status="final",
        signal={"variation": variation, "assurance": assurance},
        series=pl.DataFrame(),
    )
    assert line.verdict == verdict


def test_every_target_stands_under_exactly_one_verdict(open_page):
    app = open_page(BOARD, organisation="RZ1")
    told = [h.value for h in app.subheader]
    assert sorted(told) == sorted(f"{one.national_target}. {one.short_title}" for one in TARGETS)


def test_neighbourhoods_make_the_whole_gap(small):
    held = queries.organisations(small)
    checked = 0
    for level in ("provider", "place", "system"):
        code = held.filter(pl.col("level") == level)["code"][0]
        standings, _ = verdicts.scorecard(small, level, code, "local")
        for one in TARGETS:
            row = standings.get(one.id)
            if row is None or row["path_now"] is None or not row["gap_events"]:
                continue
            found = whose_gap.neighbourhoods(
                small, one.id, level, code, row["latest_period"], row["path_now"]
            )
            assert found["behind"].sum() == pytest.approx(-row["gap_events"], abs=1e-6), (level, one.id)
            assert found["behind"].to_list() == sorted(found["behind"], reverse=True)
            checked += 1
    assert checked >= 6


def test_a_neighbourhoods_part_is_its_shortfall_counted_by_hand(small, small_home):
    one = all_indicators()["four_hour_ed"]
    held = queries.organisations(small)
    code = held.filter(pl.col("level") == "provider")["code"][0]
    row = verdicts.scorecard(small, "provider", code, "local")[0][one.id]
    month, path = row["latest_period"], row["path_now"]
    home = Home.open(small_home)
    rows = counts.read(home, one.id, "local", {month}).collect().to_dicts()
    home.close()
    by_hand: dict[str, float] = {}
    for each in rows:
        if each["provider_code"] == code and each["breakdown"] == "all":
            short = path * each["denominator"] - each["numerator"]
            by_hand[each["neighbourhood_code"]] = by_hand.get(each["neighbourhood_code"], 0.0) + short
    found = whose_gap.neighbourhoods(small, one.id, "provider", code, month, path)
    assert dict(zip(found["code"], found["behind"], strict=True)) == pytest.approx(by_hand)


def test_the_page_says_who_makes_the_gap_and_how_many_people(small_home, open_page):
    in_small = open_page(home=small_home)
    app = in_small.switch_page(BOARD).run()
    app.selectbox(key="level").set_value("provider").run()
    assert not app.exception
    said = words(app)
    assert re.search(r"\*\*Where the gap is\.\*\* About [\d,]+ \w+.* a month behind in ", said)
    assert "a month" in " ".join(map(str, app.table[0].value.columns))


def test_published_figures_say_that_they_have_no_neighbourhoods_and_what_nobody_publishes(open_page):
    app = open_page(BOARD, organisation="RZ1", basis="published")
    said = words(app)
    unpublished = {one.unpublished for one in TARGETS if not one.published_feeds}
    assert unpublished
    assert all(one in said for one in unpublished)
    assert "Where the gap is" not in said
    assert not app.exception


def lines_of(open_page, **address):
    open_page(**address)
    edition = opening.state().edition
    return edition, verdicts.scorecard(edition, "provider", "RZ1", "local")[1]


@pytest.mark.parametrize(
    ("basis", "today", "late"),
    [
        ("local", date(2026, 12, 31), 0),
        ("local", date(2027, 1, 1), len(TARGETS)),
        ("published", date(2026, 11, 20), 0),
        ("published", date(2026, 11, 21), 1),
    ],
)
def test_stale_is_older_than_the_contracts_of_the_feeds_promise(open_page, basis, today, late):
    open_page()
    edition = opening.state().edition
    lines = verdicts.scorecard(edition, "provider", "RZ1", basis)[1]
    held = [one for one in TARGETS if one.id in set(lines["indicator"])]
    sound = soundness.of(edition, "provider", "RZ1", basis, lines, held, today)
    assert sound.newest == date(2026, 9, 1)
    assert sum(map(len, sound.due.values())) == late
    assert set(sound.due) == ({date(2026, 10, 1)} if late else set())
    assert ("Older than expected" in sound.said()) is sound.stale is bool(late)
    assert ("Due and not here: October 2026 (" in sound.said()) is bool(late)


def test_how_good_the_data_are_counts_what_was_set_aside_and_what_is_provisional(open_page):
    edition, lines = lines_of(open_page)
    sound = soundness.of(edition, "provider", "RZ1", "local", lines, TARGETS, date(2026, 11, 1))
    provisional = lines.filter(
        pl.col("status") == "provisional", pl.col("indicator").is_in([one.id for one in TARGETS])
    )
    assert sound.provisional == len(set(provisional["period"])) > 0
    assert sound.set_aside is not None
    assert "set aside for breaking a rule" in sound.said()
    assert "No figure has been revised by much." in sound.said()


def test_with_no_figures_there_is_nothing_to_judge(open_page):
    edition, lines = lines_of(open_page)
    sound = soundness.of(edition, "provider", "RZ1", "local", lines.clear(), TARGETS, date(2026, 11, 1))
    assert sound.said() == "There are no figures to judge."
    assert not sound.stale


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("RZ2", "RZ2"),
        ("rz2", "RZ2"),
        ("harrow", "PL2"),
        ("infirmary harrow", "RZ2"),
        ("nb5", "NB5"),
        ("Y99", "Y99"),
    ],
)
def test_an_organisation_is_found_by_name_or_code_at_any_level(open_page, typed, first):
    open_page()
    found = find.organisations(opening.state().edition, typed)
    assert found["leads_to"][0] == first


def test_what_nobody_is_called_finds_nothing_and_says_so(open_page):
    app = open_page("pages/summary/find.py", find="zzzz")
    assert "Nothing with figures here has “`zzzz`”" in words(app)
    assert find.organisations(opening.state().edition, "  ").is_empty()
    assert find.organisations(opening.state().edition, ".*").is_empty(), "what is typed is no pattern"


def test_a_result_opens_the_board_page_and_keeps_the_measure(open_page):
    app = open_page("pages/summary/find.py", measure="four_hour_ed")
    app.text_input(key="find").set_value("infirmary").run()
    assert app.query_params["find"] == "infirmary"
    links = [link.proto for link in app.get("page_link") if "of RZ2" in link.proto.label]
    assert [link.page for link in links] == ["board", "trajectory"]
    assert "**Harrow Moor Infirmary (RZ2)**" in words(app)
    assert all("organisation=RZ2&measure=four_hour_ed" in link.query_string for link in links)


def test_an_old_code_is_found_and_leads_to_what_it_became(open_page, tmp_path):
    from world import build

    from warehouse import organisations

    home = build(tmp_path, published=False)
    ended = {
        "valid_from": date(2001, 4, 1),
        "valid_to": date(2021, 10, 1),
        "successor": "RZ2",
        "parent": None,
    }
    old = {"code": "RX0", "level": "provider", "name": "Old Moor Hospital", **ended}
    organisations.write(home, pl.DataFrame([old]), "published")
    home.close()
    st.cache_data.clear()
    open_page(home=tmp_path)
    found = find.organisations(opening.state().edition, "rx0").row(0, named=True)
    assert (found["leads_to"], found["was"]) == ("RZ2", "now part of Harrow Moor Infirmary (RZ2)")


@pytest.mark.parametrize("page", [BOARD, "pages/summary/overview.py", "pages/trajectories/trajectory.py"])
def test_with_published_figures_alone_every_page_opens_where_there_are_some(open_page, tmp_path, page):
    import sqlite3

    from world import build

    build(tmp_path).close()
    with sqlite3.connect(tmp_path / "results.sqlite") as connection:
        connection.execute("DELETE FROM series WHERE basis = 'local'")
    app = open_page(page, home=tmp_path)
    assert not app.exception
    assert app.query_params["level"] == "provider", "the only level with published figures in this world"
    assert app.title[0].value.startswith("Harrow Moor Infirmary")
    if page == BOARD:
        assert "Local records can give all of these." in words(app)
