"""Asking a web server for things, as a considerate guest: who we are, one at a time, bounded, patient."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import requests

from pipeline.release import code_version

T = TypeVar("T")
MEBIBYTE = 1 << 20
_BUSY = {408, 425, 429, 500, 502, 503, 504}


class NotFetchedError(Exception):
    """Something was not fetched; the message is a sentence that says what, where and what to do."""


class AgainError(Exception):
    """Something failed that may pass; `wait` is how many seconds the server asked for."""

    def __init__(self, sentence: str, wait: float | None = None) -> None:
        super().__init__(sentence)
        self.wait = wait


@dataclass(frozen=True)
class Manners:
    """Bounds, in seconds and bytes; `sleep` and `clock` are the real ones but in tests."""

    attempts: int = 4
    first_pause: float = 2.0
    longest_pause: float = 120.0
    between_requests: float = 1.0
    to_connect: float = 10.0
    to_answer: float = 60.0
    for_one_file: float = 3600.0
    redirects: int = 5
    page_bytes: int = 5 * MEBIBYTE
    piece_bytes: int = 16 * 1024
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


class Polite:
    """A guest of web servers. At most one request a second to a host, unless it is this very machine."""

    def __init__(self, manners: Manners | None = None) -> None:
        self.manners = manners or Manners()
        self._session = requests.Session()
        self._session.headers["User-Agent"] = (
            f"neighbourhood-targets/{code_version()} (fetches published NHS statistics, monthly)"
        )
        # Lengths and ranges then count the file's own bytes.
        self._session.headers["Accept-Encoding"] = "identity"
        self._last: dict[str, float] = {}
        self._rules: dict[str, RobotFileParser] = {}

    def patiently(self, attempt: Callable[[], T]) -> T:
        """Do what may fail in passing, again after longer and longer pauses. Raises NotFetchedError."""
        last: AgainError | None = None
        for number in range(self.manners.attempts):
            if last is not None:
                pause = self.manners.first_pause * 2 ** (number - 1) if last.wait is None else last.wait
                if pause > self.manners.longest_pause:
                    raise NotFetchedError(
                        f"{last} and asks to be left for {_minutes(pause)}: try again then."
                    )
                self.manners.sleep(pause)
            try:
                return attempt()
            except AgainError as fault:
                last = fault
        raise NotFetchedError(f"{last} (tried {self.manners.attempts} times): try again later.")

    def ask(self, address: str, headers: dict[str, str] | None = None) -> requests.Response:
        """The answer to one request, its body not yet read, after any redirects; the caller closes it.

        Raises AgainError for what may pass, NotFetchedError for what will not.
        """
        seen = [address]
        while True:
            self._demand_allowed(address)
            answer = self._request(address, headers or {})
            onward = self._session.get_redirect_target(answer)
            if onward is None:
                break
            answer.close()
            address = urljoin(address, onward)
            if address in seen:
                raise NotFetchedError(f"{seen[0]} redirects in a circle, through {address}.")
            if len(seen) > self.manners.redirects:
                raise NotFetchedError(f"{seen[0]} redirects more than {self.manners.redirects} times.")
            seen.append(address)
        if answer.status_code in _BUSY:
            wait = _retry_after(answer.headers.get("Retry-After"))
            answer.close()
            raise AgainError(f"{address} answered {answer.status_code} {answer.reason}", wait)
        return answer

    def page(self, address: str) -> tuple[str, bytes]:
        """A web page: where it was found in the end, and its bytes. Raises NotFetchedError."""
        return self.patiently(lambda: self._page(address))

    def _page(self, address: str) -> tuple[str, bytes]:
        with self.ask(address) as answer:
            if answer.status_code != requests.codes.ok:
                raise NotFetchedError(refused(address, answer))
            kind = answer.headers.get("Content-Type", "text/html").lower()
            if "html" not in kind:
                raise NotFetchedError(f"{address} is not a web page but '{kind}'.")
            found = b""
            for chunk in self.pieces(answer, address):
                found += chunk
                if len(found) > self.manners.page_bytes:
                    raise NotFetchedError(
                        f"{address} has more than {self.manners.page_bytes // MEBIBYTE} MiB: no such page."
                    )
            return answer.url, found

    def pieces(self, answer: requests.Response, address: str) -> Iterator[bytes]:
        """The body, piece by piece. Raises AgainError where it stops short: a piece not whole is lost."""
        try:
            yield from answer.iter_content(self.manners.piece_bytes)
        except requests.RequestException as fault:
            raise AgainError(f"{address} stopped before its end") from fault

    def _request(self, address: str, headers: dict[str, str]) -> requests.Response:
        host = urlsplit(address).hostname or ""
        if not _this_machine(host):
            since = self.manners.clock() - self._last.get(host, float("-inf"))
            if since < self.manners.between_requests:
                self.manners.sleep(self.manners.between_requests - since)
            self._last[host] = self.manners.clock()
        timeouts = (self.manners.to_connect, self.manners.to_answer)
        try:
            return self._session.get(
                address, headers=headers, stream=True, allow_redirects=False, timeout=timeouts
            )
        except requests.Timeout as fault:
            raise AgainError(f"{address} did not answer in time") from fault
        except requests.ConnectionError as fault:
            raise AgainError(f"{address} cannot be reached") from fault
        except (requests.RequestException, ValueError) as fault:
            raise NotFetchedError(f"{address} cannot be fetched ({type(fault).__name__}).") from fault

    def _demand_allowed(self, address: str) -> None:
        demand_web(address)
        place = urlsplit(address)
        root = f"{place.scheme}://{place.netloc}"
        if root not in self._rules:
            self._rules[root] = self._robots(root)
        if not self._rules[root].can_fetch(self._session.headers["User-Agent"], address):
            raise NotFetchedError(f"{root}/robots.txt asks programs not to fetch {address}.")

    def _robots(self, root: str) -> RobotFileParser:
        rules = RobotFileParser()
        rules.parse([])
        try:
            with self._request(f"{root}/robots.txt", {}) as answer:
                if answer.status_code == requests.codes.ok:
                    said = next(answer.iter_content(MEBIBYTE // 2), b"")
                    rules.parse(said.decode("utf-8", "replace").splitlines())
        except (AgainError, NotFetchedError, requests.RequestException):
            pass  # a site without readable rules has none; what follows says whether it can be reached
        return rules


def demand_web(address: str) -> None:
    """Raise NotFetchedError for an address that is not http or https, such as a file on this machine."""
    try:
        place = urlsplit(address)
        usable = place.scheme in ("http", "https") and bool(place.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise NotFetchedError(f"'{address}' is not an http or https address, so it is not followed.")


def refused(address: str, answer: requests.Response) -> str:
    """What an answer that is no success means, as a sentence."""
    said = f"{address} answered {answer.status_code} {answer.reason}".rstrip()
    if answer.status_code in (404, 410):
        return f"{said}: it is not there any more. The site may have changed."
    return f"{said}."


def _this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _retry_after(said: str | None) -> float | None:
    """Seconds to wait: the header gives them, or a date."""
    if not said:
        return None
    if said.strip().isdigit():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _minutes(seconds: float) -> str:
    minutes = -(-int(seconds) // 60)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
