"""A small made-up warehouse through the real writers: places, neighbourhoods, trusts, every indicator."""

import math
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.k_of_n import held_to_rule
from metrics.series_signals import pointwise, summed
from metrics.trajectory import standing, targets_for
from warehouse import fetched, observations, organisations, runs, signals, standings, submissions
from warehouse.home import Home

FIRST, NEWEST = date(2024, 4, 1), date(2026, 9, 1)
KNOWN_AT = datetime(2026, 10, 14, 9, 30, tzinfo=UTC)
NEIGHBOURHOODS = (
    "Millbrook", "Castle Hill", "Riverside", "Long Meadow", "Stonebridge", "Kingsway and St Aldhelm's",
)  # fmt: skip
NAMES = {
    "region": {"Y99": "Midmarch (synthetic)"},
    "system": {"QZ1": "Tarnshire"},
    "place": {"PL1": "Ashford Vale", "PL2": "Harrow Moor"},
    "neighbourhood": {f"NB{n}": name for n, name in enumerate(NEIGHBOURHOODS, 1)},
    "provider": {"RZ1": "Tarnshire University Hospitals", "RZ2": "Harrow Moor Infirmary"},
    "ambulance_service": {"RY9": "Midmarch Ambulance Service"},
}  # fmt: skip
FETCHED = "https://files.example/emergency-care-2026-08.parquet"
"""Where the newest file of a feed that is a month behind came from."""
PARENTS = {
    "QZ1": "Y99", "PL1": "QZ1", "PL2": "QZ1", "RZ1": "QZ1", "RZ2": "QZ1", "RY9": "Y99",
    **{f"NB{n}": "PL1" if n < 4 else "PL2" for n in range(1, 7)},
}  # fmt: skip
SIZE = {"region": 60_000, "system": 30_000, "place": 15_000, "neighbourhood": 5_000, "provider": 15_000}


def build(folder: Path, published: bool = True, synthetic: bool = True) -> Home:
    """Make a home in `folder` with figures for every indicator; the same figures every time."""
    home = Home.open(folder)
    run = runs.start(home, "refresh")
    _organisations(home, synthetic)
    for one in all_indicators().values():
        bases = ["local", *(["published"] if published and one.published else [])]
        for basis in bases:
            frame = _observations(one, basis)
            keys = [
                "indicator",
                "definition_version",
                "basis",
                "level",
                "organisation",
                "breakdown",
                "category",
            ]
            aimed = frame.join(targets_for(one, frame), on=[*keys, "period"], how="left", nulls_equal=True)
            observations.write(home, aimed, one.id, basis, None, run, KNOWN_AT)
            pointed = pointwise(aimed, one)
            signals.write(home, summed(pointed, one), one.id, basis, run)
            standings.write(home, held_to_rule(one, standing(one, frame)), run)
    _submissions(home)
    runs.finish(home, run, "done")
    return home


def _organisations(home: Home, synthetic: bool) -> None:
    rows = [
        {
            "code": code,
            "level": level,
            "name": name if synthetic else name.replace(" (synthetic)", ""),
            "parent": PARENTS.get(code),
            "valid_from": date(2020, 4, 1),
            "valid_to": None,
            "successor": None,
        }
        for level, names in NAMES.items()
        for code, name in names.items()
    ]
    organisations.write(home, pl.DataFrame(rows))


