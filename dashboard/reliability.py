"""How good the forecasts are, in words: chances once given held against what came."""

from dataclasses import dataclass

import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.opening import home
from metrics import calibration
from metrics.calibration import FEW, FITS, HARSH, KIND
from metrics.indicators import all_indicators
from warehouse import back_tests

ANCHOR = "how-good-are-the-forecasts"
"""Tables link here: one wider than a phone must hold something that a keyboard can reach."""
VERDICTS = {
    FITS: ("●", "In line"),
    KIND: ("▼", "Too kind"),
    HARSH: ("▲", "Too harsh"),
    FEW: ("○", "Too few to say"),
}
HOW_TO_READ = (
    "How to read this: on the diagonal, chances came true as often as they said. Below it they were too "
    "kind, above it too harsh. The upright line through a point is where its share met may really lie; each "
    "series counts once in it, since its months hang together. Organisations are in it beside the wholes "
    "they are part of, so even that is a little too sure."
)


@dataclass(frozen=True, slots=True)
class Reliability:
    """One choice of back tests: `bands` (`metrics.calibration.bands`); by measure and basis: `measures`."""

    bands: pl.DataFrame
    measures: pl.DataFrame

    @property
    def asked(self) -> int:
        """How many questions back tests were asked."""
        return int(self.bands["questions"].sum())

    def said(self) -> str:
        """Say honestly where chances were too kind and where too harsh."""
        if not self.asked:
            return "No chance has been held against what came yet, so none can be said to be good or bad."
        judged = self.bands.filter(pl.col("verdict") != FEW)
        parts = []
        for verdict, words in ((KIND, "too kind"), (HARSH, "too harsh")):
            wrong = judged.filter(pl.col("verdict") == verdict)
            if wrong.height:
                parts.append(f"{words} where they said {_ranges(wrong)} ({_worst(wrong)})")
        right = judged.filter(pl.col("verdict") == FITS)
        if right.height:
            parts.append(f"in line where they said {_ranges(right)}")
        said = f"Chances were {'; '.join(parts)}." if parts else "There are too few series for a verdict."
        return f"{said}{self._middle()} From {self.asked:,} questions put to earlier months."

    def _middle(self) -> str:
        """Say both sides of evens together, the foregone left out: single bands may be too thin to tell."""
        parts = []
        for first, last in ((1, 4), (5, 8)):
            rows = self.bands.filter(pl.col("tenth").is_between(first, last), pl.col("questions") > 0)
            if rows.height:
                given, met = (
                    (rows[name] * rows["questions"]).sum() / rows["questions"].sum()
                    for name in ("chance_given", "share_met")
                )
                span = f"{first}0 and {last + 1}0%"
                parts.append(
                    f"between {span} they said {_percent(given)} on average and {_percent(met)} were met"
                )
        return f" Taken together, {'; '.join(parts)}." if parts else ""

    def table(self) -> pl.DataFrame:
        """Give the table twin of the diagram: a row for each band with questions."""
        some = self.bands.filter(pl.col("questions") > 0).to_dicts()
        return pl.DataFrame(
            {
                "Chance said": [_band(row) for row in some],
                "On average": [_percent(row["chance_given"]) for row in some],
                "Met": [_percent(row["share_met"]) for row in some],
                "May really be": [
                    f"{_percent(row['met_low'])} to {_percent(row['met_high'])}" for row in some
                ],
                "Questions": [f"{row['questions']:,}" for row in some],
                "Series": [f"{row['series']:,}" for row in some],
                f"[Verdict](#{ANCHOR})": [" ".join(VERDICTS[row["verdict"]]) for row in some],
            }
        )

    def by_measure(self) -> pl.DataFrame:
        """Give a row for each measure and basis: chance said, share met, how often the 80% band held."""
        declared = all_indicators()
        rows = [row for row in self.measures.to_dicts() if row["indicator"] in declared]
        return pl.DataFrame(
            {
                "Measure": [declared[row["indicator"]].short_title for row in rows],
                "Figures": [wording.BASES[row["basis"]] for row in rows],
                "Series tested": [f"{row['series']:,}" for row in rows],
                "Beat last year's months": [f"{row['beaten']:,} of {row['series']:,}" for row in rows],
                f"[80% band held](#{ANCHOR})": [_percent(row["held"]) for row in rows],
                "Chance said, on average": [_percent(row["chance_given"]) for row in rows],
                "Met": [_percent(row["share_met"]) for row in rows],
                "Questions": ["–" if row["questions"] is None else f"{row['questions']:,}" for row in rows],
            }
        )

    def alt(self) -> str:
        """Describe the diagram for somebody who cannot see it."""
        points = [
            f"{_band(row)}: {_percent(row['share_met'])} met"
            for row in self.bands.filter(pl.col("questions") > 0).iter_rows(named=True)
        ]
        return f"Chance said against share met in back tests. {'; '.join(points)}. {self.said()}"


@st.cache_data(max_entries=32, show_spinner=False)
def read(edition: str, indicator: str | None = None) -> Reliability:
    """Read how back tests did, over every measure or for one."""
    sums, tested = back_tests.chances(home()), back_tests.forecasts(home())
    if indicator is not None:
        sums, tested = sums.filter(indicator=indicator), tested.filter(indicator=indicator)
    keys = ("indicator", "basis")
    chances = calibration.whole(sums, keys)
    return Reliability(calibration.bands(sums), tested.join(chances, on=keys, how="left"))


def _band(row: dict[str, float]) -> str:
    return f"{round(row['chance_from'] * 100)} to {round(row['chance_to'] * 100)}%"


def _ranges(rows: pl.DataFrame) -> str:
    """Join neighbouring bands: "10 to 40% and 70 to 80%"."""
    stretch = (pl.col("tenth").diff() > 1).fill_null(value=False).cum_sum()
    joined = rows.sort("tenth").group_by(stretch.alias("stretch"), maintain_order=True)
    spans = joined.agg(pl.col("chance_from").first(), pl.col("chance_to").last()).iter_rows(named=True)
    return wording.listing(_band(span) for span in spans)


def _worst(rows: pl.DataFrame) -> str:
    """Say the band furthest out: "of those said 24% on average, 16% were met"."""
    row = rows.sort((pl.col("chance_given") - pl.col("share_met")).abs()).row(-1, named=True)
    given, met = _percent(row["chance_given"]), _percent(row["share_met"])
    return f"at worst {given} on average, of which {met} were met"


def _percent(share: float | None) -> str:
    if share is None:
        return "–"
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 <= share < 1 else wording.percent(share, 0)
