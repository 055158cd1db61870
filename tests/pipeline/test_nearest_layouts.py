"""A file of no known layout is told the nearest one, and which of its columns are new or missing."""

from pathlib import Path

import pytest

from pipeline.arrivals import Turned, arrive
from pipeline.reading import LIMITS
from pipeline.sources import SOURCES
from pipeline.sources.layouts import LAYOUTS

AE = (
    "Period,Org Code,Parent Org,Org name,A&E attendances Type 1,A&E attendances Type 2,"
    "A&E attendances Other A&E Department"
)


def refusal(folder: Path, text: str) -> str:
    path = folder / "sent.csv"
    path.write_text(text)
    (turned,) = arrive(path, None, LIMITS)
    assert isinstance(turned, Turned)
    (sentence,) = turned.reasons
    return sentence


def test_every_publication_with_headers_is_compared():
    assert {layout.feed for layout in LAYOUTS} == {*SOURCES} - {"ods_trusts"}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.feed)
def test_a_layout_knows_its_own_columns(layout):
    headers = [words[0] for words in layout.columns.values()]
    assert layout.differences(headers) == ([], [])
    assert layout.likeness(headers)[0] == 1


def test_renamed_columns_are_named_beside_the_publication(tmp_path: Path):
    said = refusal(
        tmp_path, "Month,Data Source,Type,LA Code,Region,ICB,Org Code,Metric,Figure\n1,2,3,4,5,6,7,8,9"
    )
    assert "nearest to Discharge Ready Date, monthly (published)" in said
    assert "'Type', 'LA Code', 'Figure' are new" in said
    assert "'data type', 'upper tier local authority code'" in said
    assert "'value' are missing" in said
    assert "deprivation" not in said


def test_columns_that_were_all_renamed_are_known_by_their_words(tmp_path: Path):
    said = refusal(
        tmp_path,
        "Reporting Period,Attending Organisation Code,All Type 1 Attendances,All Type 2 Attendances\n1,2,3,4",
    )
    assert "nearest to A&E attendances, monthly" in said
    assert "'All Type 1 Attendances'" in said


def test_a_file_like_none_is_not_told_every_feed(tmp_path: Path):
    said = refusal(tmp_path, "colour,taste,size\nred,sweet,big\n")
    assert "no feed has these columns ('colour', 'taste', 'size')" in said
    assert "ae_monthly" not in said


@pytest.mark.parametrize("title", ["Monthly A&E\n", "Monthly A&E,,,,,,\n", "\nMonthly A&E\n", ";\n;\n"])
def test_column_names_below_a_title_are_pointed_at(tmp_path: Path, title: str):
    said = refusal(tmp_path, f"{title}{AE}\nMSitAE-MARCH-2026,RAA,X,Y,1,2,3\n")
    row = title.count("\n") + 1
    assert f"the column names stand in row {row}; delete the rows above it" in said


def test_records_keep_their_own_sentence(tmp_path: Path):
    said = refusal(tmp_path, "referral_id,received_date,colour\nR1,2026-04-01,red\n")
    assert "nearest to outpatient_referrals, but 'colour' is new" in said
