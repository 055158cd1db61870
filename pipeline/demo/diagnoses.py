"""Plausible lists of ICD-10 codes for a spell, by kind of patient."""

import numpy as np
import polars as pl

LISTS = 600
"""Different lists of diagnoses for each kind of patient."""

MAIN = {
    "child": "J219 J069 R509 B349 J459 A099 K590 S526 R104 L039 J039 N390",
    "adult": "R074 R104 K359 N390 L031 F100 T391 J459 K802 I839 S826 R55X G439 J181 K297 N201",
    "older": "J181 I500 N390 J440 I639 S720 R55X I214 A419 K922 I480 N179 R296 L031 J690 G459",
    "frail": "J181 N390 R296 S720 F059 A419 I500 N179 J690 R410 W190 E86X R54X K590 J440 I639",
    "planned": "H259 K409 M171 M169 K573 D126 N40X C189 C509 H269 K635 I251 Z511 N812 J350 M238",
    "maternity": "O800 O820 O700 O680 O429 O479 Z380 O140 O249 O360",
}
ALSO = {
    "child": "J459 Z880 R509 B974 Q211 P073",
    "adult": "I10X F329 J459 E119 Z720 F171 E669 K219 Z880 M549",
    "older": "I10X E119 I251 I489 N183 J449 E785 M199 H353 Z867 I252 D649 Z966 C61X",
    "frail": (
        "F03X F009 R296 W190 R410 N390 E86X R54X L891 R13X R32X I10X I489 N183 Z740 Z993 S010 G309 M810"
    ),
    "planned": "I10X E119 Z867 E785 M199 J459 Z880 Z921",
    "maternity": "O990 Z370 O721 O267 Z292",
}
MOST_ALSO = {"child": 2, "adult": 4, "older": 7, "frail": 11, "planned": 3, "maternity": 3}
KINDS = tuple(MAIN)


def diagnosis_lists(rng: np.random.Generator) -> pl.Series:
    """`LISTS` lists for each kind in turn, as text joined by semicolons; the main diagnosis first."""
    return pl.concat([_of_kind(rng, kind) for kind in KINDS])


def _of_kind(rng: np.random.Generator, kind: str) -> pl.Series:
    first, also, most = MAIN[kind].split(), ALSO[kind].split(), MOST_ALSO[kind]
    chosen = np.argsort(rng.random((LISTS, len(also))), axis=1)[:, :most]
    held = np.arange(most) < rng.integers(0, most + 1, (LISTS, 1))
    main = pl.Series("main", np.array(first)[rng.integers(0, len(first), LISTS)].tolist())
    columns = [
        pl.Series(f"also_{i}", np.array(also)[chosen[:, i]].tolist()).set(pl.Series(~held[:, i]), None)
        for i in range(most)
    ]
    return (
        pl.DataFrame([main, *columns])
        .select(pl.concat_str(pl.all(), separator=";", ignore_nulls=True))
        .to_series()
    )
