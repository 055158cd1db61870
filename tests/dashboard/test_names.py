"""Names in capitals are written as people write them; others are left alone."""

import polars as pl
import pytest

from dashboard.names import readable, short


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ("NORTHERN CARE ALLIANCE NHS FOUNDATION TRUST", "Northern Care Alliance NHS Foundation Trust"),
        ("ST GEORGE'S UNIVERSITY HOSPITALS", "St George's University Hospitals"),
        ("HARROGATE AND DISTRICT", "Harrogate and District"),
        ("HAROLD WOOD POLYCLINIC UTC", "Harold Wood Polyclinic UTC"),
        ("THE ROYAL WOLVERHAMPTON", "The Royal Wolverhampton"),
        ("NHS BATH AND NORTH EAST SOMERSET ICB", "NHS Bath and North East Somerset ICB"),
        ("STOKE-ON-TRENT", "Stoke-on-Trent"),
        ("Harrowton Hospitals NHS Trust", "Harrowton Hospitals NHS Trust"),
        ("RM3", "RM3"),
        ("E06000001", "E06000001"),
    ],
)
def test_a_name_is_written_as_people_write_it(held, shown):
    assert pl.DataFrame({"name": [held]}).select(readable(pl.col("name"))).item() == shown


def test_a_missing_name_stays_missing():
    frame = pl.DataFrame({"name": [None]}, schema={"name": pl.String})
    assert frame.select(readable(pl.col("name"))).item() is None


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ("NHS CENTRAL EAST INTEGRATED CARE BOARD", "Central East"),
        ("NHS Kent and Medway Integrated Care Board", "Kent and Medway"),
        ("Synthetic North Shires ICB", "Synthetic North Shires"),
        ("Harrowton Hospitals NHS Trust", "Harrowton Hospitals"),
        ("Wrencroft Neighbourhood", "Wrencroft"),
        ("NHS England", "NHS England"),
        ("Amberford", "Amberford"),
    ],
)
def test_in_a_chart_what_every_name_ends_in_is_left_out(held, shown):
    assert pl.DataFrame({"name": [held]}).select(short(pl.col("name"))).item() == shown
