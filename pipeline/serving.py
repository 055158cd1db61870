"""Serving the pages: this process becomes the dashboard's server, so that stopping one stops the other."""

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

import typer

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "localhost", "::1")
CONNECTIONS = 1_000
"""Connections at once; a reader's browser keeps up to seven."""
MESSAGE = 1024 * 1024
"""Bytes of a message from a page: what is chosen on it. Files come another way."""


def command(host: str, port: int) -> list[str]:
    """The command that serves the pages."""
    return [
        sys.executable,
        "-m",
        "uvicorn",
        "dashboard.server:app",
        "--host",
        host,
        "--port",
        str(port),
        "--log-level",
        "warning",
        "--no-server-header",
        *("--limit-concurrency", str(CONNECTIONS)),
        *("--ws-max-size", str(MESSAGE)),
    ]


def serve(host: str, port: int) -> NoReturn:
    """Serve until stopped. Raises OSError with a sentence when the port is taken."""
    _demand_free(host, port)
    name = "localhost" if host == "127.0.0.1" else host
    typer.echo(f"The dashboard is at http://{name}:{port} (stop: Ctrl-C)")
    sys.stdout.flush()
    # On one's own machine the pages may take files in; elsewhere somebody must say so.
    os.environ.setdefault("TARGETS_UPLOADS", "on" if host in LOOPBACK else "off")
    # A site elsewhere can give its own name this machine's address: its scripts would then be ours to obey.
    os.environ.setdefault("TARGETS_HOSTS", ",".join(LOOPBACK) if host in LOOPBACK else "")
    os.chdir(ROOT)
    os.execv(sys.executable, command(host, port))


def _demand_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise OSError(
                f"port {port} on {host} cannot be used ({fault.strerror}): free it, or give another --port"
            ) from fault
