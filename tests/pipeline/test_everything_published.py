"""Every file of ../shared/data loads: nothing is refused, and what is told of a file is told."""

from pathlib import Path

import pytest

from pipeline.load import load_files
from warehouse import records
from warehouse.home import Home

pytestmark = pytest.mark.published


def test_every_reference_table_loads(published: Path, tmp_path: Path):
    folder = published.parent / "reference"
    files = [one for one in sorted(folder.rglob("*")) if one.is_file()]
    assert len(files) >= 14
    home = Home.open(tmp_path / "home")
    refused = {one.file: one.reasons for one in load_files(home, files) if one.outcome == "refused"}
    places = set(records.read(home, "authority_places")["place_code"])
    drawn = set(records.read(home, "boundaries_authorities")["code"])
    lower = set(records.read(home, "authority_places")["authority_code"])
    home.close()
    assert refused == {}
    assert len(places) == 175
    assert lower <= drawn, "every lower-tier authority has a shape"


def test_every_excerpt_loads_and_says_that_it_is_one(published: Path, tmp_path: Path):
    files = [*(published / "drd_excerpts").iterdir(), *(published / "discharge_sitrep_excerpts").iterdir()]
    home = Home.open(tmp_path / "home")
    reports = load_files(home, files)
    home.close()
    assert {one.outcome for one in reports} == {"accepted"}
    silent = [one.file for one in reports if "a part of a file" not in " ".join(one.reasons)]
    assert silent == []
