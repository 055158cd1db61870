"""Journey 1: a non-executive before a trust board, with a mouse, by keyboard alone, at 200%, and on paper."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

HEADING = "[data-testid=stMain] h1"
FOCUSED = "(document.activeElement.innerText || '').trim()"
SIDEWAYS = """() => { const main = document.querySelector('[data-testid=stMain]');
    return main.scrollWidth > main.clientWidth
        || document.documentElement.scrollWidth > window.innerWidth }"""


@pytest.fixture
def at(served, small_home) -> str:
    return served(small_home)


def test_from_six_targets_to_whose_gap_and_back_and_to_a_colleague(look, at):
    sight = look("board?level=provider", at=at)
    page, name = sight.page, sight.page.locator(HEADING).inner_text()
    numbers = page.get_by_text(re.compile(r"^\d\.$"))
    assert numbers.count() == 8, "eight measures of the six targets"
    assert {number.inner_text()[0] for number in numbers.all()} == set("123456")
    for number in numbers.all():
        box = number.bounding_box()
        assert box["y"] + box["height"] <= 900, "all on one screen"
    assert page.get_by_text("How good these data are.").count() == 1
    assert page.get_by_text("The newest month is").is_visible()

    gap = page.get_by_text(re.compile(r"Where the gap is\. About [\d,]+ .* a month behind in ")).first
    assert gap.count() == 1

    page.get_by_role("link", name="Four-hour standard", exact=True).click()
    page.get_by_role("heading", level=1, name=f"{name}: Four-hour standard").wait_for()
    sight.settle()
    assert page.get_by_text("Variation.").first.is_visible()
    page.get_by_role("combobox", name="Chart shows").click()
    page.get_by_role("option", name="Forecast", exact=True).click()
    page.wait_for_url("**shows=forecast*")
    sight.settle()
    assert page.get_by_text(re.compile("forecast", re.IGNORECASE)).count() > 0

    page.get_by_role("link", name="For boards").click()
    page.get_by_role("heading", level=1, name=name, exact=True).wait_for()
    sight.settle()
    path = page.url.split("/", 3)[3]
    assert "level=provider&organisation=" in path
    theirs = look(path, at=at).page
    assert theirs.locator(HEADING).inner_text() == name
    assert theirs.locator("table").first.inner_text() == page.locator("table").first.inner_text()
    assert sight.complaints == []


def test_by_keyboard_alone(look, at):
    sight = look("board?level=provider", at=at)
    page, name = sight.page, sight.page.locator(HEADING).inner_text()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == "Four-hour standard":
            break
    else:
        raise AssertionError("the target was never reached")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name=f"{name}: Four-hour standard").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_at_twice_the_size_nothing_is_lost(look, at, theme):
    sight = look("board?level=provider", (720, 450), theme, at=at)  # 1440 x 900 at 200%
    assert not sight.page.evaluate(SIDEWAYS)
    violations = Axe().run(sight.page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in violations] == []
    assert sight.page.get_by_role("link", name="Discharge delay", exact=True).count() == 1


def test_on_paper_every_row_keeps_its_line_and_nothing_is_cut_off(look, at):
    page = look("board?level=provider", at=at).page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1040})  # A4 with 1 cm of margin
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight") > 1040, (
        "the page is not clipped to a screen"
    )
    for picture in page.locator("[data-testid=stMain] img").all():
        box = picture.bounding_box()
        assert box["x"] + box["width"] <= 718
    sheet = page.pdf(format="A4", print_background=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", sheet))
    assert 2 <= pages <= 6
