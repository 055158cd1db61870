"""The command `targets contribution`: whose gap is it."""

import sys
from typing import Annotated

import typer

from pipeline import console
from pipeline.cli_app import FOR_ANALYSTS, HomeOption, app
from pipeline.cli_export import Basis
from pipeline.cli_spc import RowFormat


@app.command(rich_help_panel=FOR_ANALYSTS)
def contribution(
    indicator: Annotated[str, typer.Option(help="An indicator, such as four_hour_ed.")],
    organisation: Annotated[str, typer.Option(help="The whole: an organisation's code.")],
    level: Annotated[str, typer.Option(help="The whole's level: place, system, region, england, provider.")],
    by: Annotated[
        str,
        typer.Option(
            help="The parts: neighbourhood, place, system, region, provider; or neighbourhood,provider."
        ),
    ],
    period: Annotated[str, typer.Option(help="The month, YYYY-MM.")],
    basis: Annotated[
        Basis, typer.Option(help="local, or published: providers under a system, region or England.")
    ] = Basis.local,
    as_known_on: Annotated[
        str | None, typer.Option(help="The figures as they stood at the end of a day, YYYY-MM-DD.")
    ] = None,
    format_: Annotated[RowFormat, typer.Option("--format", help="How rows are written.")] = RowFormat.csv,
    home: HomeOption = None,
) -> None:
    """Say what each part adds to an organisation's gap to its target; the parts sum to the gap exactly.

    One row a part, the worst first. The change since the same month of the baseline year is split into mix
    and rate, and for the cohorts' rates into the size of the cohort and its activity.

    Example: `targets contribution --indicator four_hour_ed --organisation QZ1 --level system
    --by neighbourhood --period 2026-06`
    """
    with console.opened(home) as warehouse_home:
        from pipeline import contribution_table, export

        month = export.month(period, "--period")
        levels = tuple(one.strip() for one in by.split(","))
        frame = contribution_table.table(
            warehouse_home,
            indicator,
            organisation,
            level,
            levels,
            month,
            basis.value,
            as_known_on=export.moment(as_known_on),
        )
        export.write(frame, format_.value, sys.stdout.buffer)
