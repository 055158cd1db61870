"""Every measure either comes from a published file or says why none gives it."""

import pytest

from metrics.indicators import all_indicators


@pytest.mark.parametrize("one", all_indicators().values(), ids=lambda one: one.id)
def test_a_measure_is_published_or_says_why_not(one):
    assert (one.published is None) == (not one.published_feeds)
    if one.published is None:
        assert one.unpublished.endswith(".")
        assert len(one.unpublished) > 40
