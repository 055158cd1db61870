"""What a publication's page links to: the pages of its years, and its files with their months and issues."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from pipeline.fetching.publications import Publication
from pipeline.issue_names import Issue, issue, month

_BLOCKS = ("li", "tr", "p", "td", "dd", "h2", "h3", "h4")
_LONGEST_BLOCK = 300
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Link:
    """A link as it stands on a page: where it leads, its words, and the words of the block around it."""

    address: str
    words: str
    around: str

    @property
    def name(self) -> str:
        """The last part of the address, readable, and safe as the name of a file on any machine."""
        last = unquote(urlsplit(self.address).path).replace("\\", "/").rsplit("/", 1)[-1]
        stem, dot, suffix = _UNSAFE.sub("-", last).strip(".-_").rpartition(".")
        return f"{stem[:100]}{dot}{suffix[:10]}" or "file"


@dataclass(frozen=True)
class FileLink:
    """A link to a file of a publication: the month it says it is about, and which issue of it."""

    link: Link
    page: str
    period: date | None
    issue: Issue


def links(content: bytes, address: str) -> list[Link]:
    """Every link of a page to somewhere on the web, each address once, in the page's order."""
    soup = BeautifulSoup(content, "html.parser")
    base = soup.find("base", href=True)
    root = urljoin(address, str(base["href"])) if isinstance(base, Tag) else address
    found: dict[str, Link] = {}
    for anchor in soup.find_all("a", href=True):
        try:
            leads = urldefrag(urljoin(root, str(anchor["href"]).strip())).url
            usable = urlsplit(leads).scheme in ("http", "https")
        except ValueError:
            continue
        if usable and leads not in found:
            found[leads] = Link(leads, _words(anchor), _around(anchor))
    return list(found.values())


def years(found: Sequence[Link], publication: Publication) -> list[tuple[int, str]]:
    """The pages of financial years: the year each begins in and its address, newest first."""
    if publication.years is None:
        return []
    pages: dict[int, str] = {}
    for link in found:
        matched = publication.years.search(urlsplit(link.address).path) or publication.years.search(
            link.words
        )
        if matched and not publication.files.search(link.name):
            pages.setdefault(int(matched[1]), link.address)
    return sorted(pages.items(), reverse=True)


def files(found: Sequence[Link], publication: Publication, page: str) -> list[FileLink]:
    """The publication's files among the links of a page."""
    chosen = []
    for link in found:
        described = (link.name, link.words)
        wanted = any(publication.files.search(text) for text in described)
        unwanted = publication.leave is not None and any(publication.leave.search(text) for text in described)
        if wanted and not unwanted:
            said = month(link.name) or month(link.words) or month(link.around)
            named = issue(link.name)
            chosen.append(FileLink(link, page, said, named if named.revised else issue(link.words)))
    return chosen


def financial_year(period: date) -> int:
    """The year in which a month's financial year began: April to March."""
    return period.year if period.month >= 4 else period.year - 1


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _around(anchor: Tag) -> str:
    """The block a link stands in, where it is short enough to be about that link alone."""
    block = anchor.find_parent(_BLOCKS)
    said = _words(block) if isinstance(block, Tag) else ""
    alone = isinstance(block, Tag) and len(block.find_all("a", href=True)) == 1
    return said if alone and len(said) <= _LONGEST_BLOCK else ""
