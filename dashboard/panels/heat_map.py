"""Every organisation of a level on every national measure: where each stands, on one page."""

from urllib.parse import urlencode

import polars as pl
import streamlit as st

from dashboard import compared, glossary, insufficient, queries, stood, taken_away, wording
from dashboard.names import short
from dashboard.panels import address, choices, compare, take_away, tall
from dashboard.panels.quiet import note
from metrics.indicator import Indicator
from metrics.indicators import all_indicators

WORDS = "what-the-words-mean"
TRAJECTORY = "trajectory"
ORDER = "order"
BY_NAME = "name"
WORST = ("behind", "on track", "met", "no target", "insufficient data")


def show() -> None:
    """Show the heat map of a level."""
    edition = choices.edition()
    held = queries.organisations(edition)
    heading = st.container()
    boxes = st.columns([3, 4, 4, 3])
    with boxes[0]:
        level = choices.level(held, among=compare.LEVELS, usual="system")
    heading.title(
        f"{wording.LEVELS[level][1]} by national target",
        anchor=False,
        help=glossary.explain("standing", "provisional"),
    )
    have = held.filter(pl.col("level") == level)["bases"].explode().drop_nulls().unique().sort().to_list()
    # Last, for it is not always there and would leave a hole.
    with boxes[3]:
        basis = choices.basis(have)
    with boxes[1]:
        within = compare.within(edition, held, level, basis)
    body = st.container()
    known = choices.known_on()
    rows = stood.of_level(edition, level, basis, known)
    if rows.height and within:
        rows = rows.filter(pl.col("organisation").is_in(compared.beneath(edition, basis, within)))
    targets = [one for one in choices.in_order(all_indicators()) if one.role == "target"]
    shown = [] if rows.is_empty() else [one for one in targets if one.id in set(rows["indicator"])]
    if not shown:
        body.markdown("There are no verdicts here yet. Choose another level, area or day.")
        return
    with boxes[2]:
        orders = {BY_NAME: "Name", **{one.id: one.short_title for one in shown}}
        order = choices.choose("In order of", orders, ORDER)
    with body:
        table(level, shown, rows, order)
        _take_away(level, shown, rows, order)
        why_no_verdict(insufficient.verdicts(edition, level, basis, known, rows), level)
        what_words_mean(level, shown, rows)


def table(level: str, shown: list[Indicator], rows: pl.DataFrame, order: str) -> None:
    """Show a row for each organisation and a badge for each measure, in an order of names or of a measure.

    `rows` as `dashboard.stood.of_level`, of the organisations to show.
    """
    names = _ordered(rows, shown, order)
    cells = {(row["organisation"], row["indicator"]): row for row in rows.iter_rows(named=True)}
    counted = level in wording.PLACES_OF_CARE
    behind = rows.filter(pl.col("status_words") == "behind", pl.col("indicator").is_in([o.id for o in shown]))
    judged = rows.filter(
        pl.col("status_words").is_in(["behind", "on track", "met"]),
        pl.col("indicator").is_in([one.id for one in shown]),
    )
    most = behind.group_by("indicator").len().sort("len", descending=True)
    verdicts = wording.counted_as(judged.height, "verdict")
    said = f"{behind.height or 'None'} of {verdicts} {'is' if behind.height < 2 else 'are'} “behind”."
    said = said if judged.height else "There is no verdict yet."
    unjudged = rows.filter(pl.col("status_words") == insufficient.NO_VERDICT).filter(
        pl.col("indicator").is_in([one.id for one in shown])
    )
    if most.height:
        worst = all_indicators()[most["indicator"][0]]
        said += f" Most often: {worst.short_title} ({most['len'][0]} of {len(names)})."
    if unjudged.height:
        said += f" {unjudged.height} could not be judged: the reasons are below the table."
    st.markdown(f"**{said}**")
    texts = [[_cell(one, cells.get((code, one.id)), counted) for one in shown] for code in names]
    note("Shape and shade say where each stands; each figure opens its trajectory.")
    here = address.kept(level=level)
    st.table(
        pl.DataFrame(
            {
                wording.LEVELS[level][0]: pl.Series(names.values())
                .to_frame("at")
                .select(short(pl.col("at")))["at"],
                **{
                    f"[{wording.numbered(one).replace('.', chr(92) + '.', 1)}](#{WORDS})": [
                        _link(one, code, text, here, names[code])
                        for code, text in zip(names, column, strict=True)
                    ]
                    for one, column in zip(shown, zip(*texts, strict=True), strict=True)
                },
            }
        ),
        border="horizontal",
        hide_index=True,
        alt=f"Heat map of {wording.LEVELS[level][1].lower()} by measure. {said}",
        height=tall.height(len(names)),
    )


