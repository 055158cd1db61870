"""A small made-up warehouse: two places, six neighbourhoods, two trusts, every indicator, through real writers."""

import json
import math
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.trajectory import standing, targets_for
from warehouse import frames, observations, runs, tables
from warehouse.home import Home

FIRST, NEWEST = date(2024, 4, 1), date(2026, 9, 1)
KNOWN_AT = datetime(2026, 10, 14, 9, 30, tzinfo=UTC)
NAMES = {
    "region": {"Y99": "Midmarch (synthetic)"},
    "system": {"QZ1": "Tarnshire"},
    "place": {"PL1": "Ashford Vale", "PL2": "Harrow Moor"},
    "neighbourhood": {f"NB{n}": name for n, name in enumerate(
        ("Millbrook", "Castle Hill", "Riverside", "Long Meadow", "Stonebridge", "Kingsway and St Aldhelm's"), 1)},
    "provider": {"RZ1": "Tarnshire University Hospitals", "RZ2": "Harrow Moor Infirmary"},
    "ambulance_service": {"RY9": "Midmarch Ambulance Service"},
}  # fmt: skip
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
            keys = ["indicator", "definition_version", "basis", "level", "organisation", "breakdown", "category"]
            aimed = frame.join(targets_for(one, frame), on=[*keys, "period"], how="left", nulls_equal=True)
            observations.write(home, aimed, one.id, basis, None, run, KNOWN_AT)
            _standings(home, standing(one, frame), run)
    _submissions(home)
    runs.finish(home, run, "done")
    return home


def _organisations(home: Home, synthetic: bool) -> None:
    rows = [
        {
            "source": "local",
            "level": level,
            "code": code,
            "valid_from": date(2020, 4, 1),
            "name": name if synthetic else name.replace(" (synthetic)", ""),
            "parent": PARENTS.get(code),
            "valid_to": None,
            "successor": None,
        }
        for level, names in NAMES.items()
        for code, name in names.items()
    ]
    frame = pl.DataFrame(rows, schema_overrides={"valid_to": pl.Date, "successor": pl.String})
    with home.writing() as connection:
        frames.add(connection, tables.organisation, frame)


def _standings(home: Home, frame: pl.DataFrame, run: int) -> None:
    with home.writing() as connection:
        known = frames.fetch(
            connection,
            tables.series.select(),
            {"series_id": pl.Int64, **{c.name: pl.String for c in tables.series.c if c.name != "id"}},
        )
        keys = [name for name in known.columns if name != "series_id"]
        rows = frame.join(known, on=keys, how="inner").drop(keys)
        rows = rows.with_columns(
            pl.col("sparkline").map_elements(lambda s: json.dumps(s.to_list()), pl.String), run_id=pl.lit(run)
        )
        frames.add(connection, tables.standing, rows)


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
                    _row(one, basis, level, code, period, (split, category), share, (i, order, shift, len(months)))
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
        denominator = None if counted and one.kind == "rate" else 21 if counted else round(size / 2)
    value = None if denominator == 0 else numerator / (denominator or 1) * (1 if counted else one.per)
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
    sent, periods, found = [], [], []
    for f, feed in enumerate(feeds):
        for m, month in enumerate(months):
            if f == 2 and m == len(months) - 1:
                continue
            name, number, dirty = f"{feed}-{month:%Y-%m}", len(sent) + 1, (f + m) % 9 == 0
            sent.append(
                {
                    "id": number,
                    "feed": feed,
                    "file_name": f"{name}.parquet",
                    "sha256": f"{f:02d}{m:02d}",
                    "received_at": KNOWN_AT.replace(day=f + 1, hour=m % 24),
                    "rows": 12_000 + 37 * m,
                    "accepted": 12_000 + 37 * m - (14 if dirty else 0),
                    "quarantined": 14 if dirty else 0,
                    "outcome": "accepted_with_quarantine" if dirty else "accepted",
                    "reasons": json.dumps(["14 rows have a departure before arrival."] if dirty else []),
                    "contract_version": "1.0.0",
                }
            )
            periods.append({"submission_id": number, "period": month})
            if dirty:
                found.append(
                    {
                        "submission_id": number,
                        "rule": "departure_not_before_arrival",
                        "column": "departure_datetime",
                        "severity": "warning",
                        "rows": 14,
                        "reason": "Nobody leaves before they arrive.",
                    }
                )
    refused = {**sent[0], "id": len(sent) + 1, "feed": None, "file_name": "notes.csv", "outcome": "refused"}
    refused |= {"accepted": 0, "received_at": KNOWN_AT.replace(day=30), "contract_version": None}
    refused["reasons"] = json.dumps(["The columns are those of no feed we know."])
    with home.writing() as connection:
        frames.add(connection, tables.submission, pl.DataFrame([*sent, refused], infer_schema_length=None))
        frames.add(connection, tables.submission_period, pl.DataFrame(periods))
        frames.add(connection, tables.finding, pl.DataFrame(found))


if __name__ == "__main__":
    import sys

    build(Path(sys.argv[1]))
