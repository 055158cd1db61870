"""The command `targets revisions`: what later issues of a month changed."""

import sys
from typing import Annotated

import typer

from pipeline import console
from pipeline.cli_app import FOR_ANALYSTS, Format, FormatOption, HomeOption, app
from pipeline.cli_export import Basis


@app.command(rich_help_panel=FOR_ANALYSTS)
def revisions(
    indicator: Annotated[str | None, typer.Option(help="Only this indicator; all otherwise.")] = None,
    level: Annotated[str | None, typer.Option(help="neighbourhood, place, system, provider, ...")] = None,
    organisation: Annotated[str | None, typer.Option(help="An organisation's code.")] = None,
    period: Annotated[str | None, typer.Option(help="Only this month, YYYY-MM.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First month, YYYY-MM.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last month, YYYY-MM.")] = None,
    breakdown: Annotated[str, typer.Option(help="all (the whole), or specialty, cohort, ...")] = "all",
    basis: Annotated[Basis | None, typer.Option(help="local or published; both otherwise.")] = None,
    flagged: Annotated[bool, typer.Option("--flagged", help="Only those above the declared share.")] = False,
    as_known_on: Annotated[
        str | None, typer.Option(help="Only revisions made by the end of a day, YYYY-MM-DD.")
    ] = None,
    format_: FormatOption = Format.csv,
    home: HomeOption = None,
) -> None:
    """Write what later issues of a month changed: for whom, by how much, from which file, what it turned.

    One row a changed figure, the newest first: both values with their numerators and denominators, when each
    came to be known, the file, and the point, icons and standing before and after. A change of more than half
    a point, or of 1% of the count behind it, is flagged. A month's first arrival is no revision.

    Example: `targets revisions --indicator four_hour_ed --level england --period 2025-06`
    """
    with console.opened(home) as warehouse_home:
        from pipeline import export, revisions_table

        frame = revisions_table.table(
            warehouse_home,
            indicator=indicator,
            level=level,
            organisation=organisation,
            basis=basis.value if basis else None,
            breakdown=breakdown,
            period=export.month(period, "--period"),
            start=export.month(start, "--from"),
            end=export.month(end, "--to"),
            flagged=flagged,
            as_known_on=export.moment(as_known_on),
        )
        export.write(frame, format_.value, sys.stdout.buffer)
