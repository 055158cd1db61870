"""The matrix as known on an earlier day is worked out from that day's figures, by the rules of a refresh."""

import pytest
from world import KNOWN_AT, build

from warehouse import observations, runs

PAGE = "pages/summary/matrix.py"


def said(app) -> list[object]:
    assert not app.exception
    words = [m.value for m in app.markdown if not m.value.startswith(":small[Every figure")]
    return [app.table[0].value.to_numpy().tolist(), [text for text in words if "From" in text]]


@pytest.fixture(scope="module")
def emptied_world(tmp_path_factory):
    """A world whose place PL1 was counted again a month later, at a tenth of everything."""
    folder = tmp_path_factory.mktemp("emptied")
    home = build(folder, published=False)
    run = runs.start(home, "refresh")
    held = observations.read(home, breakdown=None)
    for (name,), mine in held.group_by("indicator"):
        less = mine.with_columns(value=mine["value"] / 10)
        observations.write(home, less, str(name), "local", None, run, KNOWN_AT.replace(month=11))
    runs.finish(home, run, "done")
    home.close()
    return folder


def test_as_known_now_it_is_what_was_stored(open_page):
    stored = said(open_page(PAGE, level="place", organisation="PL1"))
    then = said(open_page(PAGE, level="place", organisation="PL1", known=KNOWN_AT.date().isoformat()))
    assert then == stored


def test_as_known_before_a_correction_it_is_what_was_stored_before_it(open_page, emptied_world):
    stored = said(open_page(PAGE, level="place", organisation="PL1"))
    app = open_page(
        PAGE, home=emptied_world, level="place", organisation="PL1", known=KNOWN_AT.date().isoformat()
    )
    assert said(app) == stored
    assert "as known at the end of 14 October 2026" in " ".join(one.value for one in app.info)
