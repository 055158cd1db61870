"""The scorecard: a card for each measure with figures, one short list for those without, and why."""

import sqlite3

import pytest
from test_pages import words

from dashboard import sentences, wording
from dashboard.panels import measure_link
from dashboard.sentences import Reading
from metrics.indicators import all_indicators

TARGETS = [one for one in all_indicators().values() if one.role == "target"]


def cards(app) -> list[str]:
    labels = [link.proto.label for link in app.get("page_link")]
    return [one.removeprefix(":blue[**").removesuffix("**]") for one in labels if one.startswith(":blue[**")]


def test_what_was_never_published_has_no_card_but_a_reason_and_stays_in_the_table(open_page):
    app = open_page(level="provider", organisation="RZ1", basis="published")
    given = [one.short_title for one in TARGETS if one.published]
    assert 0 < len(given) < len(TARGETS)
    assert cards(app) == given
    assert "No figure here" in [h.value for h in app.header]
    reasons = [m.value for m in app.markdown if m.value.startswith(":small[**")]
    for one in TARGETS:
        if not one.published:
            told = [reason for reason in reasons if measure_link.in_text(one) in reason]
            assert len(told) == 1, one.id
            assert one.unpublished in told[0]
    assert len(app.table[0].value) == len(TARGETS)


def test_measures_of_one_reason_are_told_together(open_page, own_world):
    kept = "ambulance_conveyances"
    with sqlite3.connect(own_world / "results.sqlite") as database:
        gone = f"SELECT id FROM series WHERE level = 'ambulance_service' AND indicator != '{kept}'"
        for table in ("observation", "standing", "signal"):
            database.execute(f"DELETE FROM {table} WHERE series_id IN ({gone})")
    app = open_page(home=own_world, level="ambulance_service")
    assert not app.exception
    assert cards(app) == [all_indicators()[kept].short_title]
    reasons = [m.value for m in app.markdown if "No records that it counts have arrived" in m.value]
    assert len(reasons) == 1
    for one in TARGETS:
        assert (measure_link.in_text(one) in reasons[0]) == (one.id != kept)
    shape = wording.STANDINGS["no figure"].shape
    assert f"{shape} {len(TARGETS) - 1} no figure" in words(app)
    assert "not enough data" not in words(app)


@pytest.mark.parametrize("level", ["place", "provider"])
def test_with_every_figure_there_is_no_list_of_what_is_not_there(open_page, level):
    app = open_page(level=level)
    assert "No figure here" not in [h.value for h in app.header]
    assert "No figure" not in words(app)


@pytest.mark.parametrize(
    ("better", "value", "target", "said"),
    [
        ("higher", 0.681, 0.78, "9.9 points short of the target"),
        ("higher", 0.78, 0.78, "at the target or better"),
        ("higher", None, 0.78, ""),
        ("higher", 0.7, None, ""),
        ("lower", 60.0, 50.0, "10.0 over the target"),
        ("lower", 40.0, 50.0, "at the target or better"),
    ],
)
def test_how_far_from_the_target_itself(better, value, target, said):
    kind = "proportion" if better == "higher" else "rate"
    one = next(one for one in TARGETS if one.better == better and one.kind == kind)
    row = {"latest_value": value, "target": target}
    assert sentences.from_target(Reading.of(one, "Somewhere", "place", row)) == said
