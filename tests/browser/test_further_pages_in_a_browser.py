"""Pages for places, for systems and for assurance in a real browser."""

import pytest
import seen

pytestmark = pytest.mark.browser
FURTHER = seen.BESIDE | seen.ASSURANCE


@pytest.mark.parametrize("name", FURTHER)
def test_page(look, name):
    seen.whole(look, FURTHER[name], name)
