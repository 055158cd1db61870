"""A GeoJSON file as areas: a code, a name, and coordinates still to be looked at. All else is refused."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from pipeline.reading import MEBIBYTE, Examined, RefusedFile
from pipeline.sources.boundaries.layout import Kind
from pipeline.sources.ons_lookups import undated
from pipeline.sources.values import FAULTS_NAMED

MOST_BYTES = 32 * MEBIBYTE
MOST_AREAS = 2_000
_WGS84 = re.compile(r"urn:ogc:def:crs:(OGC:1\.3:CRS84|EPSG::4326)|EPSG:4326", re.IGNORECASE)


@dataclass(frozen=True)
class Area:
    """One feature: `polygons` are lists of rings, a ring a list of positions, not looked at yet."""

    code: str
    name: str
    polygons: list[Any]


def is_json(examined: Examined) -> bool:
    """Whether a file of text opens as a JSON object does."""
    with examined.path.open("rb") as stream:
        return stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def parse(examined: Examined) -> dict[str, Any]:
    """The document: a FeatureCollection whose features have properties. Raises RefusedFile."""
    file = examined.path.name
    if examined.size > MOST_BYTES:
        raise RefusedFile(
            f"{file}: the file has {examined.size / MEBIBYTE:.0f} MiB; at most "
            f"{MOST_BYTES / MEBIBYTE:.0f} MiB of boundaries are read. Send the ultra generalised ones (BUC)."
        )
    try:
        document = json.loads(examined.path.read_text(encoding="utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise RefusedFile(f"{file}: JSON is written in UTF-8, and this is not.") from error
    except RecursionError as error:
        raise RefusedFile(f"{file}: its lists are nested deeper than those of any boundary.") from error
    except ValueError as error:
        raise RefusedFile(f"{file}: this cannot be read as JSON ({error}).") from error
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise RefusedFile(f"{file}: this is JSON, but no GeoJSON collection of features (FeatureCollection).")
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise RefusedFile(f"{file}: the collection has no features.")
    if len(features) > MOST_AREAS:
        raise RefusedFile(f"{file}: {len(features):,} features; at most {MOST_AREAS:,} are read.")
    crs = json.dumps(document.get("crs"))
    if document.get("crs") is not None and not _WGS84.search(crs):
        raise RefusedFile(f"{file}: its coordinates are not longitude and latitude (WGS 84) but {crs[:120]}.")
    for at, feature in enumerate(features, 1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise RefusedFile(f"{file}: feature {at} has no properties, and so no code.")
    return document


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def areas(file: str, document: dict[str, Any], kind: Kind) -> tuple[list[Area], str]:
    """Every area, and the year of them all as `ltla 2024`. Raises RefusedFile, by feature."""
    found: dict[str, Area] = {}
    faults, vintages = [], set()
    for at, feature in enumerate(document["features"], 1):
        code, vintage = _told(file, at, feature["properties"], kind.code)
        name, _ = _told(file, at, feature["properties"], kind.name)
        vintages.add(vintage)
        if not kind.shape.fullmatch(code):
            faults.append(f"{file}: feature {at}: '{code[:40]}' is not the code of {kind.words}.")
        elif code in found:
            faults.append(f"{file}: feature {at}: {code} is there more than once.")
        else:
            found[code] = Area(code, name, _polygons(file, code, feature.get("geometry")))
    if len(vintages) > 1:
        faults.append(f"{file}: its areas are of several years: {', '.join(sorted(vintages))}.")
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])
    return list(found.values()), vintages.pop()


def _told(file: str, at: int, properties: dict[str, Any], words: tuple[str, ...]) -> tuple[str, str]:
    """The one property of these meanings, and the year in its name. Raises RefusedFile."""
    named = [name for name in properties if undated(name) in words]
    if len(named) != 1:
        many = "more than one property" if named else "no property"
        raise RefusedFile(f"{file}: feature {at} has {many} for '{words[0]}'.")
    value = properties[named[0]]
    if not isinstance(value, str) or not value.strip():
        raise RefusedFile(f"{file}: feature {at}: its '{named[0]}' is not a text.")
    year = re.search(r"([a-z]+)([0-9]{2})", named[0].casefold())
    return " ".join(value.split()), f"{year[1]} 20{year[2]}" if year else "no year told"


def _polygons(file: str, code: str, geometry: object) -> list[Any]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    held = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(held, list) or not held:
        raise RefusedFile(f"{file}: {code} is not a Polygon or MultiPolygon with coordinates.")
    return [held] if kind == "Polygon" else held
