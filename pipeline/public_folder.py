"""Public mode: a folder of published files, loaded into a home of its own. No synthetic data, no records."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from metrics import geography
from metrics.indicators import all_indicators
from pipeline import console
from pipeline.arrivals import Turned, arrive
from pipeline.load import LoadReport, load_files
from pipeline.observe_published import PublishedObserver
from pipeline.reading import LIMITS
from pipeline.sources import SOURCES
from warehouse import submissions
from warehouse.home import Home

HOME = Path(".targets-public")
"""Where published files go unless told otherwise: never where the synthetic region is."""
REFERENCE = "reference"
"""A folder of this name beside the published files is loaded too: mappings, successions, boundaries."""
_NOT_DATA = {".md", ".txt", ".json", ".py", ".log"}


@dataclass
class Loaded:
    """What became of a folder: a report for each file of ours, and a sentence for each that is not."""

    reports: list[LoadReport] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """How many files came to an outcome."""
        return sum(report.outcome == outcome for report in self.reports)


def files(folder: Path) -> list[Path]:
    """Every file under the folder, and under `reference` beside it. Raises ValueError where there is none."""
    if not folder.is_dir():
        raise ValueError(
            f"there is no folder {folder}. Give the folder that holds published files: "
            "`make run PUBLIC=1 FOLDER=/where/they/are`, or fetch some first: `targets fetch`."
        )
    beside = folder.resolve().parent / REFERENCE
    found = [path for place in (beside, folder.resolve()) if place.is_dir() for path in place.rglob("*")]
    wanted = [
        path for path in found if path.is_file() and not any(part.startswith(".") for part in path.parts[-3:])
    ]
    data = sorted(path for path in set(wanted) if path.suffix.lower() not in _NOT_DATA)
    if not data:
        raise ValueError(f"the folder {folder} holds no files of data, such as monthly A&E CSV files.")
    return data


def demand_own(home: Home) -> None:
    """Raise ValueError where the home holds anything but published files."""
    taken = submissions.read(home).filter(pl.col("outcome") != submissions.REFUSED)
    records = sorted(set(taken["feed"].drop_nulls()) & _record_feeds())
    if records:
        raise ValueError(
            f"{home.path} holds records of its own ({', '.join(records[:3])}), so it cannot show published "
            "files alone. Leave --home and TARGETS_HOME unset, or name an empty folder."
        )


def load(home: Home, folder: Path, tick: console.Tick | None = None) -> Loaded:
    """Load what is recognised; list the rest with the reason. A file refused before is not tried again."""
    demand_own(home)
    done, ours = Loaded(), []
    found, records = files(folder), _record_feeds()
    for at, path in enumerate(found):
        if tick:
            tick(f"looking at {path.name}", at, len(found))
        for arrival in arrive(path, None, LIMITS):
            if isinstance(arrival, Turned):
                done.others += arrival.reasons
            elif arrival.feed in records:
                what = arrival.feed.replace("_", " ")
                done.others.append(f"{path.name}: these are records ({what}), not published figures.")
            elif (known := submissions.find_by_hash(home, arrival.sha256)) and known["outcome"] == "refused":
                done.others += known["reasons"]
            elif path not in ours:
                ours.append(path)
    observe = PublishedObserver(home)
    done.reports = load_files(home, ours, progress=tick, after_published=observe)
    observe.settle()
    return done


def _record_feeds() -> set[str]:
    """The feeds of somebody's own records: what is counted, and how it is placed."""
    counted = {feed for one in all_indicators().values() for feed in one.all_feeds}
    return (counted | set(geography.FEEDS)) - set(SOURCES)
