"""Fetching one publication: its page, the files wanted, their download, and loading what is new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.fetching import links
from pipeline.fetching.download import Download, Downloader
from pipeline.fetching.links import FileLink
from pipeline.fetching.polite import NotFetchedError, Polite
from pipeline.fetching.publications import Publication
from pipeline.intake import LoadReport
from pipeline.load import load_files
from pipeline.observe_published import PublishedObserver
from warehouse import submissions
from warehouse.database import BUSY
from warehouse.home import Home
from warehouse.lock import sole_writer

Progress = Callable[[str, int, int], None]
_YEARS_READ = 2
"""The newest year's page, and the one before: it is empty each April, and last year's months are revised."""


@dataclass
class FetchReport:
    """What became of one publication. `faults` are sentences; `unloaded` was fetched but refused."""

    publication: str
    new: list[Download] = field(default_factory=list)
    unchanged: list[Download] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    loads: list[LoadReport] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether anything went wrong."""
        return bool(self.faults) or any(load.outcome == submissions.REFUSED for load in self.loads)


def fetch(
    home: Home,
    publication: Publication,
    polite: Polite,
    month: date | None = None,
    page: str | None = None,
    progress: Progress | None = None,
) -> FetchReport:
    """Fetch a publication's newest month and revised files (or one month), and load them.

    Never raises for what a server does: that is in the report, as sentences. Raises WarehouseBusyError when
    another fetch is under way.
    """
    tick = progress or (lambda doing, done, total: None)
    report = FetchReport(publication.id)
    downloader = Downloader(home, publication, polite)
    with sole_writer(home.path / "fetching.lock", home.patience, BUSY):
        tick(f"{publication.id}: reading the page", 0, 1)
        try:
            wanted = find(polite, publication, month, page or publication.page)
        except NotFetchedError as fault:
            report.faults.append(str(fault))
            return report
        newest = max((file.period for file in wanted if file.period), default=None)
        for done, file in enumerate(wanted):
            tick(file.link.name, done, len(wanted))
            try:
                # An older month's address was asked for once; a correction comes under a new name.
                known = None if file.period == newest else downloader.held(file)
                got = known or downloader.fetch(file)
            except NotFetchedError as fault:
                report.faults.append(str(fault))
                continue
            (report.new if got.outcome == "new" else report.unchanged).append(got)
        tick("loading", len(wanted), len(wanted))
        _load(home, report)
    return report


def find(polite: Polite, publication: Publication, month: date | None, page: str) -> list[FileLink]:
    """The files wanted, oldest month first and earlier issues first. Raises NotFetchedError."""
    address, content = polite.page(page)
    here = links.links(content, address)
    found = links.files(here, publication, address)
    read = [address]
    years = links.years(here, publication)
    wanted_years = [links.financial_year(month)] if month else [year for year, _ in years[:_YEARS_READ]]
    for year, leads in years:
        if year in wanted_years and leads != address:
            at, inside = polite.page(leads)
            found += links.files(links.links(inside, at), publication, at)
            read.append(at)
    where = " or ".join(read)
    if not found:
        raise NotFetchedError(
            f"no link to a file of '{publication.title}' was found on {where}; the page may have changed. "
            "Look at it, then give the right one with --from, or mend pipeline/publications.yaml."
        )
    return choose(found, month, where)


def choose(found: Sequence[FileLink], month: date | None, where: str) -> list[FileLink]:
    """The files of one month, or of the newest month and all that say they are revised."""
    dated = list({file.link.address: file for file in found if file.period}.values())
    if not dated:
        raise NotFetchedError(
            f"{len(found)} links to files were found on {where}, but none names its month; "
            "the page may have changed."
        )
    newest = max(file.period for file in dated if file.period)
    if month:
        chosen = [file for file in dated if file.period == month]
        if not chosen:
            raise NotFetchedError(
                f"no file for {month:%B %Y} was found on {where}; the newest is {newest:%B %Y}."
            )
    else:
        chosen = [file for file in dated if file.period == newest or file.issue.revised]
    return sorted(chosen, key=lambda file: (file.period, file.issue.turn))


def _load(home: Home, report: FetchReport) -> None:
    """Load what is here and not yet accepted; what a killed fetch left behind included."""
    waiting = [got for got in (*report.new, *report.unchanged) if not _accepted(home, got.sha256)]
    if not waiting:
        return
    observe = PublishedObserver(home)
    report.loads = load_files(home, [got.path for got in waiting], after_published=observe)
    observe.settle()
    said = {got.path.name: got.file.period for got in waiting}
    for load in report.loads:
        period = said.get(load.file)
        if load.periods and period and period not in load.periods:
            report.remarks.append(f"{load.file}: its link says {period:%B %Y}, but it holds other months.")


def _accepted(home: Home, sha256: str) -> bool:
    known = submissions.find_by_hash(home, sha256)
    return known is not None and known["outcome"] != submissions.REFUSED
