"""The k-of-n rule: a pooled share at the target is not the target."""

from datetime import date

import polars as pl
import pytest

from metrics.baseline import SERIES
from metrics.indicators import all_indicators
from metrics.k_of_n import held_to_rule, reaching

[DIVERSION] = [one for one in all_indicators().values() if one.k_of_n and one.role == "target"]
RULE = DIVERSION.k_of_n


def standings(met: int, whole: str = "met", latest: date = date(2026, 9, 1)) -> pl.DataFrame:
    words = ["met"] * met + ["behind"] * (len(RULE.categories) - met)
    rows = [("all", "all", whole), *zip([RULE.breakdown] * 99, RULE.categories, words, strict=False)]
    return pl.DataFrame(
        [
            {
                **dict.fromkeys(SERIES, "x"),
                "breakdown": breakdown,
                "category": category,
                "status_words": words,
                "latest_period": latest,
                "target_due": date(2027, 3, 1),
            }
            for breakdown, category, words in rows
        ]
    )


def whole_of(frame: pl.DataFrame) -> str:
    return held_to_rule(DIVERSION, frame).filter(pl.col("breakdown") == "all")["status_words"].item()


def test_seven_of_ten_specialties():
    [row] = reaching(DIVERSION, standings(7)).to_dicts()
    assert (row["reaching"], row["with_data"]) == (7, len(RULE.categories)) == (7, 10)


@pytest.mark.parametrize(("met", "words"), [(10, "met"), (9, "on track"), (0, "on track")])
def test_the_whole_is_met_only_when_enough_specialties_are(met, words):
    assert whole_of(standings(met)) == words


def test_once_due_it_is_behind():
    assert whole_of(standings(9, latest=date(2027, 3, 1))) == "behind"


def test_other_words_and_other_rows_stay():
    assert whole_of(standings(10, whole="behind")) == "behind"
    frame = standings(3)
    parts = held_to_rule(DIVERSION, frame).filter(pl.col("breakdown") != "all")
    assert parts.equals(frame.filter(pl.col("breakdown") != "all"))


def test_an_indicator_without_a_rule_is_left_alone():
    other = next(one for one in all_indicators().values() if one.k_of_n is None)
    frame = standings(3)
    assert held_to_rule(other, frame).equals(frame)
    with pytest.raises(ValueError, match="no k-of-n rule"):
        reaching(other, frame)
