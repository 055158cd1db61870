"""The command `targets coverage`: who reported, of whom."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from pipeline import console
from pipeline.cli_app import FOR_ANALYSTS, Format, FormatOption, HomeOption, app
from pipeline.cli_export import Basis


class Shape(StrEnum):
    """What rows are wanted."""

    matrix = "matrix"
    months = "months"
    panel = "panel"


@app.command(rich_help_panel=FOR_ANALYSTS)
def coverage(
    indicator: Annotated[str, typer.Option(help="An indicator, such as four_hour_ed.")],
    level: Annotated[str, typer.Option(help="neighbourhood, place, system, provider, ...")] = "provider",
    basis: Annotated[Basis | None, typer.Option(help="local or published; both otherwise.")] = None,
    shape: Annotated[
        Shape,
        typer.Option(
            "--rows",
            help="matrix: organisation x month; months: the share that reported; panel: a fixed panel.",
        ),
    ] = Shape.matrix,
    start: Annotated[str | None, typer.Option("--from", help="First month, YYYY-MM.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last month, YYYY-MM.")] = None,
    as_known_on: Annotated[
        str | None, typer.Option(help="As it stood at the end of a day, YYYY-MM-DD.")
    ] = None,
    format_: FormatOption = Format.csv,
    home: HomeOption = None,
) -> None:
    """Write who reported in each month: a row for each organisation and month, with its state.

    States: present, provisional, nobody_to_count, insufficient, suppressed, not_reported, missing,
    not_expected. With `--rows months` the share that reported, and whether it is enough for a verdict; with
    `--rows panel` the providers that reported in every month of the window, summed, beside England's figure.

    Example: `targets coverage --indicator discharged_on_ready_date --basis published --rows months`
    """
    with console.opened(home) as warehouse_home:
        from pipeline import coverage_table, export

        frame = coverage_table.table(
            warehouse_home,
            indicator,
            level,
            shape.value,
            basis=basis.value if basis else None,
            start=export.month(start, "--from"),
            end=export.month(end, "--to"),
            as_known_on=export.moment(as_known_on),
        )
        export.write(frame, format_.value, sys.stdout.buffer)
