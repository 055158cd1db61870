"""The command `targets reconcile`: local records beside published figures."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from pipeline import console
from pipeline.cli_app import FOR_ANALYSTS, Format, FormatOption, HomeOption, app


class Outcome(StrEnum):
    """What came of a comparison."""

    agrees = "agrees"
    differs = "differs"
    cannot = "cannot compare"


@app.command(rich_help_panel=FOR_ANALYSTS)
def reconcile(
    indicator: Annotated[str | None, typer.Option(help="Only this indicator; all otherwise.")] = None,
    level: Annotated[str, typer.Option(help="The level both are held at.")] = "provider",
    organisation: Annotated[str | None, typer.Option(help="An organisation's code.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First month, YYYY-MM.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last month, YYYY-MM.")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="Only this outcome.")] = None,
    as_known_on: Annotated[
        str | None, typer.Option(help="As both stood at the end of a day, YYYY-MM-DD.")
    ] = None,
    format_: FormatOption = Format.csv,
    home: HomeOption = None,
) -> None:
    """Write local records beside published figures of the same organisation and month, with the difference.

    "agrees" is within one point for a share and 2% for other values, and within 2% of the count behind it;
    "differs" is beyond either; "cannot compare" says which side has no figure.

    Example: `targets reconcile --indicator four_hour_ed --outcome differs`
    """
    with console.opened(home) as warehouse_home:
        from pipeline import export, reconcile_table

        frame = reconcile_table.table(
            warehouse_home,
            indicator=indicator,
            level=level,
            organisation=organisation,
            start=export.month(start, "--from"),
            end=export.month(end, "--to"),
            outcome=outcome.value if outcome else None,
            as_known_on=export.moment(as_known_on),
        )
        export.write(frame, format_.value, sys.stdout.buffer)
