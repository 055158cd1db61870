"""The table of chance against a fresh simulation."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from metrics.spc import signals, summary
from metrics.spc_chance import expected_signals
from metrics.spc_profiles import PROFILES, Profile


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_chance_is_what_a_simulation_gives(profile: Profile):
    count, months = 4000, 30
    days = pl.Series([date(2023 + m // 12, m % 12 + 1, 1) for m in range(months)])
    frame = pl.DataFrame(
        {
            "series": np.repeat(np.arange(count), months),
            "date": days.gather(np.tile(np.arange(months), count)),
            "value": np.random.default_rng(3).normal(0, 1, count * months),
        }
    )
    icons = summary(signals(frame, profile), profile)
    seen = (icons["variation"] != "common_cause").sum()
    expected = expected_signals(icons, profile)
    assert abs(seen - expected) < 4 * expected**0.5


def test_charts_without_icons_and_unknown_profiles():
    short = pl.DataFrame({"points": [12, 3]})
    assert expected_signals(short, PROFILES["mdc"]) == 0
    with pytest.raises(ValueError, match="board"):
        expected_signals(short, Profile(name="board", version="1"))
