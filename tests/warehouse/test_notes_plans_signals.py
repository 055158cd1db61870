"""Notes, plans and signals as they rest in either database."""

from datetime import date

import polars as pl
import pytest
from observed import JUNE

from warehouse import derived, notes, plans, runs, signals
from warehouse.series import KEYS


def made(organisations: list[str], **changed: object) -> pl.DataFrame:
    keys = {"indicator": "made_up", "definition_version": "1", "basis": "local", "level": "place"}
    row = {**keys, "breakdown": "all", "category": "all"}
    measures = dict.fromkeys(signals.MEASURES)
    said = {"profile": "mdc", "profile_version": "5", "points": 20, "gaps": 0, "variation": "common_cause"}
    said |= {"assurance": "none", "reason": "no rule is broken", "rules": "", "signalled": 0, **changed}
    rows = [{**row, "organisation": one, **measures, **said} for one in organisations]
    return pl.DataFrame(rows, schema={**dict.fromkeys(KEYS, pl.String), **signals.MEASURES})


def test_signals_are_replaced_whole(home):
    run = runs.start(home, "test")
    signals.write(home, made(["A", "B"]), "made_up", "local", run)
    signals.write(home, made(["B"], mean=0.5, latest_period=JUNE), "made_up", "local", run)
    found = signals.read(home)
    assert found.columns == list(signals.COLUMNS)
    assert found.select("organisation", "mean", "latest_period").rows() == [("B", 0.5, JUNE)]
    assert signals.read(home, levels=["system"]).is_empty()


def test_signals_of_another_basis_stay(home):
    run = runs.start(home, "test")
    signals.write(home, made(["A"]), "made_up", "local", run)
    published = made(["P"]).with_columns(basis=pl.lit("published"))
    signals.write(home, published, "made_up", "published", run)
    assert signals.read(home)["organisation"].to_list() == ["A", "P"]


def test_a_note_has_scope_reason_author_and_date(home):
    number = notes.add(
        home, notes.RECALCULATION, "made_up", JUNE, "New unit opened", "A. Analyst", {"organisation": "A"}
    )
    [row] = notes.read(home).to_dicts()
    assert row["id"] == number
    assert (row["organisation"], row["level"], row["reason"]) == ("A", None, "New unit opened")
    assert row["created_at"] is not None
    assert notes.read(home, kind=notes.ANNOTATION).is_empty()


def test_a_note_is_withdrawn_and_not_forgotten(home):
    number = notes.add(home, notes.ANNOTATION, "made_up", JUNE, "Strike", "A. Analyst")
    assert notes.withdraw(home, number, "B. Analyst") == "made_up"
    assert notes.read(home).is_empty()
    [row] = notes.read(home, past=True).to_dicts()
    assert (row["withdrawn_by"], row["reason"]) == ("B. Analyst", "Strike")
    with pytest.raises(ValueError, match="no note"):
        notes.withdraw(home, number, "B. Analyst")


@pytest.mark.parametrize(("reason", "author"), [("", "A"), (" ", "A"), ("Strike", "")])
def test_a_note_without_a_reason_or_an_author_is_refused(home, reason, author):
    with pytest.raises(ValueError, match="needs a reason and an author"):
        notes.add(home, notes.ANNOTATION, "made_up", JUNE, reason, author)


def test_notes_about_a_series(home):
    for scope in ({}, {"organisation": "A"}, {"organisation": "B"}, {"level": "place", "breakdown": "all"}):
        notes.add(home, notes.ANNOTATION, "made_up", JUNE, str(scope), "A. Analyst", scope)
    series = {"basis": "local", "level": "place", "organisation": "A", "breakdown": "sex", "category": "1"}
    assert notes.about(notes.read(home), series)["reason"].to_list() == ["{}", "{'organisation': 'A'}"]


def planned(values: dict[tuple[str, date], float]) -> pl.DataFrame:
    rows = [("made_up", "place", org, period, value, "The board") for (org, period), value in values.items()]
    return pl.DataFrame(
        rows, schema=["indicator", "level", "organisation", "period", "value", "set_by"], orient="row"
    )


def test_a_new_plan_replaces_the_organisations_whole_plan_and_the_earlier_stays_known(home):
    july = date(2025, 7, 1)
    plans.write(home, planned({("A", JUNE): 0.7, ("A", july): 0.8, ("B", JUNE): 0.6}), "first.csv")
    plans.write(home, planned({("A", JUNE): 0.75}), "second.csv")
    now = plans.read(home, "made_up").select("organisation", "period", "value").rows()
    assert now == [("A", JUNE, 0.75), ("B", JUNE, 0.6)]
    past = plans.read(home, past=True).filter(pl.col("known_to").is_not_null())
    assert past.select("organisation", "value", "file_name").rows() == [
        ("A", 0.7, "first.csv"),
        ("A", 0.8, "first.csv"),
    ]


def test_one_fingerprint_for_each_indicator_and_basis(home):
    assert derived.read(home, "made_up", "local") is None
    derived.write(home, "made_up", "local", "one")
    derived.write(home, "made_up", "local", "two")
    derived.write(home, "made_up", "published", "three")
    assert derived.read(home, "made_up", "local") == "two"
