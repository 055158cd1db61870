"""The icons as Chromium draws them: 16 pixels, grey, and still told apart."""

from itertools import combinations

import pytest

from dashboard import icons
from dashboard.palette import DARK, LIGHT

pytestmark = pytest.mark.browser

GREY_PIXELS = """async ([source, ground]) => {
    const image = new Image(16, 16);
    image.src = source;
    await image.decode();
    const canvas = new OffscreenCanvas(16, 16), pen = canvas.getContext("2d");
    pen.fillStyle = ground;
    pen.fillRect(0, 0, 16, 16);
    pen.drawImage(image, 0, 0, 16, 16);
    const {data} = pen.getImageData(0, 0, 16, 16);
    return Array.from({length: 256}, (_, at) =>
        0.2126 * data[4 * at] + 0.7152 * data[4 * at + 1] + 0.0722 * data[4 * at + 2]);
}"""

FAMILIES = {
    "variation": {name: icons.variation_icon(name) for name in icons.VARIATION},
    "assurance": {name: icons.assurance_icon(name) for name in icons.ASSURANCE},
}


@pytest.mark.parametrize("ground", [LIGHT.ground, DARK.ground])
@pytest.mark.parametrize("family", FAMILIES)
def test_icons_differ_in_grey_at_16_pixels(browser, family, ground):
    page = browser.new_page()
    pixels = {
        name: page.evaluate(GREY_PIXELS, [icons.data_uri(svg), ground])
        for name, svg in FAMILIES[family].items()
    }
    page.close()
    for (one, first), (other, second) in combinations(pixels.items(), 2):
        differing = sum(abs(a - b) > 40 for a, b in zip(first, second, strict=True))
        assert differing >= 32, (one, other, differing)
    base = int(ground[1:3], 16)
    for name, grey in pixels.items():
        assert sum(abs(value - base) > 50 for value in grey) >= 40, name
