"""Boundaries (ONS, GeoJSON) -> the feeds `boundaries_authorities` and `boundaries_systems`.

A file is the whole country, each area once; the newest loaded stands. Longitude and latitude (WGS 84), as the
GeoJSON standard (RFC 7946) has it. What is drawn is thinned once, here (`kept`), and not on a page.
Source: Office for National Statistics, Open Geography Portal, ultra generalised boundaries.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from data_contracts.contract import load_contract
from pipeline.reading import Examined, RefusedFile
from pipeline.sources.boundaries.document import Area, areas, is_json, parse
from pipeline.sources.boundaries.layout import Kind, kind_of
from pipeline.sources.boundaries.rings import polygons
from pipeline.sources.boundaries.thinning import thinned
from pipeline.sources.published import Notice, Published

__all__ = ["feed_of", "is_json", "read"]

# Two thirds of a kilometre: less than a pixel of a map of England. A map of one region draws every corner.
TOLERANCE = 0.006


def feed_of(examined: Examined) -> str:
    """Which boundaries a JSON file holds. Raises RefusedFile where it holds none."""
    return _kind(examined)[0].feed


def read(examined: Examined) -> Published:
    """The file as the feed's frame. Raises RefusedFile with a sentence for each fault."""
    kind, document = _kind(examined)
    file = examined.path.name
    found, vintage = areas(file, document, kind)
    frames = [_corners(file, area) for area in found]
    frame = pl.concat(frames).with_columns(vintage=pl.lit(vintage))
    contract = load_contract(kind.feed)
    shown = int(frame["kept"].sum())
    reason = f"{len(found)} areas of {vintage}; {shown:,} of {frame.height:,} corners are drawn."
    return Published(
        kind.feed,
        (),
        frame.select(pl.col(one.name).cast(one.dtype) for one in contract.columns),
        notices=(Notice("thinned", reason, frame.height),),
    )


def _kind(examined: Examined) -> tuple[Kind, dict[str, Any]]:
    document = parse(examined)
    kind = kind_of(document["features"][0]["properties"])
    if kind is None:
        named = ", ".join(f"'{name}'" for name in document["features"][0]["properties"])
        raise RefusedFile(
            f"{examined.path.name}: these are no boundaries known here: its areas have {named}. "
            "Send those of lower-tier local authorities (with 'LAD24CD' or 'ltla24_code') or of integrated "
            "care boards ('ICB23CD')."
        )
    return kind, document


def _corners(file: str, area: Area) -> pl.DataFrame:
    rings = polygons(file, area)
    return pl.concat(
        pl.DataFrame(
            {
                "part": np.full(len(corners), part, np.int32),
                "ring": np.full(len(corners), ring, np.int32),
                "corner": np.arange(len(corners), dtype=np.int32),
                "longitude": corners[:, 0],
                "latitude": corners[:, 1],
                "kept": thinned(corners, TOLERANCE),
            }
        )
        for part, ring, corners in rings
    ).with_columns(code=pl.lit(area.code), area_name=pl.lit(area.name))
