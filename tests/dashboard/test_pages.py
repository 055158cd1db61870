"""Every page, through AppTest: with data, with none, and with a damaged database. Never a traceback."""

import sqlite3
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from world import NAMES, build

from dashboard.panels import quality
from metrics.indicators import all_indicators

PAGES = {
    "overview": "pages/summary/overview.py",
    "matrix": "pages/summary/matrix.py",
    "find": "pages/summary/find.py",
    "board": "pages/boards/board.py",
    "trajectory": "pages/trajectories/trajectory.py",
    "data quality": "pages/assurance/data_quality.py",
    "compare": "pages/systems/compare.py",
    "heat map": "pages/systems/heat_map.py",
    "neighbourhoods": "pages/places/side_by_side.py",
    "what it would take": "pages/places/what_it_takes.py",
    "inequalities": "pages/places/inequalities.py",
    "receipt": "pages/assurance/receipt.py",
    "map": "pages/places/map.py",
    "coverage": "pages/assurance/coverage.py",
    "revisions": "pages/assurance/revisions.py",
    "load": "pages/assurance/load_file.py",
    "definitions": "pages/assurance/definitions.py",
    "published": "pages/assurance/published.py",
    "glossary": "pages/assurance/glossary.py",
    "accessibility": "pages/assurance/accessibility.py",
}
NEED_NOTHING = {
    "load": "Load a file",
    "definitions": "Definitions",
    "glossary": "Glossary",
    "accessibility": "Accessibility",
}
"""Titles of pages that have something to say before there are figures."""
SORRY = "Sorry, this page cannot be shown"


def of_each_specialty() -> str:
    """The id of the measure whose target is asked of each specialty."""
    return next(one.id for one in all_indicators().values() if one.k_of_n and one.role == "target")


def words(app) -> str:
    tables = [" ".join(map(str, [*t.value.columns, *t.value.to_numpy().ravel()])) for t in app.table]
    return " ".join(
        [*(m.value for m in app.markdown), *(h.value for h in (*app.title, *app.header)), *tables]
    )


@pytest.mark.parametrize("name", PAGES)
def test_page_with_data(open_page, name):
    app = open_page(PAGES[name])
    assert not app.exception
    assert len(app.title) == 1
    assert app.title[0].value != SORRY
    said = words(app)
    assert "Synthetic data" in said
    assert "Open Government Licence" in said
    assert "Code version" in said
    assert "Last updated" in said


@pytest.mark.parametrize("name", PAGES)
def test_page_before_anything_is_there(open_page, tmp_path, name):
    app = open_page(PAGES[name], home=tmp_path / "nowhere")
    assert not app.exception
    if name in NEED_NOTHING:
        assert app.title[0].value == NEED_NOTHING[name]
    else:
        assert app.title[0].value == "Nothing to show yet"
        assert any("make run" in block.value for block in app.code)
    assert not (tmp_path / "nowhere").exists(), "looking must leave nothing behind"


@pytest.mark.parametrize("name", PAGES)
def test_page_with_an_empty_database(open_page, tmp_path, name):
    app = open_page(PAGES[name], home=tmp_path)
    assert not app.exception
    titles = {**NEED_NOTHING, "data quality": "Data quality"}
    assert app.title[0].value == titles.get(name, "Nothing to show yet")


@pytest.mark.parametrize("name", PAGES)
def test_page_with_a_file_that_is_no_database(open_page, tmp_path, name):
    (tmp_path / "results.sqlite").write_bytes(b"this is not a database, nor ever was" * 99)
    app = open_page(PAGES[name], home=tmp_path)
    assert not app.exception
    assert app.title[0].value == SORRY
    assert any("targets status" in block.value for block in app.code)


@pytest.mark.parametrize("name", ["overview", "board", "trajectory", "data quality"])
@pytest.mark.parametrize("table", ["standing", "observation", "series", "submission", "organisation"])
def test_page_with_a_table_gone(open_page, own_world, name, table):
    with sqlite3.connect(own_world / "results.sqlite") as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(f"DROP TABLE {table}")
    app = open_page(PAGES[name], home=own_world)
    assert not app.exception, "a reader sees a sentence, never a traceback"
    assert len(app.title) == 1


