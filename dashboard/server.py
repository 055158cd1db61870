"""The server: the pages, a health check and security headers in one process (an ASGI application).

Start it with `uvicorn dashboard.server:app --host 127.0.0.1 --port 8501`.
"""

import base64
import gc
import hashlib
import pkgutil
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from dashboard import health, panels
from dashboard.doors import Doors

FRAME = Path(__file__).resolve().parent.parent / "app.py"


def inline_scripts() -> list[str]:
    """Give a CSP hash for each script written into Streamlit's own page, so that no other inline one runs."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    bodies = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies)
    return [f"'sha256-{digest}'" for digest in digests]


def security_headers() -> dict[str, str]:
    """Give the headers every response carries; nothing may be fetched from, or framed by, another site.

    Streamlit and Plotly write styles into the page, so styles alone may be inline.
    """
    policy = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *inline_scripts()]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


class SecurityHeaders:
    """ASGI middleware that adds `security_headers` to every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers as its response starts."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def healthz(_: Request) -> JSONResponse:
    """Say whether pages can be served: 200, or 503 with the reason in one sentence."""
    report = health.report()
    body = {**report, "version": version("neighbourhood-targets")}
    return JSONResponse(body, 200 if report["status"] == "ok" else 503, headers={"Cache-Control": "no-store"})


@asynccontextmanager
async def loaded(_: st.App) -> AsyncIterator[None]:
    """Load what pages are made of, so that the first reader waits for figures and not for code.

    What is loaded stays for good: Python's collector need not look at it again each time it runs.
    """
    for module in pkgutil.iter_modules(panels.__path__, f"{panels.__name__}."):
        import_module(module.name)
    gc.collect()
    gc.freeze()
    yield


# A folder named pages makes Streamlit try its older router until st.navigation has run once: the first reader
# on a fresh server who follows a deep link would meet "Page not found" before the page. Sections are ours.
PagesManager.uses_pages_directory = False

app = st.App(
    FRAME,
    routes=[Route("/healthz", healthz)],
    middleware=[Middleware(SecurityHeaders), Middleware(Doors)],
    lifespan=loaded,
)
