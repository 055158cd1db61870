"""The `targets` command itself, and the options that its commands share."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="targets",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
    help="Six national neighbourhood-health targets, from files to pages.",
)

FOR_ANALYSTS, YOUR_OWN = "For analysts", "Your own plans and notes"
"""Headings of the list of commands."""

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", help="Folder that holds the data. TARGETS_HOME does the same; .targets here otherwise."
    ),
]


class Format(StrEnum):
    """How rows are written to standard output."""

    csv = "csv"
    json = "json"
    parquet = "parquet"


FormatOption = Annotated[Format, typer.Option("--format", help="How rows are written.")]


@app.callback()
def main(home: HomeOption = None) -> None:
    """Choose the data folder for every command: `targets --home /data/targets status`."""
    if home is not None:
        os.environ["TARGETS_HOME"] = str(home)
