"""Tables that fit a page stand whole, for paper shows nothing of what scrolls."""

from dashboard.panels import tall


def test_englands_42_systems_are_not_cut_off_on_paper():
    assert tall.height(42) == "content"


def test_a_table_of_every_neighbourhood_of_england_scrolls():
    assert tall.height(1300) == tall.WINDOW