def test_a_database_of_a_newer_version_says_so(open_page, own_world):
    with sqlite3.connect(own_world / "results.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    app = open_page(home=own_world)
    assert app.title[0].value == SORRY
    assert "newer version" in words(app)


def test_public_data_alone_carry_the_licence_and_no_synthetic_notice(open_page, tmp_path):
    build(tmp_path, synthetic=False).close()
    said = words(open_page(home=tmp_path))
    assert "Synthetic data" not in said
    assert "Open Government Licence" in said


def test_local_data_alone_carry_no_licence(open_page, made_without_published):
    assert "Open Government Licence" not in words(open_page(home=made_without_published))


@pytest.mark.parametrize("level", NAMES)
def test_scorecard_shows_every_national_measure_at_every_level(open_page, level):
    from dashboard import wording

    app = open_page(level=level)
    assert not app.exception
    assert next(iter(sorted(NAMES[level].values()))) in app.title[0].value
    targets = [one for one in all_indicators().values() if one.role == "target"]
    named = [link.proto.label for link in app.get("page_link")]
    assert [name for name in named if name.startswith(":blue[**")] == [
        f":blue[**{one.short_title}**]" for one in targets
    ]
    told = [name.replace("\\", "") for name in app.table[0].value["Measure"]]
    assert told == [wording.numbered(one) for one in targets]


OTHERS = {"provider": "Providers nearby", "place": "Its neighbourhoods", "region": "Its systems"}


@pytest.mark.parametrize("level", OTHERS)
def test_every_measure_and_every_way_to_split_it(open_page, level):
    from dashboard.panels import choices

    app = open_page(PAGES["trajectory"], level=level)
    parts = level in ("place", "provider")  # the levels at which the world has figures by breakdown
    for one in all_indicators().values():
        app.selectbox(key="measure").set_value(one.id).run()
        assert one.short_title in app.title[0].value
        offered = app.selectbox(key="compare").options
        assert offered == [OTHERS[level], *(split.title for split in one.breakdowns if parts)]
        for split in one.breakdowns if parts else ():
            app.selectbox(key="compare").set_value(split.name).run()
            assert not app.exception
            assert app.title[0].value != SORRY, (one.id, split.name)
        app.selectbox(key="compare").set_value(choices.WHOLE).run()


def test_every_chart_has_alt_text_and_a_table_on_the_same_page(open_page):
    for name in ("overview", "trajectory", "data quality"):
        app = open_page(PAGES[name])
        charts = app.get("plotly_chart")
        assert charts, name
        for chart in charts:
            assert len(chart.proto.alt) > 40, name
        assert app.table, name


def test_definitions_show_every_declaration_in_full(open_page):
    app = open_page(PAGES["definitions"])
    listed = words(app)
    for one in all_indicators().values():
        assert f"[{one.short_title}](definitions?definition={one.id})" in listed
    for one in all_indicators().values():
        app.selectbox(key="definition").set_value(one.id).run()
        said = words(app)
        for field in (one.meaning, one.why, one.source, one.owner, one.checked_by, one.numerator_title):
            assert field in said, one.id


def test_data_quality_shows_what_was_set_aside_refused_and_late(open_page):
    said = words(open_page(PAGES["data quality"]))
    assert "Nobody leaves before they arrive." in said
    assert "The columns are those of no feed we know." in said
    assert "1 file was refused" in said
    assert "older than expected" in said.lower()


def test_months_that_follow_one_another_are_said_as_a_span():
    months = [date(2025, 7, 1), date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
    assert quality.runs(months) == ["Jul 2025", "Nov 2025 to Jan 2026"]
    assert quality.runs([]) == []


def test_a_feed_whose_newest_month_is_old_is_said_to_be(open_page):
    held = pl.DataFrame({"feed": "ae_monthly", "period": date(2020, 1, 1), "received_at": date(2020, 2, 1)})
    for due, old in ((date(2020, 1, 1), False), (date(2020, 2, 1), True)):
        row = quality._feed_row(held, "ae_monthly", [date(2020, 1, 1)], due)
        assert ("⚠ Older than expected" in row.values()) is old


def test_a_refresh_shows_at_once(open_page, tmp_path):
    from warehouse import runs
    from warehouse.home import Home

    build(tmp_path, published=False).close()
    app = open_page(home=tmp_path)
    before = words(app)
    home = Home.open(tmp_path)
    with home.writing() as connection:
        connection.exec_driver_sql("UPDATE standing SET status_words = 'behind'")
    runs.finish(home, runs.start(home, "refresh"), "done")
    home.close()
    after = words(app.run())
    assert after != before
    assert "8 behind" in after


def test_pages_are_in_the_menu_once_each_and_every_one_is_tried_here():
    root = Path(__file__).resolve().parents[2]
    menu = (root / "app.py").read_text()
    pages = [page.relative_to(root).as_posix() for page in (root / "pages").rglob("*.py")]
    for page in pages:
        assert menu.count(f'"{page}"') == 1
    assert sorted(PAGES.values()) == sorted(pages)
    assert menu.count("st.Page(") == len(pages)


def test_a_target_of_each_specialty_counts_them_on_its_card_and_on_its_page(open_page):
    card = words(open_page(level="place"))
    assert "of 10 specialties at 25% or more (all 10 are needed" in card
    page = open_page(PAGES["trajectory"], level="place", measure=of_each_specialty())
    assert "of 10 specialties are at 25% or more" in words(page)
    main = page.get("plotly_chart")[0].proto.alt
    assert "of 10 specialties at 25% or more" in main


def test_signals_are_shown_unless_the_address_says_otherwise(open_page):
    shown = open_page(PAGES["trajectory"])
    said = words(shown)
    assert "**Variation.**" in said
    assert "How to read this" in said
    assert "Signal" in shown.table[-1].value.columns
    assert "Signals:" in (alt := shown.get("plotly_chart")[0].proto.alt) or "No signals." in alt
    bare = open_page(PAGES["trajectory"], shows="path")
    assert "**Variation.**" not in words(bare)
    assert bare.selectbox(key="shows").value == "path"


def test_cards_carry_icons_with_their_words(open_page):
    app = open_page()
    assert len([m for m in app.markdown if m.value.startswith("![")]) >= 8
    from dashboard import wording

    table = app.table[0].value
    assert set(table["Variation"]) <= set(wording.VARIATION.values())
    assert set(table["Assurance"]) <= set(wording.ASSURANCE.values())


def test_the_matrix_places_every_national_measure_once_and_says_what_chance_gives(open_page):
    from dashboard.panels.measure_link import in_text

    app = open_page(PAGES["matrix"], level="provider")
    cells = " ".join(map(str, app.table[0].value.to_numpy().ravel()))
    for one in all_indicators().values():
        if one.role == "target":
            assert cells.count(in_text(one)) == 1
    said = words(app)
    assert "chance alone would give about" in said
    assert "the same rules: NHS England's Making Data Count rules." in said
    assert "profile mdc" not in said, "the exact name is help, for those who ask"
    helped = [m.help for m in app.markdown if m.help]
    assert "The exact rules: Making Data Count Excel tool 5.0 (profile mdc)." in helped
    assert "What the words mean" in said


def test_a_home_from_before_signals_were_written_says_what_to_do(open_page, own_world):
    with sqlite3.connect(own_world / "results.sqlite") as connection:
        connection.execute("DELETE FROM signal")
    assert "targets refresh" in words(open_page(PAGES["matrix"], home=own_world))
    assert not open_page(home=own_world).exception


def test_without_a_forecast_the_page_says_why(open_page):
    app = open_page(PAGES["trajectory"], shows="forecast")
    assert "There is no forecast." in words(app)
