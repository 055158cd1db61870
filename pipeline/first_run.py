"""From nothing to a full warehouse: what `make run` does before it serves."""

from pathlib import Path

import typer

from pipeline import console, foresee, load, public_folder, refresh
from pipeline.demo import make_demo
from warehouse import runs, submissions
from warehouse.home import Home


def prepare(home: Home, size: str) -> None:
    """Make, load and count the synthetic region in an empty home; one with its own data is only counted.

    Each step starts from what rests on disk, so an interrupted first run goes on where it stopped. Synthetic
    records are never mixed into a home that was begun with others.
    """
    if runs.latest(home, outcome=refresh.DONE) is not None:
        typer.echo(f"Using what is loaded in {home.path}")
        _forecast(home)
        return
    folder = home.path / "demo"
    if folder.exists() or submissions.read(home).is_empty():
        _load_demo(home, folder, size)
    with console.progress("3 of 4  Counting the indicators") as tick:
        report = refresh.refresh(home, progress=tick)
    typer.echo(f"{report.added:,} observations written")
    _forecast(home)


def prepare_public(home: Home, folder: Path) -> None:
    """Load a folder of published files, and say what became of each that did not become figures."""
    with console.progress("1 of 2  Loading published files") as tick:
        done = public_folder.load(home, folder, tick)
    for report in done.reports:
        for reason in report.reasons if report.outcome not in ("accepted", load.ALREADY_LOADED) else ():
            typer.echo(f"    {reason}")
    for sentence in done.others:
        typer.echo(f"    {sentence}")
    loaded, known = done.count("accepted"), done.count(load.ALREADY_LOADED)
    left = len(done.others) + len(done.reports) - loaded - known
    why = " for the reasons above" if left else ""
    typer.echo(f"Published files: {loaded} loaded, {known} loaded before, {left} left out{why}")
    if runs.latest(home, outcome=refresh.DONE) is None:
        raise ValueError(
            f"{folder} gave no figures: none of its files is a published file that is known here. "
            "Try the monthly A&E CSV files, or `targets fetch`."
        )
    _forecast(home, "2 of 2")


def _forecast(home: Home, step: str = "4 of 4") -> None:
    """Forecast once: a later refresh keeps forecasts up to date."""
    if foresee.missing(home):
        with console.progress(f"{step}  Forecasting to the targets' dates") as tick:
            typer.echo(foresee.foresee(home, tick).sentence())


def _load_demo(home: Home, folder: Path, size: str) -> None:
    if not folder.exists():
        making = folder.with_name("demo.unfinished")
        with console.progress("1 of 4  Making the synthetic region") as tick:
            make_demo(making, size, progress=tick)
        making.rename(folder)
    with console.progress("2 of 4  Loading through the contracts") as tick:
        reports = load.load_files(home, sorted(folder.glob("*.parquet")), progress=tick)
    refused = [report for report in reports if report.outcome == "refused"]
    if refused:
        console.print_reports(refused, as_json=False)
        raise RuntimeError(f"{len(refused)} synthetic files were refused; please report this")
    quarantined = sum(report.quarantined for report in reports)
    accepted = sum(report.accepted for report in reports)
    typer.echo(f"{accepted:,} records accepted, {quarantined:,} quarantined, from {len(reports)} files")
