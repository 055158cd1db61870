"""Make a synthetic region's feeds as Parquet files, ready to load."""

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

import polars as pl

from pipeline.demo import (
    ambulance,
    cohorts,
    emergency_care,
    organisations,
    outpatients,
    population,
    referrals,
    spells,
    story,
)
from pipeline.demo.months import Month, months
from pipeline.demo.region import Region, make_region
from pipeline.demo.sizes import SIZES, SizeName

Progress = Callable[[str, int, int], None]
"""Told what is being made, how many files are done and how many there will be."""

MONTHLY: dict[str, Callable[[Region], Callable[[Month], pl.DataFrame]]] = {
    population.FEED: population.prepare,
    emergency_care.FEED: emergency_care.prepare,
    outpatients.FEED: outpatients.prepare,
    referrals.REFERRALS: referrals.prepare_referrals,
    referrals.ADVICE: referrals.prepare_advice,
    spells.FEED: spells.prepare,
    ambulance.FEED: ambulance.prepare,
}
SNAPSHOTS: dict[str, Callable[[Region], pl.DataFrame]] = {
    "organisations": lambda region: organisations.organisations(region.here),
    "neighbourhood_map": lambda region: organisations.neighbourhood_map(region.here),
    "deprivation": lambda region: organisations.deprivation(region.here),
    "cohort_memberships": lambda region: cohorts.cohort_memberships(
        region.here, region.people, region.cohorts
    ),
}
ROWS_IN_A_GROUP = 250_000
NOTICE = "SYNTHETIC.txt"


def make_demo(
    folder: Path, size: SizeName = "region", seed: int = 2026, progress: Progress | None = None
) -> list[Path]:
    """Write every feed of a synthetic region into `folder`; the same seed gives the same bytes.

    History is a file a financial year and from April 2026 a file a month; reference and membership are one
    file each. Returns the files to load, reference first; the one late file is in `folder/late` and is not
    among them. Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_notice(folder, size, seed)
    parts = SIZES[size].parts
    if parts == 1:
        files = list(_write_part(folder, make_region(SIZES[size], seed), progress))
    else:
        files = _write_parts(folder, size, seed, progress)
    return [file for file in files if file.parent == folder]


def _write_part(folder: Path, region: Region, progress: Progress | None) -> Iterable[Path]:
    """Write one part's files, a feed and then a file at a time."""
    batches = [(label, tuple(group)) for label, group in groupby(months(), lambda month: month.file_label)]
    total = len(SNAPSHOTS) + len(MONTHLY) * len(batches)
    done = 0
    for feed, snapshot in SNAPSHOTS.items():
        yield _write(snapshot(region), folder / f"{feed}.parquet")
        done += 1
        _tell(progress, feed, done, total)
    for feed, prepare in MONTHLY.items():
        make = prepare(region)
        for label, batch in batches:
            late = feed == story.LATE_FEED and batch[-1].first == story.LATE_MONTH
            frame = pl.concat([make(month) for month in batch], rechunk=True)
            yield _write(frame, (folder / "late" if late else folder) / f"{feed}_{label}.parquet")
            done += 1
            _tell(progress, feed, done, total)


def _write(frame: pl.DataFrame, file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(file, compression="zstd", compression_level=1, row_group_size=ROWS_IN_A_GROUP)
    return file


def _tell(progress: Progress | None, what: str, done: int, total: int) -> None:
    if progress is not None:
        progress(what, done, total)


def _write_parts(folder: Path, size: SizeName, seed: int, progress: Progress | None) -> list[Path]:
    """Write a country part by part, then join each file's parts; only one part is in memory at a time."""
    count = SIZES[size].parts
    scratch = folder / "parts"
    for part in range(count):
        region = make_region(SIZES[size], seed, part)
        for _ in _write_part(scratch / f"{part:03d}", region, None):
            pass
        _tell(progress, f"part {part + 1}", part, count + 1)
    files = join_parts(scratch, folder)
    _tell(progress, "joined", count + 1, count + 1)
    return files


def join_parts(scratch: Path, folder: Path) -> list[Path]:
    """Join the files of the same name under the folders of `scratch`, streaming, and remove them."""
    parts = sorted(path for path in scratch.iterdir() if path.is_dir())
    names = sorted(path.relative_to(parts[0]) for path in parts[0].rglob("*.parquet"))
    for name in names:
        pieces = [part / name for part in parts]
        joined = pl.scan_parquet(pieces)
        if name.stem == "organisations":
            joined = joined.unique(maintain_order=True)  # England and a region are in each of their parts
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        joined.sink_parquet(
            folder / name, compression="zstd", compression_level=1, row_group_size=ROWS_IN_A_GROUP
        )
        for piece in pieces:
            piece.unlink()
    for part in sorted(scratch.rglob("*"), reverse=True):
        part.rmdir()
    scratch.rmdir()
    return [folder / name for name in names]


def _write_notice(folder: Path, size: SizeName, seed: int) -> None:
    (folder / NOTICE).write_text(
        "These data are SYNTHETIC. They were drawn at random from a seed; no record is about a real person,\n"
        "practice, trust or place, and no figure made from them says anything about the NHS.\n\n"
        f"size: {size}\nseed: {seed}\nmonths: {story.FIRST_MONTH:%B %Y} to {story.LAST_MONTH:%B %Y}\n"
        f"late: {story.LATE_FEED} of {story.LATE_MONTH:%B %Y} is in the folder 'late', to be loaded later\n",
        encoding="utf-8",
    )
