"""What the command line says: progress on standard error, results on standard output, faults as sentences."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import typer

if TYPE_CHECKING:
    from pipeline.load import LoadReport
    from pipeline.refresh import RefreshReport
    from warehouse.home import Home

Tick = Callable[[str, int, int], None]
"""Progress: what is being done, how many are done, out of how many."""


def home_path(home: Path | None) -> Path:
    """The data folder: the option, else TARGETS_HOME, else `.targets` here."""
    return Path(home or os.environ.get("TARGETS_HOME") or ".targets").resolve()


@contextmanager
def opened(home: Path | None) -> Iterator["Home"]:
    """Open the warehouse; a fault that a person can mend becomes one sentence and exit code 1."""
    with in_sentences():
        from warehouse.home import Home

        yield Home.open(home_path(home))


@contextmanager
def in_sentences(refused: int = 1) -> Iterator[None]:
    """Turn a fault that a person can mend into one sentence and an exit code: 1, or `refused` of an input."""
    from pipeline.reading import RefusedFile

    try:
        yield
        sys.stdout.flush()
    except typer.Exit:  # which is a RuntimeError
        raise
    except (OSError, ValueError, RuntimeError, RefusedFile) as fault:
        # Polars gives the system's words and no number.
        if isinstance(fault, BrokenPipeError) or (isinstance(fault, OSError) and "Broken pipe" in str(fault)):
            # Whoever read our rows (head, say) has seen enough; Python must not try the rest at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from fault
        typer.echo(f"targets: {fault}", err=True)
        of_input = isinstance(fault, (RefusedFile, ValueError))
        raise typer.Exit(refused if of_input else 1) from fault


@contextmanager
def progress(title: str, *, quiet: bool = False) -> Iterator[Tick]:
    """A progress bar on standard error; silent when asked, plain lines when nobody is watching a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, quiet=quiet)
    columns = (
        TextColumn("{task.fields[title]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, disable=quiet or not sys.stderr.isatty()) as bar:
        task = bar.add_task("", title=title, total=None)

        def tick(doing: str, done: int, total: int) -> None:
            bar.update(task, description=doing, completed=done, total=total)

        yield tick


def print_reports(reports: Sequence["LoadReport"], *, as_json: bool) -> None:
    """One line (or one JSON object) for each file; reasons follow a refusal or a quarantine."""
    if as_json:
        typer.echo(json.dumps([asdict(report) for report in reports], indent=2, default=str))
        return
    for report in reports:
        typer.echo(
            f"{report.file}: {report.feed or 'not recognised'}, {months(report.periods)}, "
            f"{report.rows:,} rows, {report.accepted:,} accepted, "
            f"{report.quarantined:,} quarantined: {report.outcome}"
        )
        for reason in report.reasons:
            typer.echo(f"    {reason}")


def months(periods: Sequence[Any]) -> str:
    """`2025-04 to 2026-03` for many months, `2025-04` for one, `no month` for none."""
    if not periods:
        return "no month"
    first, last = str(min(periods))[:7], str(max(periods))[:7]
    return first if first == last else f"{first} to {last}"


def print_refresh(report: "RefreshReport") -> None:
    """One line for each indicator counted, then the totals."""
    for line in report.lines:
        typer.echo(line)
    typer.echo(
        f"{report.added:,} observations added, {report.closed:,} closed, {report.unchanged:,} unchanged"
    )


def print_status(frame: pl.DataFrame, *, as_json: bool) -> None:
    """The feeds and their newest months as a table or as JSON."""
    if as_json:
        typer.echo(json.dumps(frame.to_dicts(), indent=2, default=str))
        return
    if frame.is_empty():
        typer.echo("Nothing is loaded yet. Start with: targets demo; targets load FILE...; targets refresh")
        return
    widths = {name: max(len(name), *(len(str(value)) for value in frame[name])) for name in frame.columns}
    typer.echo("  ".join(name.ljust(width) for name, width in widths.items()).rstrip())
    for row in frame.to_dicts():
        typer.echo("  ".join(str(row[name]).ljust(width) for name, width in widths.items()).rstrip())