def _take_away(level: str, shown: list[Indicator], rows: pl.DataFrame, order: str) -> None:
    """Offer the rows exactly as shown: organisations in the same order, measures in that of the columns."""
    names = _ordered(rows, shown, order)
    at = pl.DataFrame({"organisation": list(names), "at": range(len(names))})
    measures = pl.DataFrame({"indicator": [one.id for one in shown], "column": range(len(shown))})
    taken = pl.concat(
        [taken_away.with_definition(one, rows.filter(pl.col("indicator") == one.id), level) for one in shown]
    )
    ordered = taken.join(at, on="organisation").join(measures, on="indicator").sort("at", "column")
    take_away.offer(ordered.drop("at", "column"), f"standings-{level}")


def why_no_verdict(reasons: pl.DataFrame, level: str) -> None:
    """Say of every standing without a verdict what it lacks: `reasons` as `insufficient.verdicts`."""
    if reasons.is_empty():
        return
    st.header("Why some have no verdict", anchor=False)
    declared = all_indicators()
    alike = (
        reasons.sort("organisation_name")
        .group_by("indicator", "why", maintain_order=True)
        .agg(short(pl.col("organisation_name")).str.join(", ").alias("who"))
    )
    st.table(
        pl.DataFrame(
            {
                "Measure": [wording.numbered(declared[one]) for one in alike["indicator"]],
                "Why": alike["why"],
                f"[{wording.LEVELS[level][1]}](#{WORDS})": alike["who"],
            }
        ).select(pl.all().map_elements(_plain, return_dtype=pl.String)),
        border="horizontal",
        hide_index=True,
        alt="Why some have no verdict",
    )


def _plain(text: str) -> str:
    """Keep "4. Four-hour" from being read as the fourth item of a list."""
    return text.replace(".", "\\.", 1) if text[:1].isdigit() else text


def what_words_mean(level: str, shown: list[Indicator], rows: pl.DataFrame) -> None:
    """Say what the badges and the figures are; wide tables link here, so that a keyboard reaches them."""
    st.header("What the words and figures mean", anchor=WORDS)
    badges = [f"- {one.badge} {one.meaning}" for one in wording.STANDINGS.values()]
    newest = dict(rows.group_by("indicator").agg(pl.col("latest_period").max()).iter_rows())
    counted = level in wording.PLACES_OF_CARE
    figures = [
        f"- **{one.short_title}**: {wording.axis_title(one, counted)}, {wording.month(newest.get(one.id))}."
        for one in shown
    ]
    st.markdown("\n".join(badges))
    st.markdown("Each figure is of one month, the newest final one:")
    st.markdown("\n".join(figures))


def _ordered(rows: pl.DataFrame, shown: list[Indicator], order: str) -> dict[str, str]:
    """Give codes and names in the chosen order: by name, or the furthest behind on a measure first."""
    mine = rows.filter(pl.col("indicator") == order) if order != BY_NAME else rows
    by_name = rows.sort("organisation_name").unique("organisation", keep="first", maintain_order=True)
    everyone = dict(by_name.select("organisation", "organisation_name").iter_rows())
    if order == BY_NAME:
        return everyone
    rank = pl.col("status_words").replace_strict({words: at for at, words in enumerate(WORST)}, default=9)
    first = mine.sort(rank, "gap", nulls_last=True)["organisation"].unique(maintain_order=True).to_list()
    return {code: everyone[code] for code in [*first, *(c for c in everyone if c not in set(first))]}


def _cell(one: Indicator, row: dict[str, object] | None, counted: bool) -> str:
    """Write a value in the badge of its standing: its shape, and the shade that repeats it."""
    if row is None:
        return "–"
    stands = wording.standing(str(row["status_words"]))
    value = row["latest_value"]
    text = wording.value(one, float(str(value)), counted) if value is not None else "no figure"
    return f":{stands.colour}-badge[{stands.shape} {text}]"


def _link(one: Indicator, code: str, text: str, here: dict[str, str], name: str) -> str:
    """Link a figure to its trajectory; of itself "▼ 3.7" would say neither whose it is nor of what."""
    if text == "–":
        return text
    asked = urlencode({**here, "organisation": code, "measure": one.id})
    whose = name.replace("\\", "").replace('"', "”")
    return f'[{text}]({TRAJECTORY}?{asked} "{whose}: {one.short_title}. Opens a new tab.")'
