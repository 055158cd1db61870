"""What `targets serve` answers to strangers: names, headers, paths, files and the websocket."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard.server import security_headers

ROOT = Path(__file__).resolve().parents[2]
SERVE = [sys.executable, "-c", "from pipeline.cli import app; app()", "serve", "--port"]
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}
Ask = Callable[..., http.client.HTTPResponse]


@pytest.fixture(scope="module")
def port(made_world) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    left_out = ("TARGETS_DATABASE_URL", "TARGETS_HOSTS", "TARGETS_METRICS")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment |= {"TARGETS_HOME": str(made_world), "TARGETS_UPLOADS": "off"}
    server = subprocess.Popen([*SERVE, str(free)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 120
        while True:
            assert server.poll() is None and time.monotonic() < until, "it did not start"
            try:
                socket.create_connection(("127.0.0.1", free), timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield free
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture
def ask(port) -> Ask:
    def asked(path: str, method: str = "GET", body: bytes | None = None, **headers: str):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.putrequest(method, path, skip_host="host" in {name.lower() for name in headers})
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        return connection.getresponse()

    return asked


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/trajectory", "/healthz", "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics"),
        *(
            "/_stcore/upload_file/a/b",
            "/_stcore/nothing",
            "/media/nothing",
            "/static/nothing.js",
            "/../app.py",
        ),
    ],
)
def test_every_answer_carries_the_headers_and_no_server_is_named(ask, path):
    answer = ask(path)
    for name, value in security_headers().items():
        assert answer.headers[name] == value, name
    assert "Server" not in answer.headers
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"/{where}/{up}{up}{up}etc/passwd"
            for where in ("static", "media", "component")
            for up in ("../",)
        ),
        "/static/%2e%2e/%2e%2e/%2e%2e/pyproject.toml",
        "/static/..%2f..%2f..%2fpyproject.toml",
        "/media/..%5c..%5cpyproject.toml",
        "/_stcore/bidi-components/../../pyproject.toml",
        "//evil.example/static/x",
        "/pyproject.toml",
        "/results.sqlite",
        "/.streamlit/config.toml",
        "/static/",
        "/media/",
    ],
)
def test_no_file_of_the_server_is_given_away_nor_a_list_of_them(ask, path):
    answer = ask(path)
    body = answer.read()
    page = b"<title>Streamlit</title>" in body or b'<div id="root">' in body
    assert answer.status in (301, 307, 400, 403, 404) or page, (answer.status, body[:200])
    for sign in (b"root:", b"[project]", b"SQLite format", b"[theme", b"Index of", b"Traceback", b".venv"):
        assert sign not in body


def test_files_are_refused_where_sending_is_off(ask):
    body = b"x" * 1000
    answer = ask("/_stcore/upload_file/session/file", "PUT", body)
    assert (answer.status, answer.read()) == (403, b"Files cannot be sent to this server.")
    unsaid = ask("/_stcore/upload_file/session/file", "PUT", Transfer_Encoding="chunked")
    assert unsaid.status == 403


def test_other_names_and_other_sites_are_not_answered(ask, port):
    assert ask("/healthz", Host="localhost").status == 200
    assert ask("/healthz", Host="evil.example").status == 400
    assert ask("/_stcore/stream", **UPGRADE).status == 101
    assert ask("/_stcore/stream", **UPGRADE, Origin=f"http://127.0.0.1:{port}").status == 101
    assert ask("/_stcore/stream", **UPGRADE, Origin="https://evil.example").status == 403
    assert ask("/_stcore/stream", **UPGRADE, Origin="null").status == 403
    # A name that its owner points at this machine: same origin to a browser, a stranger to us.
    rebound = {"Host": f"evil.example:{port}", "Origin": f"http://evil.example:{port}"}
    assert ask("/_stcore/stream", **UPGRADE, **rebound).status == 403


def test_other_sites_may_not_steer_the_pages(ask):
    assert b'"allowedOrigins":[]' in ask("/_stcore/host-config").read()
    assert ask("/_stcore/agent/interact", "POST", b"{}", Content_Type="application/json").status in (403, 404)
