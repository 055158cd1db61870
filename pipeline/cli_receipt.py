"""The command `targets receipt`: where does this number come from."""

import json
from datetime import date
from typing import Annotated, Any

import polars as pl
import typer

from pipeline import console
from pipeline.cli_app import FOR_ANALYSTS, HomeOption, app


@app.command(rich_help_panel=FOR_ANALYSTS)
def receipt(
    indicator: Annotated[str, typer.Option(help="An indicator, such as four_hour_ed.")],
    level: Annotated[str, typer.Option(help="neighbourhood, place, system, region, england, provider.")],
    organisation: Annotated[str, typer.Option(help="An organisation's code.")],
    period: Annotated[str, typer.Option(help="The month, YYYY-MM.")],
    basis: Annotated[str, typer.Option(help="local or published.")] = "local",
    breakdown: Annotated[str, typer.Option(help="all (the whole), or specialty, cohort, ...")] = "all",
    category: Annotated[str, typer.Option(help="The category of the breakdown.")] = "all",
    as_known_on: Annotated[
        str | None, typer.Option(help="The figure as it stood at the end of a day, YYYY-MM-DD.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Say where one figure comes from: definition, organisations, files with hashes, rules, run (as JSON).

    Example: `targets receipt --indicator four_hour_ed --level england --organisation E92000001
    --period 2025-06 --basis published`
    """
    from metrics.indicators import all_indicators
    from pipeline import export
    from warehouse import receipts

    with console.opened(home) as warehouse_home:
        known = all_indicators()
        if indicator not in known:
            raise ValueError(f"there is no indicator {indicator!r}; there are {', '.join(known)}")
        month = export.month(period, "--period")
        point = receipts.Point(
            indicator=indicator,
            level=level,
            organisation=organisation,
            period=month or date.min,
            basis=basis,
            breakdown=breakdown,
            category=category,
            as_known_on=export.moment(as_known_on),
        )
        found = receipts.read(warehouse_home, known[indicator], point)
        if found is None:
            raise ValueError(
                f"there is no {basis} figure of {indicator} for {level} {organisation} in {period}"
                f"{' as known then' if as_known_on else ''}: `targets observations --indicator {indicator}` "
                "lists those there are"
            )
        whole = {**receipts.plain(found), "rules": _rules(found.files, found.findings)}
        typer.echo(json.dumps(whole, indent=2, ensure_ascii=False))


def _rules(files: pl.DataFrame, findings: pl.DataFrame) -> list[dict[str, Any]]:
    """Every rule that the files were held to, with the rows that broke it."""
    from data_contracts.held import rules_held

    feeds = files["feed"].unique(maintain_order=True).to_list()
    held = [rules_held(feed, findings.filter(pl.col("feed") == feed)) for feed in feeds]
    return pl.concat(held).to_dicts() if held else []
