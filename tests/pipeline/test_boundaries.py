"""Boundaries: made squares, the real files, thinning, and spoilt copies."""

import copy
import json
import math
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.load import load_files
from pipeline.reading import RefusedFile, examine
from pipeline.sources import boundaries
from pipeline.sources.boundaries.rings import signed_area
from pipeline.sources.boundaries.thinning import FEWEST, SHORTER, thinned
from warehouse import records
from warehouse.home import Home

MADE = Path(__file__).parent.parent / "data" / "boundaries"
SQUARES = MADE / "square_authorities.geojson"
MUTATIONS = 500
Document = dict[str, Any]
Corner = tuple[str, str, float, float]


def ours(path: Path) -> set[Corner]:
    frame = boundaries.read(examine(path)).frame
    return set(frame.select("code", "area_name", "longitude", "latitude").iter_rows())


def theirs(document: Document) -> set[Corner]:
    """What the file says, read as plainly as can be."""
    found = set()
    for feature in document["features"]:
        told = feature["properties"]
        code = next(value for name, value in told.items() if name.lower() in ("lad25cd", "icb25cd"))
        name = next(value for name, value in told.items() if name.lower() in ("lad25nm", "icb25nm"))
        shape = feature["geometry"]
        for polygon in [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]:
            for ring in polygon:
                found |= {(code.strip(), name.strip(), position[0], position[1]) for position in ring}
    return found


def made() -> Document:
    return json.loads(SQUARES.read_text(encoding="utf-8"))


