"""A page is of one moment: what a refresh commits while it is being made shows on the next, and whole."""

import sqlite3
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import delete
from test_pages import PAGES

from dashboard import opening
from dashboard.panels import frame
from pipeline.refresh import refresh
from warehouse import runs, tables
from warehouse.home import Home

NEWEST = "(SELECT max(period) FROM observation)"


def words(app) -> list[str]:
    tables = [str(cell) for table in app.table for cell in table.value.to_numpy().ravel()]
    numbers = [f"{one.value} {one.delta}" for one in app.metric]
    return [one.value for one in app.markdown] + numbers + tables


def worse(home: Path) -> None:
    """Halve every newest figure and all that is read off it, as another process would: in one transaction."""
    with sqlite3.connect(home / "results.sqlite") as other:
        other.execute(
            f"UPDATE observation SET value = value / 2, numerator = numerator / 2 WHERE period = {NEWEST}"
        )
        other.execute("UPDATE standing SET latest_value = latest_value / 2, gap = gap - 1")
        other.execute("UPDATE run SET detail = detail || 'x'")
    other.close()


@pytest.mark.parametrize("name", ["overview", "trajectory", "board"])
def test_a_page_made_while_figures_change_shows_the_old_whole_and_then_the_new(
    open_page, own_world, monkeypatch, name
):
    chosen = {"organisation": "RZ1"}
    before = words(open_page(PAGES[name], home=own_world, **chosen))
    app = open_page(PAGES["glossary"], home=own_world, **chosen)
    # Opening it, the overview was read on the way.
    st.cache_data.clear()
    st.cache_resource.clear()
    make, changed = frame._page, []

    def make_later(page, state) -> None:
        if page.url_path not in frame.WITHOUT_FIGURES and not changed:
            changed.append(worse(own_world))
        make(page, state)

    monkeypatch.setattr(frame, "_page", make_later)
    during = words(app.switch_page(PAGES[name]).run())
    assert changed
    assert during == before
    after = words(app.run())
    assert after != before
    monkeypatch.undo()
    assert after == words(open_page(PAGES[name], home=own_world, **chosen)), "nothing old was kept"


def test_every_step_of_a_refresh_is_another_edition_also_when_it_is_killed(own_home, monkeypatch):
    monkeypatch.setenv("TARGETS_HOME", str(own_home))
    st.cache_resource.clear()
    home = Home.open(own_home)
    with home.writing() as connection:
        connection.execute(delete(tables.counted))
    editions = [opening.state().edition]

    def tick(_: str, done: int, __: int) -> None:
        editions.append(opening.state().edition)
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh(home, progress=tick)
    assert len(set(editions)) == len(editions) == 5
    assert opening.state().edition == editions[-1]
    assert runs.latest(home)["detail"].startswith("last written: ")
    home.close()
