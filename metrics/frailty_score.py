"""The Hospital Frailty Risk Score: frailty read off the diagnoses of older people's emergency stays.

Source: Gilbert T and others, "Development and validation of a Hospital Frailty Risk Score focusing on older
people in acute care settings using electronic hospital records: an observational study", Lancet 2018; 391:
1775-82, doi 10.1016/S0140-6736(18)30668-8, supplementary appendix 2. Public transcriptions agree on all codes
and points: jamesvanoppen/hfrs (which keeps the appendix's counts), vvcb/comorbidipy and two others.

Not validated under 75. It rises with the depth of coding: more diagnoses written down look like more frailty.
"""

import polars as pl

from metrics.indicators.cohort_stays import EMERGENCY

CODES = {
    71: "F00",
    44: "G81",
    40: "G30",
    37: "I69",
    36: "R29",
    32: "N39 F05 W19 S00",
    30: "R31",
    29: "B96",
    27: "R41",
    26: "R26 I67 R56",
    25: "R40",
    24: "T83 S06",
    23: "S42 E87 M25 E86",
    22: "R54",
    21: "Z50 F03 W18",
    20: "Z75 F01 S80 L03",
    19: "H54 E53",
    18: "Z60 G20 R55 S22 K59 N17",
    17: "L89 Z22 B95",
    16: "L97 R44 K26 I95 N19 A41",
    15: "Z87 J96 X59 M19 G40",
    14: "M81 S72 S32 E16 R94 N18",
    13: "R33 R69 N28",
    12: "R32 G31 Y95 S09 R45 G45",
    11: "Z74 M79 W06 S01 A04 A09 J18",
    10: "J69 R47 E55 Z93 R02",
    9: "R63 H91 W10 W01 E05 M41",
    8: "R13 Z99 U80 M80 K92 I63",
    7: "N20 F10 Y84 R00 J22",
    6: "Z73 R79",
    5: "Z91 S51 F32 M48",
    4: "E83 M15 D64 L08",
    3: "R11 K52",
    1: "R50",
}
"""ICD-10 codes of three characters by the points they give, in tenths."""
TENTHS = {code: tenths for tenths, codes in CODES.items() for code in codes.split()}
"""Points of each code in tenths: whole numbers, for codes that come to 15.0 can come to more in floats."""

OLD = 75
LOOK_BACK = "2y"
LOW, INTERMEDIATE, HIGH = "low", "intermediate", "high"
INTERMEDIATE_FROM, INTERMEDIATE_TO = 50, 150


def frailty_scores(spells: pl.LazyFrame | pl.DataFrame) -> pl.DataFrame:
    """Score every emergency spell of a person of 75 or more; one row each.

    `spells` has the columns of the feed `inpatient_spells`; spells that are no emergency count for nothing.
    Each code counts once over this spell and the person's emergency spells admitted on the same day or in the
    two years before, at whatever age. Gives `spell_id`, `person_id`, `admission_date`, `tenths` (Int32, the
    score in tenths) and `band` (`low` under 5, `intermediate` 5 to 15, `high` over 15). Where records begin
    less than two years before a spell, its score is too low.
    """
    emergencies = spells.lazy().filter(
        pl.col("admission_method").is_in(EMERGENCY), pl.col("person_id").is_not_null()
    )
    scored = emergencies.filter(pl.col("age") >= OLD).select("spell_id", "person_id", "admission_date")
    points = pl.LazyFrame(
        {"code": TENTHS.keys(), "tenths": TENTHS.values()}, {"code": pl.String, "tenths": pl.Int32}
    )
    coded = (
        emergencies.select(
            "person_id", written="admission_date", code=pl.col("diagnoses").str.to_uppercase().str.split(";")
        )
        .explode("code")
        .with_columns(pl.col("code").str.strip_chars().str.head(3))
        .join(points, on="code")
        .unique()
    )
    sums = (
        scored.join(coded, on="person_id")
        .filter(
            pl.col("written") <= pl.col("admission_date"),
            pl.col("written") >= pl.col("admission_date").dt.offset_by(f"-{LOOK_BACK}"),
        )
        .unique(["spell_id", "code"])
        .group_by("spell_id")
        .agg(pl.col("tenths").sum())
    )
    return (
        scored.join(sums, on="spell_id", how="left")
        .with_columns(pl.col("tenths").fill_null(0))
        .with_columns(band=band(pl.col("tenths")))
        .sort("person_id", "admission_date", "spell_id")
        .collect()
    )


def band(tenths: pl.Expr) -> pl.Expr:
    """Band of a score in tenths: 5.0 and 15.0 are both intermediate."""
    return (
        pl.when(tenths < INTERMEDIATE_FROM)
        .then(pl.lit(LOW))
        .when(tenths <= INTERMEDIATE_TO)
        .then(pl.lit(INTERMEDIATE))
        .otherwise(pl.lit(HIGH))
    )