def write(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_every_corner_is_read():
    said = boundaries.read(examine(SQUARES))
    assert (said.feed, said.periods) == ("boundaries_authorities", ())
    assert ours(SQUARES) == theirs(made())
    assert set(said.frame["vintage"]) == {"lad 2025"}
    assert said.frame["code"].n_unique() == 5


def test_rings_stay_closed_and_run_one_way_round():
    frame = boundaries.read(examine(SQUARES)).frame
    for (code, part, ring), corners in frame.group_by("code", "part", "ring", maintain_order=True):
        for drawn in (corners, corners.filter("kept")):
            places = drawn.select("longitude", "latitude").to_numpy()
            assert (places[0] == places[-1]).all(), code
            assert (signed_area(places) > 0) == (ring == 0), (code, part, ring)
    assert frame.filter(pl.col("ring") > 0).height == 5


def test_a_third_number_is_a_height_and_is_dropped(tmp_path: Path):
    document = made()
    rings = document["features"][0]["geometry"]["coordinates"]
    rings[:] = [[[*position, 12.0] for position in ring] for ring in rings]
    assert ours(write(tmp_path / "high.geojson", document)) == theirs(made())


def first_ring(document: Document) -> list[list[float]]:
    return document["features"][0]["geometry"]["coordinates"][0]


def put(document: Document, at: int, **changes: object) -> None:
    document["features"][at].update(changes)


REFUSED: dict[str, tuple[Callable[[Document], object], str]] = {
    "another type": (lambda d: d.update(type="Topology"), "no GeoJSON collection of features"),
    "nothing": (lambda d: d.update(features=[]), "the collection has no features"),
    "no code": (
        lambda d: d["features"][2].update(properties={"LAD25NM": "X"}),
        "no property for 'ltla code'",
    ),
    "unknown areas": (
        lambda d: [f.update(properties={"PCON24CD": "E14000530"}) for f in d["features"]],
        "its areas have 'PCON24CD'",
    ),
    "a county": (
        lambda d: d["features"][1]["properties"].update(LAD25CD="E10000001"),
        "'E10000001' is not the code of a lower-tier",
    ),
    "an area twice": (lambda d: d["features"].append(d["features"][0]), "E06000901 is there more than once"),
    "a number for a name": (
        lambda d: d["features"][0]["properties"].update(LAD25NM=7),
        "'LAD25NM' is not a text",
    ),
    "no shape": (lambda d: put(d, 1, geometry=None), "E07000901 is not a Polygon or MultiPolygon"),
    "a line": (
        lambda d: put(d, 1, geometry={"type": "LineString", "coordinates": [[0, 51], [1, 52]]}),
        "E07000901 is not a Polygon or MultiPolygon",
    ),
    "an open ring": (lambda d: first_ring(d).pop(), "E06000901: an outline is not closed"),
    "metres": (
        lambda d: first_ring(d).__setitem__(1, [412345.0, 287654.0]),
        "the corner 412345, 287654 is not longitude and latitude",
    ),
    "the wrong way about": (
        lambda d: first_ring(d).__setitem__(slice(None), [at[::-1] for at in first_ring(d)]),
        "is not longitude and latitude in the United Kingdom",
    ),
    "words": (lambda d: first_ring(d).__setitem__(1, ["1", "52"]), "is not a list of pairs of numbers"),
    "a hole in a pair": (lambda d: first_ring(d)[1].pop(), "is not a list of pairs of numbers"),
    "no extent": (
        lambda d: first_ring(d).__setitem__(slice(None), [[0.0, 52.0]] * 4),
        "an outline encloses nothing",
    ),
    "another projection": (
        lambda d: d.update(crs={"type": "name", "properties": {"name": "EPSG:27700"}}),
        "not longitude and latitude (WGS 84) but",
    ),
    "two years": (
        lambda d: d["features"][0].update(properties={"LAD24CD": "E06000901", "LAD24NM": "Northtown"}),
        "its areas are of several years: lad 2024, lad 2025",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_right_is_refused_by_name(tmp_path: Path, case: str):
    change, sentence = REFUSED[case]
    document = made()
    change(document)
    with pytest.raises(RefusedFile) as refused:
        boundaries.read(examine(write(tmp_path / "altered.geojson", document)))
    assert sentence in " ".join(refused.value.reasons)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"type": "FeatureCollection"', "cannot be read as JSON"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "NaN is no number"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested deeper"),
        ('{"type": "FeatureCollection", "features": [1]}', "feature 1 has no properties"),
    ],
)
def test_what_is_no_boundary_at_all_is_refused_in_words(tmp_path: Path, content: str, sentence: str):
    path = tmp_path / "odd.geojson"
    path.write_text(content)
    home = Home.open(tmp_path / "home")
    (report,) = load_files(home, [path])
    home.close()
    assert report.outcome == "refused"
    assert sentence in " ".join(report.reasons)


def test_a_file_too_large_is_refused_before_it_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipeline.sources.boundaries.document.MOST_BYTES", 100)
    with pytest.raises(RefusedFile, match="Send the ultra generalised ones"):
        boundaries.feed_of(examine(SQUARES))


def spoil(document: Document, draw: random.Random) -> bytes:
    """Change one thing anywhere in the document, or its text."""
    holders: list[tuple[Any, Any]] = []

    def walk(held: Any) -> None:
        keys = list(held) if isinstance(held, dict) else range(len(held)) if isinstance(held, list) else ()
        for key in keys:
            holders.append((held, key))
            walk(held[key])

    walk(document)
    held, key = draw.choice(holders)
    way = draw.randrange(6)
    if way == 0:
        del held[key]
    elif way == 1:
        held[key] = draw.choice([None, 0, -1, 1e9, "x", "", [], {}, True, "12O", 10**400])
    elif way == 2 and isinstance(held, list):
        held.append(copy.deepcopy(held[key]))
    elif way == 3 and isinstance(held, dict):
        held[draw.choice([key + "x", key.upper(), key.lower()])] = held.pop(key)
    elif way == 4 and isinstance(held, list):
        draw.shuffle(held)
    elif isinstance(held[key], float):
        held[key] += draw.choice([0.001, 1.0, 100.0])
    text = json.dumps(document)
    if draw.randrange(8) == 0:
        text = text[: draw.randrange(len(text))]
    return text.encode(draw.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"]))


def test_however_it_is_spoilt_it_is_refused_or_says_what_the_file_says(tmp_path: Path):
    path = tmp_path / "spoilt.geojson"
    draw = random.Random("squares")
    refused = 0
    for turn in range(MUTATIONS):
        document = made()
        sent = spoil(document, draw)
        path.write_bytes(sent)
        try:
            examined = examine(path)
            if not boundaries.is_json(examined):
                refused += 1  # then it is read as a table, and refused there
                continue
            found = ours(path)
        except RefusedFile as error:
            refused += 1
            assert all(reason.startswith("spoilt.geojson: ") for reason in error.reasons), turn
            continue
        assert found == theirs(json.loads(path.read_text(encoding="utf-8-sig"))), turn
    assert MUTATIONS / 8 < refused < MUTATIONS


def distance(at: np.ndarray, one: np.ndarray, other: np.ndarray) -> float:
    """From a point to a line between two, in plain arithmetic."""
    (x, y), (a, b), (c, d) = at, one, other
    length = (c - a) ** 2 + (d - b) ** 2
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((x - a) * (c - a) + (y - b) * (d - b)) / length))
    return math.hypot(x - a - along * (c - a), y - b - along * (d - b))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.floats(-3, 1), st.floats(50, 55)), min_size=3, max_size=60, unique=True),
    st.sampled_from([0.01, 0.1, 0.5]),
)
def test_thinning_keeps_a_ring_closed_and_near(points: list[tuple[float, float]], tolerance: float):
    ring = np.array([*points, points[0]])
    kept = thinned(ring, tolerance)
    assert kept[0]
    assert kept[-1]
    flat = ring * np.array([SHORTER, 1.0])
    places = np.flatnonzero(kept)
    for start, end in pairwise(places):
        for between in range(start + 1, end):
            assert distance(flat[between], flat[start], flat[end]) <= tolerance + 1e-9


