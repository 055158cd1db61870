"""Variation and assurance icons as SVG text: our own drawings of what Making Data Count's icons say.

Each differs by shape and by letter as well as by colour, so that it is told apart in greyscale, at 16 pixels,
and by a screen reader (its title). Letters are drawn, not set in a font; nothing outside is referred to.
"""

from base64 import b64encode
from dataclasses import dataclass
from html import escape

IMPROVEMENT, CONCERN, NEITHER, COMMON = "#00B0F0", "#E46C0A", "#490092", "#A6A6A6"
"""Making Data Count's colours; they fill, and no meaning rests on them alone."""

OUTLINE = "#6E7B86"
"""At least 3:1 on the white and on the dark ground: the only colour of an icon that touches either."""

DARK_LETTER, LIGHT_LETTER = "#0B1016", "#FFFFFF"

CIRCLE = "M16 2a14 14 0 1 0 0 28a14 14 0 1 0 0-28z"
DROP_UP = "M16 0l10 9.3a12 12 0 1 1-20 0z"
DROP_DOWN = "M16 32l10-9.3a12 12 0 1 0-20 0z"
TRIANGLE_UP = "M16 1.5L31 30H1z"
TRIANGLE_DOWN = "M16 30.5L31 2H1z"
HOUSE_UP = "M16 1.5L29.5 12H24.5V30H7.5V12H2.5z"
HOUSE_DOWN = "M16 30.5L29.5 20H24.5V2H7.5V20H2.5z"
SQUARE = "M3 3H29V29H3z"
OCTAGON = "M10.5 1.5H21.5L30.5 10.5V21.5L21.5 30.5H10.5L1.5 21.5V10.5z"
DIAMOND = "M16 1L31 16L16 31L1 16z"

LETTERS = {
    "H": "M-4.5-6V6M4.5-6V6M-4.5 0H4.5",
    "L": "M-3.5-6V6H4.5",
    "C": "M5-4A6.4 6.4 0 1 0 5 4",
    "P": "M-4 7V-7H1A4 4 0 0 1 1 1H-4",
    "F": "M-3.5 7V-7H5M-3.5 0H3.5",
    "?": "M-4-3.5A4 4 0 1 1 1.7 0Q0 1 0 3.2M0 6.2V8",
    "-": "M-6 0H6",
}


@dataclass(frozen=True, slots=True)
class Icon:
    """One drawing: `fill` None is an empty outline; `centre` is how far down its letter's middle is."""

    title: str
    shape: str
    letter: str
    fill: str | None
    centre: float = 16
    scale: float = 1


VARIATION = {
    "improvement_high": Icon("Special cause of improvement: high", DROP_UP, "H", IMPROVEMENT, 17.5, 1.05),
    "improvement_low": Icon("Special cause of improvement: low", DROP_DOWN, "L", IMPROVEMENT, 14.5, 1.05),
    "concern_high": Icon("Special cause of concern: high", TRIANGLE_UP, "H", CONCERN, 21.5, 0.85),
    "concern_low": Icon("Special cause of concern: low", TRIANGLE_DOWN, "L", CONCERN, 10.5, 0.85),
    "common_cause": Icon("Common cause variation: no special cause", CIRCLE, "C", COMMON, 16, 1.05),
    "neither_high": Icon("Special cause, neither better nor worse: up", HOUSE_UP, "H", NEITHER, 18, 1),
    "neither_low": Icon("Special cause, neither better nor worse: down", HOUSE_DOWN, "L", NEITHER, 14, 1),
}
"""By the state of the last point, as `targets spc` names them."""

ASSURANCE = {
    "consistently_passing": Icon("Consistently passing the target", SQUARE, "P", IMPROVEMENT, 16, 1.1),
    "consistently_failing": Icon("Consistently failing the target", OCTAGON, "F", CONCERN, 16, 1.1),
    "hit_or_miss": Icon("Hit or miss: the target is within what chance gives", DIAMOND, "?", COMMON),
    "none": Icon("No assurance icon: no target, or no limits to hold it against", CIRCLE, "-", None),
}
"""By the target against the limits, as `targets spc` names them."""


def variation_icon(state: str, size: int = 16, title: str | None = None) -> str:
    """The icon of a variation, as an SVG element; `title` (the reason, say) takes the place of its own.

    Raises KeyError for a state that `VARIATION` does not have.
    """
    return _drawn(VARIATION[state], size, title)


def assurance_icon(state: str, size: int = 16, title: str | None = None) -> str:
    """The icon of an assurance, as an SVG element; `title` takes the place of its own.

    Raises KeyError for a state that `ASSURANCE` does not have.
    """
    return _drawn(ASSURANCE[state], size, title)


def data_uri(svg: str) -> str:
    """An SVG element as an image address that holds the whole picture, for image columns and CSS."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _drawn(icon: Icon, size: int, title: str | None) -> str:
    words = escape(title or icon.title)
    if icon.fill is None:
        ink, fill = OUTLINE, "none"
    else:
        ink, fill = (LIGHT_LETTER if icon.fill == NEITHER else DARK_LETTER), icon.fill
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 34 34" width="{size}" height="{size}" '
        f'role="img" aria-label="{words}"><title>{words}</title>'
        f'<path d="{icon.shape}" fill="{fill}" stroke="{OUTLINE}" '
        f'stroke-width="2.4" stroke-linejoin="round"/>'
        f'<path transform="translate(16 {icon.centre}) scale({icon.scale})" d="{LETTERS[icon.letter]}" '
        f'fill="none" stroke="{ink}" stroke-width="3.4" stroke-linecap="square"/></svg>'
    )
