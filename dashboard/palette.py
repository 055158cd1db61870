"""The colours of marks in charts, one palette for each theme; text takes the theme's own colours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Mark colours as hex; each is at least 3:1 against `ground`, `ink` and `quiet` at least 4.5:1."""

    ground: str
    ink: str
    quiet: str
    grid: str
    actual: str
    path: str
    target: str
    good: str
    concern: str


LIGHT = Palette(
    ground="#FFFFFF",
    ink="#212B32",
    quiet="#425563",
    grid="#DDE3E6",
    actual="#005EB8",
    path="#4C6272",
    target="#003087",
    good="#005EB8",
    concern="#B04A00",
)
DARK = Palette(
    ground="#0E1A26",
    ink="#F0F4F5",
    quiet="#C8D2D9",
    grid="#2A3B4A",
    actual="#6FC4EE",
    path="#AEBBC4",
    target="#FFFFFF",
    good="#6FC4EE",
    concern="#FFA25C",
)


def palette_for(theme: str | None) -> Palette:
    """Give the palette for a theme's name; anything but "dark" is light."""
    return DARK if theme == "dark" else LIGHT


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two hex colours (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