def test_a_wavy_line_loses_corners_and_an_island_keeps_three():
    along = np.linspace(0, 2 * np.pi, 400)
    circle = np.column_stack([0.5 * np.cos(along) / SHORTER, 52 + 0.5 * np.sin(along)])
    circle[-1] = circle[0]
    assert 8 < thinned(circle, 0.01).sum() < 60
    island = np.array([[0, 52], [0.001, 52], [0.001, 52.001], [0, 52.001], [0, 52]])
    kept = island[thinned(island, 0.5)]
    assert len(kept) >= FEWEST + 1
    assert signed_area(kept) != 0


def test_they_are_loaded_as_snapshots_side_by_side(tmp_path: Path):
    home = Home.open(tmp_path / "home")
    reports = load_files(home, [SQUARES, MADE / "square_boards.geojson"])
    assert [(report.feed, report.outcome) for report in reports] == [
        ("boundaries_authorities", "accepted"),
        ("boundaries_systems", "accepted"),
    ], [report.reasons for report in reports]
    assert records.read(home, "boundaries_authorities")["code"].n_unique() == 5
    (again, *_) = load_files(home, [SQUARES])
    assert again.outcome == "already loaded"
    home.close()


@pytest.mark.published
def test_the_real_boundaries_are_read_to_the_last_corner(published: Path):
    folder = published.parent / "reference" / "geography"
    for name, areas in (("boundaries_icb22.geojson", 42), ("boundaries_ltla24.geojson", 361)):
        document = json.loads((folder / name).read_text())
        for feature in document["features"]:
            told = feature["properties"]
            kind = "ICB25" if "icb22_code" in told else "LAD25"
            feature["properties"] = dict(zip((f"{kind}NM", f"{kind}CD"), told.values(), strict=True))
        found = ours(folder / name)
        assert {(code, east, north) for code, _, east, north in found} == {
            (code, east, north) for code, _, east, north in theirs(document)
        }
        assert len({code for code, *_ in found}) == areas
