"""The reference snapshots: organisations, which practice is in which neighbourhood, deprivation."""

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.demo import names
from pipeline.demo.geography import Geography
from pipeline.demo.story import MERGER, REMAPPED_ON

ENGLAND = "E92000001"
OPENED = date(2020, 4, 1)
_SCHEMA = {
    "code": pl.String,
    "name": pl.String,
    "level": pl.String,
    "parent": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "successor": pl.String,
}
_MAP_SCHEMA = {
    "practice_code": pl.String,
    "neighbourhood_code": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
}


def organisations(here: Geography) -> pl.DataFrame:
    """One row for each organisation of a part, its region and England."""
    region = here.part // here.size.parts_per_region
    rows: list[tuple[str, str, str, str | None]] = [
        (ENGLAND, "England (synthetic)", "england", None),
        (here.region_code, names.region(region), "region", ENGLAND),
        (
            here.ambulance_code,
            f"{names.region(region)} Ambulance Service",
            "ambulance_service",
            here.region_code,
        ),
    ]
    for i, code in enumerate(here.system_codes):
        number = here.part * here.size.systems + i
        rows.append((code, f"{names.system(number)} ICB", "system", here.region_code))
    for code, name, system in zip(here.place_codes, here.place_names, here.place_system, strict=True):
        rows.append((code, name, "place", here.system_codes[system]))
    parents = (here.place_codes[i] for i in here.neighbourhood_place)
    for code, name, place in zip(here.neighbourhood_codes, here.neighbourhood_names, parents, strict=True):
        rows.append((code, f"{name} Neighbourhood", "neighbourhood", place))
    today = _neighbourhood_today(here)
    for code, name, home in zip(here.practice_codes, here.practice_names, today, strict=True):
        rows.append((code, name, "practice", here.neighbourhood_codes[home]))
    for code, name, system in zip(here.site_codes, here.site_names, here.site_system, strict=True):
        rows.append((code, name, "provider", here.system_codes[system]))
    closed = here.site_codes[-1]
    dated = [
        (*row, OPENED, MERGER, here.site_codes[here.site_trust[-1]])
        if row[0] == closed
        else (*row, OPENED, None, None)
        for row in rows
    ]
    return pl.DataFrame(dated, schema=_SCHEMA, orient="row")


def neighbourhood_map(here: Geography) -> pl.DataFrame:
    """Which neighbourhood each practice is in, and when; one practice has moved."""
    before, today = here.practice_neighbourhood, _neighbourhood_today(here)
    rows: list[tuple[str, str, date, date | None]] = []
    for code, was, is_now in zip(here.practice_codes, before, today, strict=True):
        moved = was != is_now
        rows.append((code, here.neighbourhood_codes[was], OPENED, REMAPPED_ON if moved else None))
        if moved:
            rows.append((code, here.neighbourhood_codes[is_now], REMAPPED_ON, None))
    return pl.DataFrame(rows, schema=_MAP_SCHEMA, orient="row")


def deprivation(here: Geography) -> pl.DataFrame:
    """Each LSOA's deprivation quintile, 1 the most deprived."""
    return pl.DataFrame(
        {"lsoa_code": here.lsoa_codes, "deprivation_quintile": here.quintile},
        schema={"lsoa_code": pl.String, "deprivation_quintile": pl.Int8},
    )


def _neighbourhood_today(here: Geography) -> NDArray[np.int16]:
    today = here.practice_neighbourhood.copy()
    today[here.moving_practice] = 1
    return today
