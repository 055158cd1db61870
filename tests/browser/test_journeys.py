"""Journeys for places, for systems, to a receipt and with a file, each as its reader walks it."""

import csv
import io
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import polars as pl
import pytest
import seen

pytestmark = pytest.mark.browser
MADE = Path(__file__).parents[1] / "data" / "ae_monthly" / "2024_unnamed_columns.csv"


def taken(page, button: str) -> tuple[str, bytes]:
    """Press a download button; the file's name and content."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    path = download.value.path()
    return download.value.suggested_filename, path.read_bytes()


def asked(page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def to(sight, link: str, heading: str) -> None:
    sight.page.get_by_role("link", name=link, exact=True).first.click()
    sight.page.get_by_role("heading", level=1, name=heading).wait_for()
    sight.settle()


def test_a_health_and_wellbeing_board_officer_drafts_a_plan(look):
    sight = look("neighbourhoods?level=place&organisation=PL2&measure=four_hour_ed")
    page = sight.page
    assert page.get_by_role("heading", level=1).inner_text() == "Harrow Moor: neighbourhoods side by side"
    for name in ("Long Meadow", "Stonebridge", "Kingsway and St Aldhelm's"):
        assert page.get_by_role("cell", name=name, exact=True).first.is_visible()
    assert page.get_by_text("of 6 neighbourhoods").is_visible()
    rates = page.get_by_role(
        "table", name="Every national target in each neighbourhood here, over twelve months"
    )
    assert rates.get_by_role("row").count() == 1 + 3 * 8, "three neighbourhoods on eight measures"
    for column in ("Rate", "95% interval", "On the year before", "Among all", "How many, newest month"):
        assert rates.get_by_role("columnheader", name=column).is_visible()
    name, content = taken(page, "Download as a workbook")
    assert name == "neighbourhoods-PL2.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [
        "Cover", "Standings", "Rates", "What it would take", "Inequality", "Notes", "Definitions",
    ]  # fmt: skip
    assert {row[1].value for row in list(book["Standings"].iter_rows())[3:]} >= {"Long Meadow", "Stonebridge"}

    to(sight, "What it would take", "Harrow Moor: what it would take")
    assert asked(page)["organisation"] == "PL2"
    assert page.get_by_role("cell", name="Harrow Moor, as a whole").is_visible()
    to(sight, "Inequalities", "Harrow Moor: Four-hour standard, by group")
    assert page.get_by_role("cell", name="Most deprived fifth").is_visible()
    for group in ("deprivation", "age", "ethnic group"):
        assert page.get_by_role("heading", name=f"By {group}").is_visible()


def test_a_regional_analyst_compares_and_takes_the_data(look):
    sight = look("heat-map?level=neighbourhood")
    page = sight.page
    to(sight, "Compare", "Neighbourhoods compared: Outpatient diversion")
    page.goto(page.url.replace("outpatient_diversion", "four_hour_ed") + "&peers=NB1,NB4")
    sight.settle()
    assert page.locator("[data-testid=stPlotlyChart]").count() == 1
    _, content = taken(page, "Download as Parquet")
    rows = pl.read_parquet(io.BytesIO(content))
    assert rows.height == 6
    assert rows["organisation"][:2].sort().to_list() == ["NB1", "NB4"]
    assert rows["definition_source"].null_count() == 0
    _, text = taken(page, "Download as CSV")
    read = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert [float(row["value"]) for row in read] == rows["value"].to_list()
    box = page.get_by_role("combobox", name="Chart shows")
    box.click()
    page.keyboard.type("Spread")
    page.keyboard.press("Enter")
    page.wait_for_url("**chart=spread*")
    sight.settle()
    assert page.get_by_text("half of 6 neighbourhoods were between").is_visible()
    assert asked(page)["peers"] == "NB1,NB4"


def test_any_figure_opens_its_receipt(look):
    sight = look("trajectory?level=place&organisation=PL1&measure=four_hour_ed")
    link = sight.page.get_by_role("link", name="September 2026").first
    receipt = look(link.get_attribute("href").lstrip("/"))
    page = receipt.page
    heading = "Receipt: Four-hour standard, Ashford Vale, September 2026"
    assert page.get_by_role("heading", level=1).inner_text() == heading
    _, content = taken(page, "Download this receipt as JSON")
    whole = json.loads(content)
    assert whole["value"] == whole["numerator"] / whole["denominator"]
    assert page.get_by_text(f"Unrounded: {whole['value']!r}").is_visible()


def test_an_analyst_looks_at_files_and_cancels(look, serve, world, monkeypatch, tmp_path):
    monkeypatch.setenv("TARGETS_UPLOADS", "on")
    sight = look("load", at=serve(world))
    seen.faultless(sight.page, "load-to-choose")
    heard = seen.heard(sight.page)
    assert ("button", "Upload") in heard
    assert "region" not in {role for role, _ in heard}, "the chooser is no landmark without a name"
    (tmp_path / "notes.csv").write_text("colour,size\nred,3\n")
    sight.page.locator("input[type=file]").set_input_files(tmp_path / "notes.csv")
    sight.page.get_by_role("button", name="Remove notes.csv").wait_for()
    sight.settle()
    sight.page.get_by_role("button", name="Look at the files").click()
    sight.page.get_by_text("Would be refused").wait_for(timeout=60_000)
    sight.settle()
    seen.faultless(sight.page, "load-looked-at")
    sight.page.get_by_role("button", name="Choose other files").click()
    sight.page.get_by_role("button", name="Look at the files").wait_for()
    sight.page.locator("input[type=file]").set_input_files(MADE)
    sight.page.get_by_role("button", name=f"Remove {MADE.name}").wait_for()
    sight.settle()
    sight.page.get_by_role("button", name="Look at the files").click()
    sight.page.get_by_role("button", name="Cancel: store nothing").click()
    sight.page.get_by_role("button", name="Upload", exact=True).wait_for()
    assert not list((world / "uploads").iterdir())
