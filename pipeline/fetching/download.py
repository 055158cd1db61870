"""One file, downloaded: only if it changed, going on where it stopped, and kept only when it is whole.

A file is written beside its name as `.part`, with a note of what it is a part of. It is recorded, and then
takes its name: a download killed at any moment goes on from there, or is found to be done.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import requests

from pipeline.fetching.links import FileLink
from pipeline.fetching.polite import MEBIBYTE, AgainError, NotFetchedError, Polite, refused
from pipeline.fetching.publications import Publication
from warehouse import fetched
from warehouse.home import Home

_PAGE = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)", re.I | re.S
)


@dataclass(frozen=True)
class Download:
    """A file in the home's folder, and whether its content is new."""

    file: FileLink
    path: Path
    sha256: str
    outcome: Literal["new", "unchanged"]


class Downloader:
    """Downloads one publication's files into HOME/fetched/<publication>/."""

    def __init__(self, home: Home, publication: Publication, polite: Polite) -> None:
        self._home = home
        self._publication = publication
        self._polite = polite
        self._folder = home.path / "fetched" / publication.id

    def held(self, file: FileLink) -> Download | None:
        """The file as fetched before, when it is still whole on disk."""
        row = fetched.newest(self._home, file.link.address)
        if row is None:
            return None
        path, part = self._folder / row["file_name"], self._part(self._folder / row["file_name"])
        if part.is_file() and _sha256(part) == row["sha256"]:
            _keep_earlier(path)
            part.replace(path)
            _note(part).unlink(missing_ok=True)
        whole = path.is_file() and path.stat().st_size == row["bytes"]
        return Download(file, path, row["sha256"], "unchanged") if whole else None

    def fetch(self, file: FileLink) -> Download:
        """The file, new or as it was. Raises NotFetchedError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._polite.patiently(lambda: self._attempt(file))

    def _attempt(self, file: FileLink) -> Download:
        address, held = file.link.address, self.held(file)
        path = held.path if held else self._folder / self._free_name(file)
        part = self._part(path)
        begun = _begun(part, address)
        headers: dict[str, str] = {}
        if begun:
            headers = {"Range": f"bytes={part.stat().st_size}-", "If-Range": begun["validator"]}
        elif held:
            row = fetched.newest(self._home, address) or {}
            known = {"If-None-Match": row.get("etag"), "If-Modified-Since": row.get("last_modified")}
            headers = {name: value for name, value in known.items() if value}
        with self._polite.ask(address, headers) as answer:
            status = answer.status_code
            if status == requests.codes.not_modified and held and not begun:
                fetched.seen_again(self._home, address, held.sha256, datetime.now(UTC))
                return held
            if status == requests.codes.requested_range_not_satisfiable and begun:
                _discard(part)
                raise AgainError(f"{address} has changed since its download began", 0.0)
            if status not in (requests.codes.ok, requests.codes.partial_content):
                raise NotFetchedError(refused(address, answer))
            self._receive(answer, part, address, going_on=status == requests.codes.partial_content)
            return self._finish(file, answer, part, path, held)

    def _receive(self, answer: requests.Response, part: Path, address: str, *, going_on: bool) -> None:
        """Write the body to the part, and hold it to its length and limits."""
        start = _range_start(answer) if going_on else 0
        if going_on and (start is None or not part.is_file() or start != part.stat().st_size):
            _discard(part)
            raise AgainError(f"{address} sent another part than was asked for", 0.0)
        encoded = answer.headers.get("Content-Encoding", "identity").lower() not in ("", "identity")
        sent = answer.headers.get("Content-Length", "")
        whole = (start or 0) + int(sent) if sent.isdigit() and not encoded else None
        self._demand_size(whole or 0, part, address)
        if not going_on:
            part.unlink(missing_ok=True)
        _write_note(part, address, None if encoded else answer)
        until = self._polite.manners.clock() + self._polite.manners.for_one_file
        with part.open("ab" if going_on else "wb") as stream:
            for chunk in self._polite.pieces(answer, address):
                stream.write(chunk)
                self._demand_size(stream.tell(), part, address)
                if self._polite.manners.clock() > until:
                    raise NotFetchedError(
                        f"{address} is too slow: it is left where it is. Fetch again later."
                    )
        size = part.stat().st_size
        if whole is not None and size < whole:
            raise AgainError(f"{address} stopped after {size:,} of {whole:,} bytes")
        if whole is not None and size > whole:
            _discard(part)
            raise AgainError(f"{address} sent more than the {whole:,} bytes it announced")

    def _finish(
        self, file: FileLink, answer: requests.Response, part: Path, path: Path, held: Download | None
    ) -> Download:
        address = file.link.address
        with part.open("rb") as stream:
            head = stream.read(4096)
        if not head or _PAGE.match(head):
            _discard(part)
            what = "is empty" if not head else "is a web page, not a table of figures"
            raise NotFetchedError(f"{address} {what}. The link may be out of date.")
        sha256, now = _sha256(part), datetime.now(UTC)
        row: dict[str, Any] = {
            "publication": self._publication.id,
            "address": address,
            "final_address": answer.url,
            "page": file.page,
            "file_name": path.name,
            "period": file.period,
            "fetched_at": now,
            "seen_at": now,
            "etag": answer.headers.get("ETag"),
            "last_modified": answer.headers.get("Last-Modified"),
            "bytes": part.stat().st_size,
            "sha256": sha256,
        }
        fetched.record(self._home, row)
        if held and held.sha256 == sha256:
            _discard(part)
            return held
        _keep_earlier(path)
        part.replace(path)
        _note(part).unlink(missing_ok=True)
        return Download(file, path, sha256, "new")

    def _demand_size(self, size: int, part: Path, address: str) -> None:
        if size > self._publication.largest:
            _discard(part)
            most = self._publication.largest / MEBIBYTE
            raise NotFetchedError(
                f"{address} has more than {most:,.0f} MiB, more than this publication's files have."
            )

    def _free_name(self, file: FileLink) -> str:
        name = file.link.name
        if fetched.name_taken(self._home, self._publication.id, name, file.link.address):
            stem, dot, suffix = name.rpartition(".")
            name = f"{stem}-{hashlib.sha256(file.link.address.encode()).hexdigest()[:8]}{dot}{suffix}"
        return name

    @staticmethod
    def _part(path: Path) -> Path:
        return path.with_name(f"{path.name}.part")


def _note(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _write_note(part: Path, address: str, answer: requests.Response | None) -> None:
    etag = answer.headers.get("ETag", "") if answer is not None else ""
    # Only a strong validator promises the same bytes.
    strong = etag if etag.startswith('"') else ""
    validator = strong or (answer.headers.get("Last-Modified", "") if answer is not None else "")
    _note(part).write_text(json.dumps({"address": address, "validator": validator}), encoding="utf-8")


def _begun(part: Path, address: str) -> dict[str, str] | None:
    """What is known of a part that can be gone on with; a part that cannot is thrown away."""
    try:
        note: dict[str, str] = json.loads(_note(part).read_text(encoding="utf-8"))
        if note["address"] == address and note["validator"] and part.stat().st_size:
            return note
    except (OSError, ValueError, KeyError, TypeError):
        pass
    _discard(part)
    return None


def _discard(part: Path) -> None:
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _keep_earlier(path: Path) -> None:
    """Put what an address gave before into `earlier/`: every issue is kept."""
    if path.is_file():
        folder = path.parent / "earlier"
        folder.mkdir(exist_ok=True)
        path.replace(folder / f"{_sha256(path)[:8]}-{path.name}")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _range_start(answer: requests.Response) -> int | None:
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return int(found[1]) if found else None
