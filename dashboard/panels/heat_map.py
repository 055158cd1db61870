"""Every organisation of a level on every national measure: where each stands, on one page."""

from urllib.parse import urlencode

import polars as pl
import streamlit as st

from dashboard import compared, queries, wording
from dashboard.panels import address, choices, compare, take_away
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
    heading.title(f"{wording.LEVELS[level][1]} by national target", anchor=False)
    have = held.filter(pl.col("level") == level)["bases"].explode().drop_nulls().unique().sort().to_list()
    # Last, for it is not always there and would leave a hole.
    with boxes[3]:
        basis = choices.basis(have)
    with boxes[1]:
        within = compare.within(edition, held, level, basis)
    body = st.container()
    known = choices.known_on()
    rows = compared.standings_of(edition, level, basis, known)
    if rows.height and within:
        rows = rows.filter(pl.col("organisation").is_in(compared.beneath(edition, basis, within)))
    targets = [one for one in choices.in_order(all_indicators()) if one.role == "target"]
    shown = [] if rows.is_empty() else [one for one in targets if one.id in set(rows["indicator"])]
    if not shown:
        body.markdown("There are no standings here yet. Choose another level, area or day.")
        return
    with boxes[2]:
        orders = {BY_NAME: "Name", **{one.id: one.short_title for one in shown}}
        order = choices.choose("In order of", orders, ORDER)
    with body:
        _drawn(level, shown, rows, order)


def table(level: str, shown: list[Indicator], rows: pl.DataFrame, order: str) -> None:
    """Show a row for each organisation and a badge for each measure, in an order of names or of a measure.

    `rows` as `dashboard.compared.standings_of`, of the organisations to show.
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
    said = f"Of {judged.height} verdicts, {behind.height} are behind their path."
    if most.height:
        worst = all_indicators()[most["indicator"][0]]
        said += f" Most often: {worst.short_title} ({most['len'][0]} of {len(names)})."
    st.markdown(f"**{said}**")
    texts = [[_cell(one, cells.get((code, one.id)), counted) for one in shown] for code in names]
    note("Shape and shade say where each stands; each figure opens its trajectory.")
    here = address.kept(level=level)
    st.table(
        pl.DataFrame(
            {
                wording.LEVELS[level][0]: list(names.values()),
                **{
                    f"[{wording.numbered(one).replace('.', chr(92) + '.', 1)}](#{WORDS})": [
                        _link(one, code, text, here) for code, text in zip(names, column, strict=True)
                    ]
                    for one, column in zip(shown, zip(*texts, strict=True), strict=True)
                },
            }
        ),
        border="horizontal",
        hide_index=True,
        alt=f"Heat map of {wording.LEVELS[level][1].lower()} by measure. {said}",
        height=720 if len(names) > 20 else "content",
    )


def _drawn(level: str, shown: list[Indicator], rows: pl.DataFrame, order: str) -> None:
    table(level, shown, rows, order)
    taken = [compared.with_definition(one, rows.filter(pl.col("indicator") == one.id)) for one in shown]
    take_away.offer(pl.concat(taken), f"standings-{level}")
    what_words_mean()


def what_words_mean() -> None:
    """Say what the badges mean; wide tables link here, so that a keyboard reaches them."""
    st.header("What the words mean", anchor=WORDS)
    st.markdown("\n".join(f"- {one.badge} {one.meaning}" for one in wording.STANDINGS.values()))


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


def _link(one: Indicator, code: str, text: str, here: dict[str, str]) -> str:
    if text == "–":
        return text
    return f"[{text}]({TRAJECTORY}?{urlencode({**here, 'organisation': code, 'measure': one.id})})"
