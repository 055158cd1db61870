"""The command `targets funnel`: which organisations differ from the rest by more than chance."""

import sys
from typing import Annotated

import typer

from pipeline import console
from pipeline.cli_app import FOR_ANALYSTS, HomeOption, app
from pipeline.cli_export import Basis
from pipeline.cli_spc import RowFormat


@app.command(rich_help_panel=FOR_ANALYSTS)
def funnel(
    indicator: Annotated[str, typer.Option(help="An indicator, such as four_hour_ed.")],
    level: Annotated[str, typer.Option(help="neighbourhood, place, system, provider, ...")],
    period: Annotated[str, typer.Option(help="The month, YYYY-MM; with --to the first of several.")],
    end: Annotated[
        str | None, typer.Option("--to", help="Last month, YYYY-MM: the months are pooled, sum over sum.")
    ] = None,
    within: Annotated[
        str | None,
        typer.Option("--within", "--region", help="Only organisations under this region, system or place."),
    ] = None,
    basis: Annotated[
        Basis | None, typer.Option(help="local or published; needed where both are held.")
    ] = None,
    breakdown: Annotated[
        str, typer.Option(help="all (the whole), or sex, specialty, ...: a funnel for each category.")
    ] = "all",
    category: Annotated[str | None, typer.Option(help="Only this category of the breakdown.")] = None,
    standardise: Annotated[
        bool,
        typer.Option(help="Rates over people: also standardised by age (European Standard Population 2013)."),
    ] = False,
    as_known_on: Annotated[
        str | None, typer.Option(help="The figures as they stood at the end of a day, YYYY-MM-DD.")
    ] = None,
    format_: Annotated[RowFormat, typer.Option("--format", help="How rows are written.")] = RowFormat.csv,
    home: HomeOption = None,
) -> None:
    """Place each organisation in its funnel: interval, limits allowing for over-dispersion, and a verdict.

    One row an organisation: its figure with a 95% interval (Wilson for proportions, Byar for rates), the
    funnel's average, theta, phi and tau2, limits at 95% and 99.8%, and its position in words. Descriptive,
    not evaluative: case mix is not adjusted for.

    Example: `targets funnel --indicator four_hour_ed --level provider --period 2026-04 --to 2026-06`
    """
    with console.opened(home) as warehouse_home:
        from pipeline import export, funnel_table

        first = export.month(period, "--period")
        last = export.month(end or period, "--to")
        frame = funnel_table.table(
            warehouse_home,
            indicator,
            level,
            first,
            last,
            within=within,
            basis=basis.value if basis else None,
            breakdown=breakdown,
            category=category,
            standardise=standardise,
            as_known_on=export.moment(as_known_on),
        )
        export.write(frame, format_.value, sys.stdout.buffer)
