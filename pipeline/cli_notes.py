"""Commands for what people say of series: their plans, annotations and recalculations."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline import console
from pipeline.cli_app import YOUR_OWN, Format, FormatOption, HomeOption, app
from pipeline.cli_export import Basis

plans_app = typer.Typer(name="plans", no_args_is_help=True, help="Organisations' own dated plans.")
app.add_typer(plans_app, rich_help_panel=YOUR_OWN)

IndicatorOption = Annotated[str, typer.Option(help="An indicator, such as four_hour_ed.")]
MonthOption = Annotated[str, typer.Option("--from", help="The first month it is about, YYYY-MM.")]
ReasonOption = Annotated[str, typer.Option(help="Why, in words that a chart can show.")]
AuthorOption = Annotated[str, typer.Option(help="Who says so.")]
LevelOption = Annotated[str | None, typer.Option(help="Only this level; every level otherwise.")]
OrganisationOption = Annotated[str | None, typer.Option(help="Only this organisation's code.")]
BreakdownOption = Annotated[str | None, typer.Option(help="Only this breakdown; all is the whole.")]
CategoryOption = Annotated[str | None, typer.Option(help="Only this category of the breakdown.")]
BasisOption = Annotated[Basis | None, typer.Option(help="Only local or published figures.")]


@plans_app.command(name="load")
def load_plans(
    file: Annotated[Path, typer.Argument(help="CSV: indicator, level, organisation, period, value, set_by.")],
    home: HomeOption = None,
) -> None:
    """Take in organisations' own dated plans, each in place of the one before it.

    A plan wins over the straight path from the baseline to the target. A file with a fault is refused whole.

    Example: `targets plans load our-plan.csv` then `targets refresh`
    """
    from pipeline import plans

    with console.opened(home) as warehouse_home:
        done = plans.load(warehouse_home, file)
    months = "1 month" if done.months == 1 else f"{done.months:,} months"
    many = "1 plan" if done.plans == 1 else f"{done.plans:,} plans"
    typer.echo(
        f"{done.file}: {months} of {many} for {', '.join(done.indicators)}. "
        "Paths follow them after: targets refresh"
    )


@plans_app.command(name="list")
def list_plans(
    past: Annotated[bool, typer.Option("--past", help="Earlier plans too.")] = False,
    format_: FormatOption = Format.csv,
    home: HomeOption = None,
) -> None:
    """Write the plans in force to standard output.

    Example: `targets plans list --past`
    """
    from pipeline import export
    from warehouse import plans

    with console.opened(home) as warehouse_home:
        export.write(plans.read(warehouse_home, past=past), format_.value, sys.stdout.buffer)


@app.command(rich_help_panel=YOUR_OWN)
def recalculate(
    indicator: IndicatorOption,
    start: MonthOption,
    reason: ReasonOption,
    author: AuthorOption,
    end: Annotated[
        str | None,
        typer.Option(
            "--to", help="Last month, YYYY-MM, of a fixed baseline: its limits are drawn throughout."
        ),
    ] = None,
    level: LevelOption = None,
    organisation: OrganisationOption = None,
    breakdown: BreakdownOption = None,
    category: CategoryOption = None,
    basis: BasisOption = None,
    home: HomeOption = None,
) -> None:
    """Start the SPC limits of some series afresh from a month, with a reason.

    For a known and lasting change of process. With --to the months from --from to it are a fixed baseline:
    limits are taken from them and extended to all, and nothing starts afresh. Nothing does this by itself,
    and it can be withdrawn.

    Example: `targets recalculate --indicator four_hour_ed --organisation RX1 --from 2025-11
    --reason "New emergency department opened" --author "A. Analyst"`
    """
    from pipeline import noting

    scope = noting.scope(basis, level, organisation, breakdown, category)
    with console.opened(home) as warehouse_home:
        done = noting.recalculate(warehouse_home, indicator, start, reason, author, scope, end)
    change = f"are taken from {start} to {end}" if end else f"start afresh in {start}"
    typer.echo(f"Note {done.number}: the limits of {done.series:,} series {change}.")


@app.command(rich_help_panel=YOUR_OWN)
def annotate(
    indicator: IndicatorOption,
    start: MonthOption,
    reason: ReasonOption,
    author: AuthorOption,
    level: LevelOption = None,
    organisation: OrganisationOption = None,
    breakdown: BreakdownOption = None,
    category: CategoryOption = None,
    basis: BasisOption = None,
    home: HomeOption = None,
) -> None:
    """Write a remark beside a month of some series: an event, or a break in how they are counted.

    Example: `targets annotate --indicator four_hour_ed --from 2025-11
    --reason "Counted from the Emergency Care Data Set from here" --author "A. Analyst"`
    """
    from pipeline import noting

    scope = noting.scope(basis, level, organisation, breakdown, category)
    with console.opened(home) as warehouse_home:
        done = noting.annotate(warehouse_home, indicator, start, reason, author, scope)
    typer.echo(f"Note {done.number}: beside {start} of {done.series:,} series.")


@app.command(rich_help_panel=YOUR_OWN)
def notes(
    withdraw: Annotated[int | None, typer.Option(help="Take back the note of this number.")] = None,
    author: Annotated[str, typer.Option(help="Who takes it back.")] = "",
    past: Annotated[bool, typer.Option("--past", help="Withdrawn notes too.")] = False,
    as_known_on: Annotated[
        str | None, typer.Option(help="Those standing at the end of a day, YYYY-MM-DD.")
    ] = None,
    proposed: Annotated[
        bool, typer.Option("--proposed", help="What mergers propose instead, and nobody has decided.")
    ] = False,
    format_: FormatOption = Format.csv,
    home: HomeOption = None,
) -> None:
    """Write annotations and recalculations to standard output, or withdraw one.

    Example: `targets notes --withdraw 3 --author "A. Analyst"`
    """
    from pipeline import export, noting
    from warehouse import notes as note_store

    with console.opened(home) as warehouse_home:
        if withdraw is not None:
            series = noting.withdraw(warehouse_home, withdraw, author)
            typer.echo(f"Note {withdraw} is withdrawn; {series:,} series were read again.")
        elif proposed:
            export.write(noting.proposals(warehouse_home), format_.value, sys.stdout.buffer)
        else:
            moment = export.moment(as_known_on)
            found = note_store.read(warehouse_home, past=past or moment is not None)
            if moment is not None:
                found = note_store.in_force(found, moment)
            export.write(found, format_.value, sys.stdout.buffer)
