"""Which pages are looked at in a browser, under which address, and what is asked of each look."""

import ast
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = Path(__file__).parent / "screenshots"
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
FOUR_HOURS = "measure=four_hour_ed"

SUMMARY = {
    "overview": "",
    "matrix": "variation?level=provider",
    "find": "find?find=har",
    "board": "board?organisation=RZ1",
    "system": "trajectory?level=system&shows=forecast",
    "place": f"trajectory?level=place&{FOUR_HOURS}",
    "provider": "trajectory?level=provider&measure=outpatient_follow_ups&compare=specialty",
}
"""Summary, For boards and Trajectories: a name for each look, and its address."""
BESIDE = {
    "neighbourhoods": f"neighbourhoods?level=place&organisation=PL2&{FOUR_HOURS}",
    "what-it-would-take": "what-it-would-take?level=place&organisation=PL2",
    "inequalities": f"inequalities?level=place&organisation=PL2&{FOUR_HOURS}",
    "map": "map",
    "funnel": f"compare?level=neighbourhood&{FOUR_HOURS}&chart=funnel",
    "ranked": f"compare?level=neighbourhood&{FOUR_HOURS}&chart=ranked&peers=NB1",
    "spread": f"compare?level=neighbourhood&{FOUR_HOURS}&chart=spread&peers=NB1,NB4",
    "heat-map": "heat-map?level=neighbourhood",
}
"""For places and For systems."""
ASSURANCE = {
    "data-quality": "data-quality",
    "coverage": f"coverage?level=provider&{FOUR_HOURS}&basis=published",
    "revisions": f"revisions?level=provider&{FOUR_HOURS}&basis=published",
    "receipt": f"receipt?level=place&organisation=PL2&{FOUR_HOURS}&month=2026-09",
    "load": "load",
    "published": "published",
    "definitions": "definitions",
    "glossary": "glossary",
    "accessibility": "accessibility",
}
AXE = Axe().axe_script
WIDTHS = """charts => charts.map(chart => [
    chart.querySelector('svg.main-svg').getBoundingClientRect().width,
    chart.getBoundingClientRect().width])"""


def menu() -> set[str]:
    """The addresses of every page in app.py; the first page has none."""
    calls = [
        node
        for node in ast.walk(ast.parse((ROOT / "app.py").read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page"
    ]
    addresses = set()
    for call in calls:
        said = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
        file = Path(ast.literal_eval(call.args[0]))
        addresses.add("" if said.get("default") else said.get("url_path", file.stem))
    return addresses


def whole(look: Callable, path: str, name: str, at: str | None = None) -> None:
    """Look at one page in both themes and at both sizes; it asks no other host and makes no complaint."""
    sight = look(path, SIZES["desktop"], "light", at=at)
    for theme in ("light", "dark"):
        if theme == "dark":
            sight.turn(theme)
        assert sight.page.locator("h1").count() == 1
        assert sight.page.get_by_role("dialog").count() == 0, "no notice that the page was not found"
        for size, (width, height) in SIZES.items():
            sight.page.set_viewport_size({"width": width, "height": height})
            sight.settle()
            faultless(sight.page, f"{name}-{size}-{theme}")
        assert sight.outside == [], "nothing is asked of any other host"
        assert sight.complaints == []


def faultless(page, name: str) -> None:
    """Look for faults that a tool can find, sideways scrolling, and charts cut off by what holds them."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    assert faults(page) == [], name
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth"), f"{name}: no sideways scrolling"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    for drawn, room in page.locator("[data-testid=stPlotlyChart]").evaluate_all(WIDTHS):
        assert drawn <= room + 1, name


def faults(page) -> list[tuple[str, list[str]]]:
    """What axe-core finds with every rule on and nothing left out: the rule, and where it is broken."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    violations = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in violations]


def heard(page) -> list[tuple[str, str]]:
    """What Chromium tells a screen reader, in order: each part's role and name."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    told = (node for node in nodes if not node["ignored"])
    return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in told]
