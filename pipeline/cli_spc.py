"""The command `targets spc`: Making Data Count's charts, as a tool to pipe into."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline import console
from pipeline.cli_app import FOR_ANALYSTS, app

REFUSED = 2
"""Exit code for a file or choice that is refused, as `targets load` and wrong options have it."""


class Profile(StrEnum):
    """Whose rules a chart is read by."""

    mdc = "mdc"
    mdc_sql = "mdc_sql"
    nhsr = "nhsr"


class Better(StrEnum):
    """Which way is better."""

    higher = "higher"
    lower = "lower"
    neither = "neither"


class RowFormat(StrEnum):
    """How rows are written."""

    csv = "csv"
    json = "json"


@app.command(rich_help_panel=FOR_ANALYSTS)
def spc(
    file: Annotated[Path, typer.Argument(help="A CSV file; - reads standard input.", allow_dash=True)],
    profile: Annotated[
        Profile, typer.Option(help="mdc: Making Data Count; mdc_sql: its SQL query; nhsr: NHSRplotthedots.")
    ] = Profile.mdc,
    better: Annotated[
        Better, typer.Option(help="Which way is better, where the file has no column that says so.")
    ] = Better.neither,
    format_: Annotated[RowFormat, typer.Option("--format", help="How rows are written.")] = RowFormat.csv,
    summary: Annotated[
        bool, typer.Option("--summary", help="One row a series: its two icons, and why.")
    ] = False,
    compare: Annotated[
        str | None,
        typer.Option(help="Two profiles, such as mdc,nhsr: only the points that they read differently."),
    ] = None,
) -> None:
    """Say what is signal and what is chance in any monthly series (SPC, XmR charts).

    Reads the columns series, date and value, and if they are there better, target, recalculate and baseline
    (0 or 1). Writes the same rows in the same order with the mean, limits, rules and state of each point.
    A blank value is a missing month, not zero. Never give it rolling 12-month values: their months overlap,
    and the rules would find signals in chance alone.

    Example: `targets spc waits.csv --better lower --summary`
    """
    with console.in_sentences(refused=REFUSED):
        from pipeline import export, spc_file, spc_table

        pair = spc_table.pair_of(compare) if compare is not None else None
        read = spc_file.read(file)
        typed = format_ is RowFormat.json
        if pair and summary:
            frame = spc_table.differing_icons(read, pair, better.value)
        elif pair:
            frame = spc_table.differing_points(read, pair, better.value, typed=typed)
        elif summary:
            frame = spc_table.icons(read, profile.value, better.value)
        else:
            frame = spc_table.points(read, profile.value, better.value, typed=typed)
        export.write(frame, format_.value, sys.stdout.buffer)
