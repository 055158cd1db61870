"""Journey 6 beyond what axe-core finds: tabs told apart, focus, what a screen reader hears."""

import re

import pytest
import seen

pytestmark = pytest.mark.browser

BOARD = seen.SUMMARY["board"]
FOCUSED = (
    "(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || '').trim()"
)


def stops(page, most: int = 140) -> list[str]:
    """Press Tab to the end of the page; what each stop is called."""
    heard = []
    for _ in range(most):
        page.keyboard.press("Tab")
        heard.append(page.evaluate(FOCUSED))
        if heard[-1].endswith("How each measure is defined"):
            return heard
    raise AssertionError(f"the end of the page was never reached: {heard[-3:]}")


def test_a_board_page_has_a_tab_of_its_own_name_and_no_stops_for_pictures(look):
    page = look(BOARD).page
    name = page.locator("h1").inner_text()
    assert page.title() == f"Board page: {name} – Neighbourhood health targets"
    drawn = page.locator("[data-testid=stMain] img")
    assert drawn.count() >= 8
    assert all(picture.get_attribute("alt") for picture in drawn.all())
    assert drawn.evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)"), "drawn"
    away = page.locator("[data-testid=stMain] a[target=_blank]:not([href*='://'])")
    told = away.evaluate_all("all => all.map(one => one.title)")
    assert told
    assert all("Opens a new tab" in title for title in told)
    heard = stops(page)
    assert not [one for one in heard if one.startswith("Fullscreen")]
    assert all(heard), "every stop has a name"


def test_following_a_crumb_shows_the_focus_and_changes_address_and_tab(look):
    sight = look(BOARD)
    page = sight.page
    crumb = page.get_by_role("link", name="Tarnshire").first
    for _ in range(30):
        page.keyboard.press("Tab")
        if crumb.evaluate("one => one === document.activeElement"):
            break
    else:
        raise AssertionError("the crumb was never reached")
    page.get_by_test_id("stTooltipContent").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"level=(?!provider)"))
    sight.settle()
    assert "here=" not in page.url
    assert page.title().startswith(f"Board page: {page.locator('h1').inner_text()}")
    assert look(page.url.split("/", 3)[3]).page.locator("h1").inner_text() == page.locator("h1").inner_text()
