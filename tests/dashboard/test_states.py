"""Each state of figures has a look of its own: insufficient, suppressed, not reported, stale, made up.

Before any figure, with an empty and with a damaged database: test_pages.py. Waiting: here, the spinner.
"""

import sqlite3
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st

from dashboard import opening, plainly, soundness
from dashboard.panels import board
from data_contracts.contract import all_contracts
from metrics.indicators import all_indicators

OVERVIEW, BOARD = "pages/summary/overview.py", "pages/boards/board.py"
ONE = next(one for one in all_indicators().values() if one.role == "target" and one.kind == "proportion")
MINE = "(SELECT id FROM series WHERE organisation = 'RZ1' AND indicator = ? AND breakdown = 'all')"


def words(app) -> str:
    return " ".join(one.value for one in app.markdown)


def change(home: Path, *commands: str) -> None:
    with sqlite3.connect(home / "results.sqlite") as connection:
        for command in commands:
            assert connection.execute(command, (ONE.id,)).rowcount > 0, "there is something to change"


@pytest.mark.parametrize(
    ("baseline", "said"), [("NULL", plainly.NO_BASELINE), ("0.5", plainly.TOO_FEW_MONTHS)]
)
def test_insufficient_data_give_no_verdict_and_say_what_is_wanting(open_page, own_world, baseline, said):
    change(
        own_world,
        "UPDATE standing SET status_words = 'insufficient data', path_now = NULL, gap = NULL, "
        f"gap_events = NULL, baseline_value = {baseline} WHERE series_id IN {MINE}",
    )
    board = words(open_page(BOARD, home=own_world, organisation="RZ1"))
    assert "○ Not enough data" in board
    assert said in board
    assert "○ 1 not enough data" in words(open_page(OVERVIEW, home=own_world, organisation="RZ1"))


@pytest.mark.parametrize("status", ["suppressed", "not_reported"])
def test_a_figure_that_is_withheld_is_no_zero_and_says_which_way_it_is_missing(open_page, own_world, status):
    change(
        own_world,
        "UPDATE observation SET numerator = NULL, value = NULL, "
        f"status = '{status}' WHERE series_id IN {MINE}",
        "UPDATE standing SET latest_value = NULL, latest_numerator = NULL, path_now = NULL, gap = NULL, "
        f"gap_events = NULL, status_words = 'insufficient data' WHERE series_id IN {MINE}",
    )
    board = words(open_page(BOARD, home=own_world, organisation="RZ1"))
    assert plainly.WITHHELD[status] in board
    other = plainly.WITHHELD["not_reported" if status == "suppressed" else "suppressed"]
    assert other not in board
    overview = open_page(OVERVIEW, home=own_world, organisation="RZ1")
    assert plainly.WITHHELD[status] in words(overview)
    assert "0%" not in [one.value for one in overview.metric]


@pytest.mark.parametrize(("latency", "old"), [(-40_000, True), (40_000, False)])
def test_old_figures_are_said_to_be_old(open_page, own_world, monkeypatch, latency, old):
    promised = {feed: replace(one, latency_days=latency) for feed, one in all_contracts().items()}
    monkeypatch.setattr(soundness, "load_contract", promised.__getitem__)
    assert ("⚠ Older than expected" in words(open_page(BOARD, home=own_world, organisation="RZ1"))) is old
    quality = open_page("pages/assurance/data_quality.py", home=own_world)
    fresh = {cell for table in quality.table for row in table.value.to_numpy() for cell in row}
    assert ("⚠ Older than expected" in fresh) is old
    assert ("**Older than expected:**" in words(quality)) is old
    assert ("No feed is older than expected." in words(quality)) is not old


@pytest.mark.parametrize("page", [OVERVIEW, BOARD])
def test_made_up_figures_say_so_first(open_page, own_world, page):
    app = open_page(page, home=own_world)
    notices = [at for at, one in enumerate(app.main.markdown) if "◆ Synthetic data" in one.value]
    figures = [at for at, one in enumerate(app.main.markdown) if "The six national targets" in one.value]
    assert notices
    assert notices[0] < figures[0]


def test_a_reader_who_waits_is_told_what_for(open_page, own_world, monkeypatch):
    said = []
    monkeypatch.setattr(st, "spinner", lambda text, **_: said.append(text) or nullcontext())
    app = open_page(OVERVIEW, home=own_world)
    assert said == ["Reading the figures"], "on the first view"
    app.switch_page(BOARD).run()
    assert len(said) == 2, "on arriving at another"
    app.selectbox(key="level").set_value("place").run()
    assert len(said) == 2, "on the page being read, what was there stays until the new is ready"


def test_a_database_with_a_table_gone_is_told_as_damaged(open_page, own_world):
    with sqlite3.connect(own_world / "results.sqlite") as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DROP TABLE observation")
    app = open_page(BOARD, home=own_world)
    assert opening.DAMAGED in words(app)
    assert "targets status" in [block.value for block in app.code]


def test_a_page_that_fails_says_whose_fault_it_is_not_and_what_to_do(open_page, own_world, monkeypatch):
    monkeypatch.setattr(board, "show", lambda: 1 / 0)
    app = open_page(BOARD, home=own_world)
    assert not app.exception
    assert [title.value for title in app.title] == ["Sorry, this page cannot be shown"]
    assert "no fault of yours" in words(app)
    assert opening.DAMAGED not in words(app)


def test_without_figures_a_reader_may_send_files_where_that_is_allowed(open_page, tmp_path, monkeypatch):
    def links() -> list[str]:
        return [link.proto.label for link in open_page(home=tmp_path).get("page_link")]

    monkeypatch.setenv("TARGETS_UPLOADS", "on")
    assert ":blue[Or send the files from this browser]" in links()
    monkeypatch.setenv("TARGETS_UPLOADS", "off")
    assert ":blue[Or send the files from this browser]" not in links()