def _observations(one: Indicator, basis: str) -> pl.DataFrame:
    months = pl.date_range(FIRST, NEWEST, "1mo", eager=True).to_list()
    levels = ("provider",) if basis == "published" else tuple(NAMES)
    rows = []
    for level in levels:
        for order, code in enumerate(NAMES[level]):
            splits = [("all", "all", 1.0, 0.0)]
            if level in ("place", "provider"):
                for split in one.breakdowns:
                    labels = list(split.labels)[:6] or ["not_known"]
                    splits += [(split.name, c, 1 / len(labels), i / 40) for i, c in enumerate(labels)]
            for split, category, share, shift in splits:
                rows += [
                    _row(
                        one,
                        basis,
                        level,
                        code,
                        period,
                        (split, category),
                        share,
                        (i, order, shift, len(months)),
                    )
                    for i, period in enumerate(months)
                ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _row(one, basis, level, code, period, split, share, place):
    i, order, shift, count = place
    wave = 0.03 * math.sin(2 * math.pi * (i + 3 + len(one.id)) / 12) + 0.008 * math.sin(7.3 * i + order)
    drift = (0.0022, -0.0004, 0.0011)[(order + len(one.id)) % 3] * i
    size = SIZE.get(level, 40_000) * share
    counted = level in ("provider", "ambulance_service")
    if one.kind == "proportion":
        denominator = round(size * (1 + wave))
        base = 0.2 if any((t.level or 1) < 0.5 for t in one.targets) else 0.72
        numerator = round(denominator * min(0.99, base + drift - wave + shift - 0.02 * order))
    elif one.kind == "mean":
        denominator = round(size / 40)
        numerator = round(denominator * (6.1 - 30 * drift / 4 + 10 * wave + 5 * shift))
    else:
        numerator = round(size / 25 * (1 - 6 * drift + 2 * wave + shift))
        denominator = None if counted and one.kind == "rate" else 21_000 if counted else round(size / 2)
    value = float(numerator) if denominator is None else numerator / denominator * one.per
    status = "provisional" if i >= count - one.provisional_months else "final"
    if period == date(2025, 1, 1) and code == "NB3":
        value, status = None, "not_reported"
    return {
        "indicator": one.id,
        "definition_version": one.version,
        "basis": basis,
        "level": level,
        "organisation": code,
        "period": period,
        "breakdown": split[0],
        "category": split[1],
        "numerator": float(numerator),
        "denominator": None if denominator is None else float(denominator),
        "value": value,
        "status": status,
    }


def _submissions(home: Home) -> None:
    feeds = sorted({feed for one in all_indicators().values() for feed in one.feeds})
    months = pl.date_range(FIRST, NEWEST, "1mo", eager=True).to_list()
    with home.writing():
        for f, feed in enumerate(feeds):
            late = 1 if f == 2 else 0
            for m, month in enumerate(months[: len(months) - late]):
                _submission(home, feed, month, rows=12_000 + 37 * m, dirty=14 if (f + m) % 9 == 0 else 0)
        fetched.record(
            home,
            {
                "publication": "emergency_care",
                "address": FETCHED,
                "final_address": FETCHED,
                "page": "https://files.example/",
                "file_name": "emergency_care_attendances-2026-08.parquet",
                "period": date(2026, 8, 1),
                "fetched_at": KNOWN_AT,
                "seen_at": KNOWN_AT,
                "etag": None,
                "last_modified": None,
                "bytes": 1,
                "sha256": "emergency_care_attendances2026-08-01",
            },
        )
        submissions.record(
            home,
            feed=None,
            file_name="notes.csv",
            sha256="f" * 64,
            rows=0,
            accepted=0,
            quarantined=0,
            outcome="refused",
            reasons=["The columns are those of no feed we know."],
            received_at=KNOWN_AT,
        )


def _submission(home: Home, feed: str, month: date, rows: int, dirty: int) -> None:
    faults = {
        "rule": ["in_order"],
        "column": ["departure"],
        "severity": ["warning"],
        "rows": [dirty],
        "reason": ["Nobody leaves before they arrive."],
    }
    submissions.record(
        home,
        feed=feed,
        file_name=f"{feed}-{month:%Y-%m}.parquet",
        sha256=f"{feed}{month}",
        rows=rows,
        accepted=rows - dirty,
        quarantined=dirty,
        outcome="accepted_with_quarantine" if dirty else "accepted",
        reasons=[f"{dirty} rows leave before they arrive."] if dirty else [],
        contract_version="1.0.0",
        periods=[month],
        findings=pl.DataFrame(faults) if dirty else None,
        received_at=KNOWN_AT.replace(day=5),
    )


if __name__ == "__main__":
    import sys

    build(Path(sys.argv[1]))
