"""Which requests are let in: under which names the server answers, what may be sent to it and how much.

Streamlit opens these to anybody: files up to its limit, as many as one likes, kept in memory, whether a page
asks for any or not; and its own counters, which take the server's time to work out.
"""

import os
from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime

from dashboard import uploads

NAMES = "TARGETS_HOSTS"
COUNTERS = "TARGETS_METRICS"
UPLOAD, METRICS = "/_stcore/upload_file/", "/_stcore/metrics"
MOST_HELD = 1024 * 1024 * 1024
"""Bytes of files sent by all readers together that wait in memory to be looked at."""


def name_of(host: str) -> str:
    """Give the name in a Host header, without its port: `[::1]:8501` -> `::1`."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower().rstrip(".")


def names() -> frozenset[str]:
    """Give the names this server answers to, from TARGETS_HOSTS; none means any."""
    said = os.environ.get(NAMES, "").split(",")
    return frozenset(name.strip().lower() for name in said if name.strip() not in ("", "*"))


def waiting() -> int:
    """Give the bytes of files, of all readers, that wait in memory."""
    if not runtime.exists():
        return 0
    families = runtime.get_instance().uploaded_file_mgr.get_stats().values()
    return sum(stat.byte_length for stats in families for stat in stats)


class Doors:
    """ASGI middleware that answers for the server what it does not let in."""

    def __init__(self, app: ASGIApp, held: Callable[[], int] = waiting) -> None:
        """Stand before `app`; `held` gives the bytes of files that wait in memory."""
        self.app, self.held, self.arriving = app, held, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it with a sentence."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        refusal = self._refusal(scope, asked)
        if refusal is None:
            sent = _length(asked) if scope["path"].startswith(UPLOAD) else 0
            self.arriving += sent or 0
            try:
                await self.app(scope, receive, send)
            finally:
                self.arriving -= sent or 0
        elif scope["type"] == "websocket":
            # Closed before it is accepted: the server answers 403 for it.
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            code, sentence = refusal
            await PlainTextResponse(sentence, code)(scope, receive, send)

    def _refusal(self, scope: Scope, asked: HTTPConnection) -> tuple[int, str] | None:
        """Say with which code and why a request is not let in; None lets it in."""
        allowed = names()
        if allowed and name_of(asked.headers.get("host", "")) not in allowed:
            return 400, f"This server does not answer to that name. Its names are in {NAMES}."
        path = scope["path"]
        if path == METRICS and os.environ.get(COUNTERS, "off") != "on":
            return 404, "Not found"
        if path.startswith(UPLOAD) and scope["type"] == "http":
            return self._sending(scope, asked)
        return None

    def _sending(self, scope: Scope, asked: HTTPConnection) -> tuple[int, str] | None:
        if not uploads.allowed():
            return 403, "Files cannot be sent to this server."
        if scope["method"] == "PUT":
            sent = _length(asked)
            if sent is None:
                return 411, "Say how long the file is (Content-Length)."
            if self.held() + self.arriving + sent > MOST_HELD:
                return 507, "Too many files are waiting on this server. Try again in a few minutes."
        return None


def _length(asked: HTTPConnection) -> int | None:
    """Give how many bytes a request says it brings; None where it does not say."""
    said = asked.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else None
