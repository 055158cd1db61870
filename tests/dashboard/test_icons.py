"""The icons as data: well-formed, named, self-contained, and seen on either ground."""

import re
from base64 import b64decode
from xml.etree import ElementTree

import pytest

from dashboard import icons
from dashboard.palette import DARK, LIGHT, contrast
from metrics.spc_states import FAILING, HIT_OR_MISS, NO_ICON, PASSING, STATES

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {name: icons.variation_icon(name) for name in icons.VARIATION} | {
    name: icons.assurance_icon(name) for name in icons.ASSURANCE
}


def test_there_is_an_icon_for_every_state_that_spc_gives():
    assert set(icons.VARIATION) == set(STATES.categories)
    assert set(icons.ASSURANCE) == {PASSING, FAILING, HIT_OR_MISS, NO_ICON}


@pytest.mark.parametrize("name", DRAWN)
def test_well_formed_named_and_self_contained(name):
    svg = DRAWN[name]
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == root.get("aria-label") != ""
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "title", "path"}
    assert re.findall(r"https?://[^\"]*|href|url\(|@import|style", svg) == ["http://www.w3.org/2000/svg"]
    assert (root.get("width"), root.get("height")) == ("16", "16")
    assert b64decode(icons.data_uri(svg).split(",")[1]).decode() == svg


def test_no_two_say_show_or_colour_the_same():
    every = [*icons.VARIATION.values(), *icons.ASSURANCE.values()]
    assert len({icon.title for icon in every}) == len(every)
    assert len({(icon.shape, icon.letter) for icon in every}) == len(every)
    for family in (icons.VARIATION, icons.ASSURANCE):
        assert len({icon.shape for icon in family.values()}) == len(family)


def test_outlines_and_letters_stand_out_from_what_is_behind_them():
    for ground in (LIGHT.ground, DARK.ground, "#FFFFFF", "#1A1A1A"):
        assert contrast(icons.OUTLINE, ground) >= 3
    for name, icon in (icons.VARIATION | icons.ASSURANCE).items():
        if icon.fill:
            letter = icons.LIGHT_LETTER if icons.LIGHT_LETTER in DRAWN[name] else icons.DARK_LETTER
            assert contrast(letter, icon.fill) >= 4.5


def test_a_reason_takes_the_place_of_the_title_and_is_escaped():
    svg = icons.variation_icon("concern_low", 24, title='7 months below <the "mean" & limits>')
    root = ElementTree.fromstring(svg)
    assert root.findtext(f"{SVG}title") == root.get("aria-label") == '7 months below <the "mean" & limits>'
    assert root.get("width") == "24"
    with pytest.raises(KeyError):
        icons.assurance_icon("nonsense")
