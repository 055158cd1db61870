"""Pages for everyone and for boards in a real browser, and what is true of every page there."""

import re
import urllib.request
from urllib.error import HTTPError

import pytest
import seen

pytestmark = pytest.mark.browser

FOCUSED = """(document.activeElement.getAttribute('aria-label')
    || document.activeElement.innerText || '').trim()"""
COLOURS = """() => [...document.querySelectorAll('[data-testid=stMain] *')].map(one => {
    const {color, backgroundColor, fill, stroke} = getComputedStyle(one);
    return [one.tagName, color, backgroundColor, fill, stroke, one.src || ''].join(' ')
})"""


@pytest.mark.parametrize("name", ["place", "overview"])
def test_a_page_turned_dark_has_every_colour_of_one_opened_in_the_dark(look, name):
    turned = look(seen.SUMMARY[name])
    light = turned.page.evaluate(COLOURS)
    turned.turn("dark")
    dark = look(seen.SUMMARY[name], theme="dark").page.evaluate(COLOURS)
    assert turned.page.evaluate(COLOURS) == dark
    assert dark != light


@pytest.mark.parametrize("name", seen.SUMMARY)
def test_page(look, name):
    seen.whole(look, seen.SUMMARY[name], name)


def test_every_page_of_the_menu_is_looked_at():
    looked_at = {path.split("?")[0] for path in (seen.SUMMARY | seen.BESIDE | seen.ASSURANCE).values()}
    assert looked_at == seen.menu()


@pytest.mark.parametrize(
    "path", ["trajectory?level=place&measure=four_hour_ed", "compare?level=neighbourhood"]
)
def test_a_deep_link_is_the_first_thing_a_fresh_server_is_asked(serve, world, look, path):
    sight = look(path, at=serve(world))
    assert sight.page.locator("h1").count() == 1
    assert sight.page.get_by_text("Synthetic data").is_visible(), "app.py frames every page"
    assert sight.page.get_by_role("dialog").count() == 0, "no notice that the page was not found"
    assert sight.complaints == []


def test_the_scorecard_fits_one_screen(look):
    sight = look()
    definitions = sight.page.get_by_text(re.compile(r"(definition|Our reading)\.$"))
    assert definitions.count() == 8, "the last words of each card"
    for last in definitions.all():
        box = last.bounding_box()
        assert box["y"] + box["height"] <= 880, "with the card's own edge, within 900"


def test_a_colleague_with_the_address_sees_the_same(look):
    mine = look("trajectory?level=place")
    box = mine.page.get_by_role("combobox", name="Place")
    box.click()
    mine.page.keyboard.type("PL2")
    mine.page.keyboard.press("Enter")
    mine.page.wait_for_url("**organisation=PL2*")
    mine.settle()
    path = mine.page.url.split("/", 3)[3]
    assert look(path).page.locator("h1").inner_text() == mine.page.locator("h1").inner_text()


def test_a_choice_is_kept_across_pages_and_on_the_way_back(look):
    sight = look("?organisation=PL2")
    sight.page.get_by_role("link", name="Four-hour standard", exact=True).click()
    sight.page.get_by_role("heading", level=1, name="Harrow Moor: Four-hour standard").wait_for()
    assert "level=place&organisation=PL2&measure=four_hour_ed" in sight.page.url
    sight.page.go_back()
    sight.page.get_by_role("heading", level=1, name="Harrow Moor").wait_for()
    sight.settle()
    assert "organisation=PL2" in sight.page.url


def test_the_menu_and_every_choice_can_be_reached_by_keyboard(look):
    page = look("trajectory?level=place").page
    seen = set()
    for _ in range(100):
        page.keyboard.press("Tab")
        seen.add(page.evaluate(FOCUSED))
    for wanted in ("Summary", "Assurance", "Tarnshire", "Download every month as CSV", "Status"):
        assert any(wanted in one for one in seen), wanted
    for wanted in ("Level", "Place", "Measure", "Compare by", "Chart shows"):
        assert any(wanted in one for one in seen), wanted


def test_a_reader_without_figures_is_told_what_to_do(serve, tmp_path, look):
    sight = look(at=serve(tmp_path / "nowhere"))
    assert sight.page.get_by_role("heading", level=1).inner_text() == "Nothing to show yet"
    assert seen.faults(sight.page) == []


def test_headers_and_health(address):
    with urllib.request.urlopen(f"{address}/healthz") as answer:
        assert answer.headers["Content-Type"] == "application/json"
        assert b'"status":"ok"' in answer.read()
    with urllib.request.urlopen(f"{address}/trajectory") as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'sha256-" in policy


def test_a_damaged_database_is_told_to_the_health_check_and_to_the_reader(serve, tmp_path, look):
    (tmp_path / "results.sqlite").write_bytes(b"not a database" * 400)
    own = serve(tmp_path)
    with pytest.raises(HTTPError, match="503"):
        urllib.request.urlopen(f"{own}/healthz")
    assert look(at=own).page.get_by_role("heading", level=1).inner_text().startswith("Sorry")
