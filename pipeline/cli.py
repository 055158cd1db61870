"""The command line: `targets`. Each command is a few lines; the work is in the modules it calls."""

import os
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline import console

app = typer.Typer(
    name="targets",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
    help="Six national neighbourhood-health targets, from files to pages.",
)

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", help="Folder that holds the data. TARGETS_HOME does the same; .targets here otherwise."
    ),
]


class Size(StrEnum):
    """How large a synthetic demo to make."""

    small = "small"
    region = "region"
    england = "england"


class Engine(StrEnum):
    """What counts the records; every engine gives the same whole numbers."""

    polars = "polars"
    duckdb = "duckdb"


class Format(StrEnum):
    """How rows are written to standard output."""

    csv = "csv"
    json = "json"
    parquet = "parquet"


class Basis(StrEnum):
    """Where observations come from."""

    local = "local"
    published = "published"


@app.callback()
def main(home: HomeOption = None) -> None:
    """Choose the data folder for every command: `targets --home /data/targets status`."""
    if home is not None:
        os.environ["TARGETS_HOME"] = str(home)


@app.command()
def demo(
    size: Annotated[Size, typer.Option(help="small: seconds; region: 8 million records.")] = Size.region,
    seed: Annotated[int, typer.Option(help="The same seed makes the same files, byte for byte.")] = 2026,
    folder: Annotated[
        Path | None, typer.Option(help="Where the files go; demo/ in the data folder otherwise.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Make a synthetic region's feeds as Parquet files, ready to load.

    Example: `targets demo --size small` then `targets load .targets/demo/*.parquet`
    """
    from pipeline.demo import make_demo

    target = folder or console.home_path(home) / "demo"
    with console.progress("Making the synthetic region") as tick:
        files = make_demo(target, size.value, seed, tick)
    typer.echo(f"{len(files)} synthetic files in {target}")


@app.command()
def load(
    files: Annotated[list[Path], typer.Argument(help="CSV or Parquet files, of any known feed.")],
    feed: Annotated[
        str | None, typer.Option(help="Say which feed it is instead of recognising it from its columns.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list, not a line each.")] = False,
    home: HomeOption = None,
) -> None:
    """Hold files to their contracts and store what is accepted.

    Exit code 0: all accepted; 2: something was refused (nothing of that file was stored); 1: we failed.

    Example: `targets load MSitAE-*.csv`
    """
    from pipeline import load as loading
    from pipeline.observe_published import PublishedObserver

    with console.opened(home) as warehouse_home:
        observe = PublishedObserver(warehouse_home)
        with console.progress("Loading", quiet=as_json) as tick:
            reports = loading.load_files(
                warehouse_home, files, feed=feed, progress=tick, after_published=observe
            )
            observe.settle()
        console.print_reports(reports, as_json=as_json)
    if any(report.outcome == "refused" for report in reports):
        raise typer.Exit(2)


@app.command(name="refresh")
def refresh_command(
    engine: Annotated[Engine, typer.Option(help="What counts the records.")] = Engine.polars,
    home: HomeOption = None,
) -> None:
    """Count what changed since the last refresh and write the observations that differ.

    Example: `targets refresh --engine duckdb`
    """
    from pipeline import refresh

    with console.opened(home) as warehouse_home, console.progress("Counting") as tick:
        report = refresh.refresh(warehouse_home, engine=engine.value, progress=tick)
    console.print_refresh(report)


@app.command()
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
    format_: Annotated[Format, typer.Option("--format", help="How rows are written.")] = Format.csv,
    home: HomeOption = None,
) -> None:
    """Write observations to standard output, one row for each.

    Example: `targets observations --indicator four_hour_ed --level england --basis published --from 2025-06`
    """
    from pipeline import export

    with console.opened(home) as warehouse_home:
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
        )
        export.write(frame, format_.value, sys.stdout.buffer)


@app.command()
def quarantine(
    feed: Annotated[str | None, typer.Option(help="Only this feed.")] = None,
    submission: Annotated[int | None, typer.Option(help="Only this submission's number.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="How rows are written.")] = Format.csv,
    home: HomeOption = None,
) -> None:
    """Write quarantined rows, with the rule each broke, to standard output.

    These are record-level rows under pseudonyms: keep them where the records may be kept.

    Example: `targets quarantine --feed inpatient_spells > to-correct.csv`
    """
    from pipeline import export

    with console.opened(home) as warehouse_home:
        export.write(export.quarantined(warehouse_home, feed, submission), format_.value, sys.stdout.buffer)


@app.command()
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


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8501,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    home: HomeOption = None,
) -> None:
    """Serve the pages.

    Example: `targets serve --port 8600`
    """
    from pipeline import serving

    os.environ["TARGETS_HOME"] = str(console.home_path(home))
    serving.serve(host, port)


@app.command()
def start(
    size: Annotated[Size, typer.Option(help="How large a synthetic region.")] = Size.region,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8501,
    home: HomeOption = None,
) -> None:
    """Make, load and refresh the synthetic region if nothing is loaded yet; then serve. What `make run` does.

    Example: `targets start --size small --port 8600`
    """
    from pipeline import first_run, serving

    os.environ["TARGETS_HOME"] = str(console.home_path(home))
    with console.opened(home) as warehouse_home:
        first_run.prepare(warehouse_home, size.value)
    serving.serve("127.0.0.1", port)
