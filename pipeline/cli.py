"""The command line: `targets`. Each command is a few lines; the work is in the modules it calls."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline import (
    cli_check,
    cli_contribution,
    cli_coverage,
    cli_export,
    cli_fetch,
    cli_funnel,
    cli_notes,
    cli_receipt,
    cli_reconcile,
    cli_revisions,
    cli_spc,
    console,
)
from pipeline.cli_app import HomeOption, app

__all__ = [
    "app",
    "cli_check",
    "cli_contribution",
    "cli_coverage",
    "cli_export",
    "cli_fetch",
    "cli_funnel",
    "cli_notes",
    "cli_receipt",
    "cli_reconcile",
    "cli_revisions",
    "cli_spc",
]
# Importing a file of commands is what adds them to `app`.


class Size(StrEnum):
    """How large a synthetic demo to make."""

    small = "small"
    region = "region"
    england = "england"


class Engine(StrEnum):
    """What counts the records; every engine gives the same whole numbers."""

    polars = "polars"
    duckdb = "duckdb"


PublicOption = Annotated[
    Path | None,
    typer.Option(
        "--public", metavar="FOLDER", help="No synthetic data: load this folder of published files."
    ),
]


def _public_home(home: Path | None) -> Path | None:
    """The home that was named; else one of its own, so that published files never mix with the demo."""
    from pipeline.public_folder import HOME

    return home if home or os.environ.get("TARGETS_HOME") else HOME


@app.command()
def demo(
    size: Annotated[Size, typer.Option(help="small: seconds; region: 8 million records.")] = Size.region,
    seed: Annotated[int, typer.Option(help="The same seed makes the same files, byte for byte.")] = 2026,
    folder: Annotated[
        Path | None, typer.Option(help="Where the files go; demo/ in the data folder otherwise.")
    ] = None,
    public: PublicOption = None,
    home: HomeOption = None,
) -> None:
    """Make a synthetic region's feeds as Parquet files, ready to load. With --public, load published files.

    Example: `targets demo --size small` then `targets load .targets/demo/*.parquet`
    """
    if public is not None:
        from pipeline import first_run

        with console.opened(_public_home(home)) as warehouse_home:
            first_run.prepare_public(warehouse_home, public)
        typer.echo(f"To see them: targets serve --home {warehouse_home.path}")
        return
    from pipeline.demo import make_demo

    target = folder or console.home_path(home) / "demo"
    with console.progress("Making the synthetic region") as tick:
        files = make_demo(target, size.value, seed, tick)
    typer.echo(f"{len(files)} synthetic files in {target}")


@app.command()
def load(
    files: Annotated[list[Path], typer.Argument(help="CSV, Parquet or Excel files, of any known feed.")],
    feed: Annotated[
        str | None, typer.Option(help="Say which feed it is instead of recognising it from its columns.")
    ] = None,
    earlier_issues: Annotated[
        bool, typer.Option("--earlier-issues", help="Let a month's earlier issue replace its revision.")
    ] = False,
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
                warehouse_home,
                files,
                feed=feed,
                progress=tick,
                after_published=observe,
                earlier_issues=earlier_issues,
            )
            observe.settle()
        console.print_reports(reports, as_json=as_json)
    if any(report.outcome == "refused" for report in reports):
        raise typer.Exit(2)


@app.command(name="refresh")
def refresh_command(
    engine: Annotated[Engine, typer.Option(help="What counts the records.")] = Engine.polars,
    without_forecasts: Annotated[
        bool, typer.Option("--without-forecasts", help="Leave the forecasts as they are: sooner done.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Count what changed since the last refresh; write the observations, signals and forecasts that differ.

    Example: `targets refresh --engine duckdb --without-forecasts`
    """
    from pipeline import refresh

    with console.opened(home) as warehouse_home:
        with console.progress("Counting") as tick:
            report = refresh.refresh(warehouse_home, engine=engine.value, progress=tick)
        console.print_refresh(report)
        if not without_forecasts:
            from pipeline.foresee import foresee

            with console.progress("Forecasting") as tick:
                foreseen = foresee(warehouse_home, tick)
            typer.echo(foreseen.sentence())


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
    with console.in_sentences():
        serving.serve(host, port)


@app.command()
def start(
    size: Annotated[Size, typer.Option(help="How large a synthetic region.")] = Size.region,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8501,
    public: PublicOption = None,
    home: HomeOption = None,
) -> None:
    """Make, load and refresh the synthetic region if nothing is loaded yet; then serve. What `make run` does.

    With --public: no synthetic data; published files alone, in a home of their own (`make run PUBLIC=1`).

    Example: `targets start --size small --port 8600`
    """
    from pipeline import first_run, serving

    chosen = home if public is None else _public_home(home)
    os.environ["TARGETS_HOME"] = str(console.home_path(chosen))
    with console.opened(chosen) as warehouse_home:
        if public is None:
            first_run.prepare(warehouse_home, size.value)
        else:
            first_run.prepare_public(warehouse_home, public)
    with console.in_sentences():
        serving.serve("127.0.0.1", port)
