"""The command `targets check`: what would become of files, before anything is stored."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline import console
from pipeline.cli_app import HomeOption, app


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Files as for `targets load`.")],
    feed: Annotated[
        str | None, typer.Option(help="Say which feed it is instead of recognising it from its columns.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list, not lines.")] = False,
    home: HomeOption = None,
) -> None:
    """Say what would become of files, with example rows for each rule broken. Nothing is stored.

    Exit code 0: all would be accepted; 2: something would be refused; 1: we failed.

    Example: `targets check inpatient_spells_2026-06.parquet`
    """
    from pipeline.checking import check_files

    with console.opened(home) as warehouse_home:
        checked = check_files(warehouse_home, files, feed)
        if as_json:
            typer.echo(json.dumps([asdict(one) for one in checked], indent=2, default=str))
        else:
            for one in checked:
                typer.echo(
                    f"{one.file}: {one.title or 'not recognised'}, {console.months(one.periods)}, "
                    f"{one.rows:,} rows, {one.accepted:,} to accept, {one.quarantined:,} to set aside: "
                    f"would be {one.outcome}"
                )
                for reason in one.reasons:
                    typer.echo(f"    {reason}")
                if one.replaces:
                    typer.echo(f"    It would replace {console.months(one.replaces)}, which is held already.")
                if one.loaded_before:
                    typer.echo("    This very file was loaded before.")
    if any(one.outcome == "refused" for one in checked):
        raise typer.Exit(2)
