"""No feed may hold who a person is: no column named like an identifier, no values that are NHS numbers.

The NHS number's tenth digit is a checksum (NHS Data Dictionary, NHS NUMBER): weights 10 to 2, modulo 11. One
random ten-digit number in eleven passes by chance, so a pseudonym of ten digits cannot be told from an NHS
number one value at a time. A column is refused when more than half of its distinct ten-digit values pass, or
when more pass than chance allows (five standard deviations over one in eleven): a column of NHS numbers
passes wholly, a lone NHS number among other codes is all of the ten-digit values there are, and a few
thousand NHS numbers hidden among ten-digit pseudonyms lift the share beyond chance. Best is a pseudonym that
is not a ten-digit number.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import polars as pl

# Words of a column's name, after snake_case and camelCase are split. A column the contract declares is
# exempt (an organisation has a name); a test holds the contracts themselves to this list.
IDENTIFYING = (
    ("name",),
    ("forename",),
    ("forenames",),
    ("firstname",),
    ("surname",),
    ("lastname",),
    ("fullname",),
    ("nhs", "number"),
    ("nhs", "no"),
    ("nhs", "num"),
    ("nhs", "id"),
    ("nhsnumber",),
    ("nhsno",),
    ("postcode",),
    ("postcodes",),
    ("post", "code"),
    ("postal", "code"),
    ("zip",),
    ("date", "of", "birth"),
    ("birth", "date"),
    ("birthdate",),
    ("dateofbirth",),
    ("dob",),
    ("address",),
    ("telephone",),
    ("phone",),
    ("email",),
)
# As an NHS number is printed, alone or within other text, but not as a part of a longer number.
PRINTED = r"(?:^|[^0-9])([0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4})(?:[^0-9]|$)"
# An organisation's name is no secret.
HARMLESS_NAMES = {"org", "organisation", "practice", "provider", "region", "system", "place", "area", "file"}
CHANCE = 1 / 11
DEVIATIONS = 5.0


@dataclass(frozen=True)
class Identifier:
    """One column that may not be held, and the sentence that says why."""

    column: str
    reason: str


def named_like_identifiers(columns: Iterable[str], declared: Sequence[str] = ()) -> list[Identifier]:
    """Return the columns whose name says they identify a person, leaving out the declared ones."""
    return [
        Identifier(name, f"the column '{name}' is named like a personal identifier, which no feed may hold")
        for name in columns
        if name not in declared and _identifying(_words(name))
    ]


def holding_nhs_numbers(frame: pl.DataFrame) -> list[Identifier]:
    """Return the text and number columns whose values are NHS numbers."""
    found = []
    for column in frame.iter_columns():
        numbers = _ten_digit_values(column)
        if numbers is None or numbers.is_empty():
            continue
        tried, passed = numbers.len(), int(passes_checksum(numbers).sum())
        by_chance = tried * CHANCE + DEVIATIONS * sqrt(tried * CHANCE * (1 - CHANCE))
        if passed > tried / 2 or passed > by_chance:
            found.append(
                Identifier(
                    column.name,
                    f"the column '{column.name}' holds NHS numbers: {passed:,} of its {tried:,} distinct "
                    "ten-digit values pass the NHS-number checksum, far more than chance",
                )
            )
    return found


def passes_checksum(numbers: pl.Series) -> pl.Series:
    """Say which ten-digit whole numbers (Int64) pass the NHS-number checksum."""
    number = pl.col("number")
    total = pl.sum_horizontal((number // 10 ** (10 - place) % 10) * (11 - place) for place in range(1, 10))
    check = (11 - total % 11) % 11
    valid = (check == number % 10) & (number > 0)
    return pl.DataFrame({"number": numbers}).select(valid.alias("passes")).to_series()


def _ten_digit_values(column: pl.Series) -> pl.Series | None:
    """Return a column's distinct ten-digit values as Int64; None where it can hold none."""
    if column.dtype in (pl.Categorical, pl.Enum):
        column = column.cast(pl.String)
    if column.dtype.is_numeric():
        if column.dtype in (pl.Int8, pl.Int16, pl.UInt8, pl.UInt16):
            return None
        wide = column.cast(pl.Int64, strict=False)
        return wide.filter(wide.is_between(1_000_000_000, 9_999_999_999)).unique()
    if column.dtype != pl.String:
        return None
    printed = column.filter(column.str.contains(PRINTED)).unique().str.extract(PRINTED)
    return printed.str.replace_all(r"[ -]", "").cast(pl.Int64).unique()


def _words(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [word for word in re.split(r"[^a-z0-9]+", spaced.lower()) if word]


def _identifying(words: Sequence[str]) -> bool:
    return any(
        tuple(words[start : start + len(phrase)]) == phrase
        for phrase in IDENTIFYING
        for start in range(len(words) - len(phrase) + 1)
        if phrase != ("name",) or not HARMLESS_NAMES & set(words)
    )
