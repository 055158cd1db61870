"""The data-quality page says whether figures agree: within a file, and records with what was published."""

from datetime import date

import polars as pl
import pytest
from world import KNOWN_AT, build

from dashboard import reconciled
from metrics.indicators import all_indicators
from warehouse import reconciliation, submissions

PAGE = "pages/assurance/data_quality.py"
FEED = next(one.published_feeds[0] for one in all_indicators().values() if one.published)


def words(app) -> str:
    tables = [" ".join(map(str, [*t.value.columns, *t.value.to_numpy().ravel()])) for t in app.table]
    return " ".join([*(m.value for m in app.markdown), *(h.value for h in app.header), *tables])


@pytest.fixture(scope="module")
def checked_world(tmp_path_factory):
    """A world with one published file, whose totals hold and of which one trust is doubtful."""
    folder = tmp_path_factory.mktemp("checked")
    home = build(folder)
    rules = ("total_holds", "provider_sum_differs", "doubtful_zero")
    severities = ("info", "warning", "warning")
    submissions.record(
        home, feed=FEED, file_name="published.csv", sha256="p", rows=5, accepted=5, quarantined=0,
        outcome="accepted", periods=[date(2026, 9, 1)], received_at=KNOWN_AT,
        findings=pl.DataFrame(
            {
                "rule": rules, "column": [None] * 3, "severity": severities, "rows": [5, 4, 1],
                "reason": [f"said of {rule}" for rule in rules],
            },
            schema_overrides={"column": pl.String},
        ),
    )  # fmt: skip
    home.close()
    return folder


def test_checks_are_told_with_their_outcome_and_set_no_row_aside(open_page, checked_world):
    app = open_page(PAGE, home=checked_world)
    assert not app.exception
    tables = [t.value for t in app.table if "What was compared" in t.value.columns]
    outcome = next(name for name in tables[0].columns if name.startswith("[Outcome]"))
    said = {words: told for t in tables for words, told in zip(t["The newest"], t[outcome], strict=True)}
    assert "✔ Agrees" not in set(tables[0][outcome]), "what does not agree comes first, and alone"
    assert said["said of total_holds"] == "✔ Agrees"
    assert said["said of provider_sum_differs"] == "✖ Differs"
    by_rule = {rule: t for t in app.table for rule in t.value.iloc[:, -1] if str(rule).startswith("`")}
    headers = [h.value for h in app.header]
    assert headers.index("Rows set aside") < headers.index("Noted, and still counted")
    assert "`total_holds`" not in by_rule
    aside, noted = (by_rule[f"`{rule}`"] for rule in ("in_order", "doubtful_zero"))
    assert aside is not noted, "what is noticed in a published file is still counted"


def test_local_and_published_are_compared_month_by_month(open_page, checked_world):
    said = words(open_page(PAGE, home=checked_world))
    assert "Do local records agree with what was published?" in said
    assert "within 1 point for a share, 2% for other values" in said
    assert "Furthest apart, local less published" in said


def test_months_count_their_outcomes_and_name_who_is_furthest(in_home, checked_world):
    in_home(checked_world)
    found = reconciled.differences("now")
    months = reconciled.by_month(found)
    assert months.select("agree", "differ", "cannot").sum_horizontal().sum() == found.height
    made = found.head(4).with_columns(
        indicator=pl.lit("one"),
        period=pl.lit(date(2026, 1, 1)),
        outcome=pl.Series(["agrees", "differs", "differs", "cannot compare"]),
        difference=pl.Series([0.001, -0.3, 0.2, None]),
        organisation=pl.Series(list("ABCD")),
    )
    row = reconciled.by_month(made).row(0, named=True)
    assert (row["agree"], row["differ"], row["cannot"]) == (1, 2, 1)
    assert (row["organisation"], row["difference"]) == ("B", -0.3)


def test_every_rule_that_is_a_check_has_an_outcome_in_words():
    assert {outcome for _, outcome in reconciliation.CHECKS.values()} <= set(reconciled.OUTCOMES)
