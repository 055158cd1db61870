"""What is kept is kept for the frame it was made from and for no other; many series stand as each does."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dashboard.kept import contents, kept

LINES = pl.DataFrame({"period": range(100), "value": [0.5] * 100})
MIDDLE = LINES.with_columns(pl.when(pl.col("period") == 50).then(0.9).otherwise("value").alias("value"))


def test_frames_that_differ_in_the_middle_alone_are_told_apart():
    assert contents(LINES) == contents(LINES.clone())
    assert contents(LINES) != contents(MIDDLE)


def test_frames_that_differ_in_names_or_types_alone_are_told_apart():
    assert contents(LINES) != contents(LINES.rename({"value": "path"}))
    assert contents(LINES.clear()) != contents(LINES.clear().cast({"period": pl.Int32}))


def test_an_answer_is_given_again_for_the_same_frame_only():
    asked = []

    @kept(4)
    def total(lines: pl.DataFrame) -> float:
        asked.append(lines.height)
        return float(lines["value"].sum())

    assert [total(LINES), total(LINES.clone()), total(MIDDLE)] == pytest.approx([50.0, 50.0, 50.4])
    assert len(asked) == 2


def test_many_series_stand_as_each_does_alone(in_home, made_world):
    from dashboard import queries, verdicts
    from metrics.indicators import all_indicators

    in_home(made_world)
    codes = tuple(f"NB{n}" for n in range(1, 7))
    seen = set()
    for one in all_indicators().values():
        lines = queries.history("e", one.id, "neighbourhood", codes, "all", "local")
        if lines.is_empty():
            continue
        together = verdicts.judged("e", lines)
        apart = pl.concat([verdicts.judged("e", part) for part in lines.partition_by("organisation")])
        assert_frame_equal(together, apart.sort("organisation"), check_row_order=True)
        seen |= {(one.k_of_n is not None, words) for words in together["status_words"]}
    assert len({rule for rule, _ in seen}) == 2
    assert len(seen) > 3
