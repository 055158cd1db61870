"""The command that fetches published files."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import console
from pipeline.cli_app import HomeOption, app

if TYPE_CHECKING:
    from pipeline.fetching.fetch import FetchReport
    from pipeline.fetching.publications import Publication


@app.command()
def fetch(
    publication: Annotated[
        str | None, typer.Argument(help="One publication's id; all of them when left out.")
    ] = None,
    month: Annotated[str | None, typer.Option(help="Only this month, YYYY-MM.")] = None,
    page: Annotated[
        str | None, typer.Option("--from", help="Another landing page than the table's, for one publication.")
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="List the publications, their pages and their usual days.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Fetch what was newly published or revised, and load it. Downloads one file at a time, and only changes.

    Exit code 0: done, or nothing new; 1: something failed; 2: a wrong argument.

    Example: `targets fetch ae_monthly --month 2025-06`
    """
    from pipeline.fetching.publications import publications

    table = publications()
    if list_:
        for one in table.values():
            typer.echo(f"{one.id}: {one.title} ({one.usual.words})\n    {one.page}")
        return
    chosen = _chosen(table, publication, page)
    period = _month(month)
    from pipeline.fetching.fetch import fetch as fetch_one
    from pipeline.fetching.polite import NotFetchedError, Polite, demand_web

    if page is not None:
        try:
            demand_web(page)
        except NotFetchedError as fault:
            raise typer.BadParameter(str(fault)) from fault
    polite, reports = Polite(), []
    with console.opened(home) as warehouse_home:
        for one in chosen:
            with console.progress(one.id) as tick:
                reports.append(fetch_one(warehouse_home, one, polite, period, page, tick))
            _print(reports[-1])
    if any(report.failed for report in reports):
        raise typer.Exit(1)


def _chosen(table: "dict[str, Publication]", name: str | None, page: str | None) -> "list[Publication]":
    if name is None:
        if page is not None:
            raise typer.BadParameter("--from needs the publication whose page it is")
        return list(table.values())
    if name not in table:
        raise typer.BadParameter(f"there is no publication '{name}'; there are {', '.join(table)}")
    return [table[name]]


def _month(said: str | None) -> date | None:
    if said is None:
        return None
    try:
        return date.fromisoformat(f"{said}-01")
    except ValueError as fault:
        raise typer.BadParameter(f"'{said}' is not a month; write it as 2025-06") from fault


def _print(report: "FetchReport") -> None:
    for got in report.new:
        typer.echo(f"{report.publication}: fetched {got.path.name} from {got.file.link.address}")
    console.print_reports(report.loads, as_json=False)
    if not report.new and not report.loads and not report.faults:
        typer.echo(f"{report.publication}: nothing new")
    for sentence in report.remarks:
        typer.echo(f"{report.publication}: {sentence}")
    for sentence in report.faults:
        typer.echo(f"{report.publication}: {sentence}", err=True)
