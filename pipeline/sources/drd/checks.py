"""What must hold before the file is believed, and what is told where it does not quite hold.

Found in the nine months of April to December 2024: systems (ICBs) add up to England in every month; providers
do in every month but April, where one of the 120 trusts counted has no row of its own; places (UTLA) add up
to 94% to 97% of it, the rest living elsewhere or nowhere known. So each level is taken as it is published.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from pipeline.reading import RefusedFile
from pipeline.sources.drd.layout import COUNTS, PUBLISHED_NAMES, WHOLE_FILE
from pipeline.sources.drd.tidy import KEY
from pipeline.sources.published import Notice
from pipeline.sources.values import FAULTS_NAMED, half_a_digit

# A level that adds up to less than this share of England is a part of it: rows are lost.
LEAST = {"system": 0.95, "provider": 0.90, "place": 0.75, "region": 0.95}
_TITLES = {"england": "National", "system": "ICB", "provider": "Provider", "place": "UTLA Aggregate"}


def levels_lacking(rows: pl.DataFrame) -> list[str]:
    """The Data Types of a whole file that some month of this one has no figures of, by their names."""
    lacking = set()
    for _, month in rows.group_by("period"):
        lacking |= set(WHOLE_FILE) - set(month["level"])
    return [_TITLES[level] for level in WHOLE_FILE if level in lacking]


def check_rows(file: str, rows: pl.DataFrame) -> None:
    """Each value once."""
    key = [*KEY, "measure"]
    doubled = rows.filter(pl.struct(key).is_duplicated()).group_by(key, maintain_order=True).agg("row")
    _refuse(
        f"{file}: '{measure}' of {code} stands in rows {' and '.join(map(str, where))}, not once."
        for *_, code, _, measure, where in doubled.iter_rows()
    )


def check_counted(file: str, rows: pl.DataFrame) -> None:
    """Each count of every organisation."""
    lacks = _counted(rows)
    _refuse(
        f"{file}: {code} has no row '{PUBLISHED_NAMES[name]}'."
        for name in COUNTS
        for code in lacks.filter(~pl.col(name))["code"]
    )


def _counted(rows: pl.DataFrame) -> pl.DataFrame:
    """Whether each organisation at its level has a row for each count."""
    counted = pl.col("measure").replace("discharges_of_residents", "discharges")
    whole = rows.filter(pl.col("level") != "provider_in_place").with_columns(measure=counted)
    return whole.group_by("period", "level", "code", maintain_order=True).agg(
        [pl.col("measure").eq(name).any().alias(name) for name in COUNTS]
    )


def sure_levels(file: str, rows: pl.DataFrame, lacking: list[str]) -> pl.DataFrame:
    """The rows of a part of a file that are whole in themselves: England, and levels that add up to it.

    Raises RefusedFile where England's own counts are not all there.
    """
    counts = pl.col("measure").is_in(COUNTS) & pl.col("value").is_not_null()
    sums = rows.filter(counts).group_by("period", "level", "measure").agg(pl.col("value").sum())
    england = sums.filter(level="england").select("period", "measure", said="value")
    whole = _counted(rows).group_by("period", "level").agg(pl.all_horizontal(COUNTS).all().alias("whole"))
    agreeing = (
        sums.join(england, on=["period", "measure"])
        .group_by("period", "level")
        .agg(agrees=(pl.col("value") == pl.col("said")).all() & (pl.len() == len(COUNTS)))
        .join(whole.filter("whole"), on=["period", "level"])
        .filter("agrees")
        .select("period", "level")
    )
    if set(rows["period"]) != set(agreeing.filter(level="england")["period"]):
        raise RefusedFile(
            f"{file}: this is a part of a file: it has no figures of Data Type {', '.join(lacking)}, and "
            "England's are not all there. Send the whole file."
        )
    return rows.join(agreeing, on=["period", "level"], how="semi", maintain_order="left")


def check_sums(file: str, frame: pl.DataFrame) -> tuple[set[object], list[Notice]]:
    """The months whose providers add up to England, and a notice for each level that does not."""
    complete, notices = set[object](), []
    for period in sorted(frame["period"].unique()):
        month = frame.filter(pl.col("period") == period)
        national = month.filter(level="england").row(0, named=True)
        for level, least in LEAST.items():
            rows = month.filter(level=level)
            if rows.is_empty():
                continue
            said = [national[name] for name in COUNTS]
            ours = [rows[name].sum() for name in COUNTS]
            known = all(rows[name].null_count() == 0 for name in COUNTS) and None not in said
            if known and ours == said and level == "provider":
                complete.add(period)
            if ours == said:
                reason = f"{period:%B %Y}: the {level} figures add up to England's."
                notices.append(Notice(f"{level}_sum_holds", reason, rows.height))
                continue
            if level == "place" and known and _within(ours, said, least):
                reason = (
                    f"{period:%B %Y}: places hold {ours[0]:,} of England's {said[0]:,} discharges; the "
                    "others' homes are elsewhere or not known."
                )
                notices.append(Notice("place_sum_within", reason, rows.height))
                continue
            if known and not _within(ours, said, least):
                raise RefusedFile(
                    f"{file}: rows are lost or doubled: {period:%B %Y} has {said[0]:,} discharges in England "
                    f"({said[1]:,} on the day, {said[2]:,} days of delay) and {ours[0]:,} ({ours[1]:,}, "
                    f"{ours[2]:,}) in all rows of level {level}."
                )
            notices.append(_short(period, level, rows, national, ours))
    return complete, notices


def _within(ours: list[int], said: list[int], least: float) -> bool:
    return all(least * there <= here <= there for here, there in zip(ours, said, strict=True))


def _short(
    period: object, level: str, rows: pl.DataFrame, national: dict[str, object], ours: list[int]
) -> Notice:
    of_trusts = ""
    if level == "provider" and national["acceptable_trusts"]:
        of_trusts = f", from {rows.height} of {national['acceptable_trusts']} trusts"
    reason = (
        f"{period:%B %Y}: the {level} figures add up to {ours[0]:,} of England's {national['discharges']:,} "
        f"discharges{of_trusts}; each level is shown as it is published."
    )
    return Notice(f"{level}_sum_differs", reason, rows.height, "Value", "warning")


def check_shares(rows: pl.DataFrame, frame: pl.DataFrame) -> list[Notice]:
    """A notice where the published shares and means are not those of the published counts."""
    counts = frame.select("period", "level", "place_code", *COUNTS, code="organisation_code")
    told = rows.filter(pl.col("measure").is_in(["share_on_the_day", "share_delayed", "mean_delay"]))
    both = told.join(counts, on=list(KEY), nulls_equal=True)
    discharges, on_the_day, days = (pl.col(name) for name in COUNTS)
    delayed = discharges - on_the_day
    ours = (
        pl.when(pl.col("measure") == "share_on_the_day")
        .then(on_the_day / discharges)
        .when(pl.col("measure") == "share_delayed")
        .then(delayed / discharges)
        .otherwise(days / delayed)
    )
    apart = (ours - pl.col("value")).abs() > half_a_digit(pl.col("text"))
    differing = both.filter(apart).sort("row")
    if differing.is_empty():
        compared = both.filter(apart.is_not_null()).height
        reason = f"{compared:,} published shares and means are those of the published counts."
        return [Notice("shares_hold", reason, compared)]
    named = ", ".join(differing["code"].unique(maintain_order=True).head(FAULTS_NAMED))
    reason = f"{differing.height} share(s) or mean(s) are not those of the published counts: {named}."
    return [Notice("share_differs", reason, differing.height, "Value", "warning")]


def check_counts(file: str, rows: pl.DataFrame, frame: pl.DataFrame) -> None:
    """Nobody is discharged on the day who was not discharged, and only the delayed have days of delay."""
    delayed = pl.col("discharges") - pl.col("on_the_day")
    frame = frame.filter(pl.col("level") != "provider_in_place")
    more = frame.filter(delayed < 0)["organisation_code"]
    _refuse(f"{file}: {code} has more patients discharged on the day than discharged." for code in more)
    fewer = frame.filter((pl.col("delay_days") < delayed) | ((delayed == 0) & (pl.col("delay_days") > 0)))
    _refuse(
        f"{file}: {code} has {days:,} days of delay, which {late:,} delayed patients cannot have."
        for code, days, late in fewer.select("organisation_code", "delay_days", delayed).iter_rows()
    )


def _refuse(faults: Iterable[str]) -> None:
    told = list(faults)
    if told:
        raise RefusedFile(*told[:FAULTS_NAMED])
