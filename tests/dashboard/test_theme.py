"""Contrast, in both themes: 4.5:1 for text, 3:1 for marks and borders (WCAG 2.2, 1.4.3 and 1.4.11)."""

import tomllib
from pathlib import Path

import pytest

from dashboard.palette import DARK, LIGHT, contrast, palette_for

CONFIG = tomllib.loads((Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml").read_text())
THEMES = {"light": (CONFIG["theme"]["light"], LIGHT), "dark": (CONFIG["theme"]["dark"], DARK)}


def test_contrast_is_the_wcag_formula():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
def test_text_is_readable(name):
    theme, palette = THEMES[name]
    for ground in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        for text in ("textColor", "linkColor", "blueTextColor", "codeTextColor", "dataframeHeaderTextColor"):
            assert contrast(theme[text], ground) >= 4.5, (text, ground)
    for colour in ("blue", "green", "orange", "violet", "gray", "red", "yellow"):
        assert contrast(theme[f"{colour}TextColor"], theme[f"{colour}BackgroundColor"]) >= 4.5, colour
    for ink in (palette.ink, palette.quiet, palette.actual, palette.path, palette.target):
        assert contrast(ink, palette.ground) >= 4.5, "direct labels are text in the colour of their line"


@pytest.mark.parametrize("name", THEMES)
def test_marks_and_borders_can_be_seen(name):
    theme, palette = THEMES[name]
    assert palette.ground == theme["backgroundColor"]
    for mark in (palette.actual, palette.path, palette.target, palette.good, palette.concern):
        assert contrast(mark, palette.ground) >= 3
    for ground in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(theme["borderColor"], ground) >= 3
        assert contrast(theme["primaryColor"], ground) >= 3


@pytest.mark.parametrize("name", THEMES)
def test_the_ring_of_focus_can_be_seen(name):
    """Streamlit draws it in the primary colour at half strength."""
    theme, _ = THEMES[name]
    for ground in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(_half(theme["primaryColor"], ground), ground) >= 3


def _half(colour: str, ground: str) -> str:
    pairs = ((int(colour[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round((one + other) / 2):02X}" for one, other in pairs)


def test_a_theme_not_yet_known_is_light():
    assert palette_for(None) is LIGHT
    assert palette_for("dark") is DARK


def test_a_reader_sees_no_traceback_and_nothing_is_sent_anywhere():
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["browser"]["gatherUsageStats"] is False


def test_no_font_or_theme_is_fetched():
    text = (Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml").read_text()
    assert "http" not in text.replace("https://", "http").lower() or "url" not in CONFIG["theme"]
    assert "://" not in text
