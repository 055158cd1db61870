"""A real HTTP server on loopback that serves pages and files of the shapes that publishers have."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """One answer. With `cut` the connection ends after that many bytes; `length` announces the body's."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    length: bool = True


@dataclass
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]


class Website:
    """Paths to bodies; `first` answers come before them, each once. Knows ETag, 304, Range and If-Range."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.kinds: dict[str, str] = {}
        self.first: dict[str, list[Reply]] = {}
        self.ranges = True
        self.asked: list[Asked] = []
        self.address = ""

    def page(self, path: str, *links: tuple[str, str], around: str = "<p>{}</p>") -> str:
        anchors = [around.format(f'<a href="{leads}">{words}</a>') for leads, words in links]
        self.files[path] = f"<!DOCTYPE html><html><body>{''.join(anchors)}</body></html>".encode()
        self.kinds[path] = "text/html; charset=utf-8"
        return self.address + path

    def count(self, path: str) -> int:
        return sum(asked.path == path for asked in self.asked)

    def answer(self, path: str, headers: dict[str, str]) -> Reply:
        if self.first.get(path):
            return self.first[path].pop(0)
        if path not in self.files:
            return Reply(404, b"<html>not here</html>", {"Content-Type": "text/html"})
        body = self.files[path]
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        told = {"ETag": etag, "Content-Type": self.kinds.get(path, "text/csv")}
        if headers.get("If-None-Match") == etag:
            return Reply(304, b"", told)
        wanted = headers.get("Range", "")
        if self.ranges and wanted and headers.get("If-Range") == etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(body):
                return Reply(416, b"", told)
            told["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            return Reply(206, body[start:], told)
        return Reply(200, body, told)


@contextmanager
def serving() -> Iterator[Website]:
    """A website on a free port of loopback, gone at the end."""
    site = Website()
    server = _Quiet(("127.0.0.1", 0), _handler(site.answer, site.asked))
    server.daemon_threads = True
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(ThreadingHTTPServer):
    """A reader that hangs up is no fault of the site's, and nothing to print beside a command's own words."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _handler(
    answer: Callable[[str, dict[str, str]], Reply], asked: list[Asked]
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = dict(self.headers.items())
            asked.append(Asked(self.path, headers))
            reply = answer(self.path, headers)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 304 and reply.length:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut])
            if reply.cut is not None:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    return Handler
