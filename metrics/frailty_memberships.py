"""Members of the frailty cohort derived from hospital diagnoses, for people whom no register calls frail.

An option, never a default: a derived cohort is picked by admissions and then measured by admissions, so its
rate falls back by itself, and it grows where coding grows deeper.
"""

from collections.abc import Collection

import polars as pl

from metrics.frailty_score import LOOK_BACK, frailty_scores

FRAILTY = "frailty"
SOURCE = "HFRS"
DIED = "4"
"""DISCHARGE METHOD CODE."""


def with_derived_frailty(
    memberships: pl.DataFrame, spells: pl.LazyFrame | pl.DataFrame, bands: Collection[str]
) -> pl.DataFrame:
    """The memberships, and derived ones (source `HFRS`) for people with no row of frailty, open or ended.

    `memberships` and `spells` have the columns of the feeds `cohort_memberships` and `inpatient_spells` (all
    months that are held); `bands` says which bands of the score make a member.
    """
    registered = memberships.filter(pl.col("cohort") == FRAILTY).select("person_id")
    derived = derived_frailty(spells, bands).join(registered, on="person_id", how="anti")
    return pl.concat([memberships, derived.match_to_schema(memberships.schema)])


def derived_frailty(spells: pl.LazyFrame | pl.DataFrame, bands: Collection[str]) -> pl.DataFrame:
    """Memberships in the columns of `cohort_memberships`, one for each scored spell that makes a member.

    On a day, a person is judged by their latest scored spell that had ended before it, for two years from its
    admission. So the spell that makes a member does not itself count as a member's; and one that ended in
    death makes none. Practice, age and the like are those of the spell.
    """
    person = ("age", "sex", "ethnic_group", "lsoa_code")
    held = spells.lazy().select("spell_id", "discharge_date", "discharge_method", "practice_code", *person)
    following = pl.col("discharge_date").shift(-1).over("person_id")
    lapses = pl.col("admission_date").dt.offset_by(LOOK_BACK)
    return (
        frailty_scores(spells)
        .lazy()
        .join(held, on="spell_id")
        .sort("person_id", "discharge_date", "admission_date", "spell_id")
        .with_columns(
            cohort=pl.lit(FRAILTY),
            source=pl.lit(SOURCE),
            start_date=pl.col("discharge_date").dt.offset_by("1d"),
            end_date=pl.min_horizontal(lapses, following),
        )
        .filter(
            pl.col("band").is_in(list(bands)),
            pl.col("discharge_method").ne_missing(DIED),
            pl.col("start_date") <= pl.col("end_date"),
        )
        .select("person_id", "cohort", "start_date", "end_date", "practice_code", "source", *person)
        .collect()
    )
