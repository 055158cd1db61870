"""A real PostgreSQL that the tests start on loopback, and throw away after them."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

ABSENT = "PostgreSQL's server is not installed (apt-get install postgresql)"
STARTING = 30.0


@dataclass
class Server:
    """A running server; `url` names its first database."""

    port: int
    password: str
    made: int = 0

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://tester:{self.password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template1") -> str:
        """Make an empty database, or a copy of `template`; returns its URL."""
        self.made += 1
        name = f"t{self.made}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)


def programs() -> Path | None:
    """The folder with initdb and postgres, newest version first; None when there is none."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -float(p.parent.name)):
        if (folder / "postgres").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("postgres") else None


def someone() -> dict[str, Any]:
    """Who runs the server: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise RuntimeError("there is no account but root to run PostgreSQL as")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """A server in a folder of its own, stopped and removed at the end."""
    who = someone()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = Server(free_port(), secrets.token_hex(8))
    secret, data = folder / "password", folder / "data"
    secret.write_text(server.password)
    if who:
        for path in (folder, secret):
            os.chown(path, who["user"], who["group"])
    try:
        subprocess.run(
            [
                *(programs / "initdb", "-D", data, "-U", "tester", "--auth=scram-sha-256"),
                *(f"--pwfile={secret}", "--encoding=UTF8", "--locale=C", "--no-sync"),
            ],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            **who,
        )
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    *(programs / "postgres", "-D", data, "-k", folder, "-h", "127.0.0.1"),
                    *("-p", str(server.port), "-c", "fsync=off", "-c", "max_connections=50"),
                ],
                cwd=folder,
                stdout=log,
                stderr=log,
                **who,
            )
        try:
            wait_for(server, process, folder / "log")
            yield server
        finally:
            # At once, without a last checkpoint: nothing here is kept.
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=STARTING)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(server: Server, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + STARTING
    while True:
        try:
            psycopg.connect(server.url(), connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}") from None
            time.sleep(0.1)
