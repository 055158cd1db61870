"""Serving the pages: the dashboard's own process, started here and stopped with us."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import typer

ROOT = Path(__file__).resolve().parent.parent


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
    ]


def serve(host: str, port: int) -> None:
    """Serve until stopped. Raises OSError with a sentence when the port is taken."""
    _demand_free(host, port)
    name = "localhost" if host == "127.0.0.1" else host
    typer.echo(f"The dashboard is at http://{name}:{port} (stop: Ctrl-C)")
    try:
        done = subprocess.run(command(host, port), cwd=ROOT, env=os.environ.copy(), check=False)
    except KeyboardInterrupt:
        return
    raise typer.Exit(done.returncode)


def _demand_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise OSError(
                f"port {port} on {host} cannot be used ({fault.strerror}): free it, or give another --port"
            ) from fault
