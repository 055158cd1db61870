"""Commands that write rows to standard output for analysts."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from pipeline import console
from pipeline.cli_app import FOR_ANALYSTS, Format, FormatOption, HomeOption, app


class Basis(StrEnum):
    """Where observations come from."""

    local = "local"
    published = "published"


class Footprint(StrEnum):
    """Which organisations history stands at."""

    today = "today"
    as_was = "as-was"


class Audience(StrEnum):
    """Who the figures are for."""

    restricted = "restricted"
    public = "public"


@app.command(rich_help_panel=FOR_ANALYSTS)
def observations(
    indicator: Annotated[str, typer.Option(help="An indicator, such as four_hour_ed.")],
    level: Annotated[str | None, typer.Option(help="neighbourhood, place, system, provider, ...")] = None,
    organisation: Annotated[str | None, typer.Option(help="An organisation's code.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First month, YYYY-MM.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last month, YYYY-MM.")] = None,
    breakdown: Annotated[
        str, typer.Option(help="all (the whole), or specialty, cohort, age_band, ...")
    ] = "all",
    basis: Annotated[Basis | None, typer.Option(help="local or published; both otherwise.")] = None,
    as_known_on: Annotated[
        str | None, typer.Option(help="The figures as they stood at the end of a day, YYYY-MM-DD.")
    ] = None,
    footprint: Annotated[
        Footprint,
        typer.Option(help="today: merged organisations with the history of their parts; as-was: apart."),
    ] = Footprint.today,
    audience: Annotated[
        Audience,
        typer.Option(help="public: small numbers suppressed, the rest rounded, none left to work out."),
    ] = Audience.restricted,
    format_: FormatOption = Format.csv,
    home: HomeOption = None,
) -> None:
    """Write observations to standard output, one row for each.

    Example: `targets observations --indicator four_hour_ed --level england --basis published --from 2025-06`
    """
    from pipeline import export

    quiet = audience is not Audience.public
    with (
        console.opened(home) as warehouse_home,
        console.progress("Suppressing small numbers", quiet=quiet) as tick,
    ):
        frame = export.observations(
            warehouse_home,
            indicator=indicator,
            level=level,
            organisation=organisation,
            start=export.month(start, "--from"),
            end=export.month(end, "--to"),
            breakdown=breakdown,
            basis=basis.value if basis else None,
            as_known_on=export.moment(as_known_on),
            audience=audience.value,
            progress=tick,
            footprint=footprint.name,
        )
        export.write(frame, format_.value, sys.stdout.buffer)


@app.command(rich_help_panel=FOR_ANALYSTS)
def quarantine(
    feed: Annotated[str | None, typer.Option(help="Only this feed.")] = None,
    submission: Annotated[int | None, typer.Option(help="Only this submission's number.")] = None,
    format_: FormatOption = Format.csv,
    home: HomeOption = None,
) -> None:
    """Write quarantined rows, with the rule each broke, to standard output.

    These are record-level rows under pseudonyms: keep them where the records may be kept.

    Example: `targets quarantine --feed inpatient_spells > to-correct.csv`
    """
    from pipeline import export

    with console.opened(home) as warehouse_home:
        export.write(export.quarantined(warehouse_home, feed, submission), format_.value, sys.stdout.buffer)


@app.command(rich_help_panel=FOR_ANALYSTS)
def status(
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
    home: HomeOption = None,
) -> None:
    """Show the feeds, their newest month, how fresh they are, and the last run.

    Example: `targets status --json`
    """
    from pipeline import export

    with console.opened(home) as warehouse_home:
        console.print_status(
            export.freshness(warehouse_home, today=datetime.now(UTC).date()), as_json=as_json
        )
