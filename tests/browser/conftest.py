"""A real server on a free loopback port and a real Chromium that may speak to nothing else."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "dashboard"))

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator:
    if not Path(CHROMIUM).is_file():
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def world(made_once) -> Path:
    from world import build

    return made_once("world", lambda folder: build(folder).close())


@contextmanager
def serving() -> Iterator[Callable[[Path], str]]:
    """Start a fresh server for a home and give its address; every one is stopped at the end."""
    started: list[subprocess.Popen] = []

    def start(home: Path) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {**os.environ, "TARGETS_HOME": str(home)}
        environment.pop("TARGETS_DATABASE_URL", None)
        command = [sys.executable, "-m", "uvicorn", "dashboard.server:app", "--host", "127.0.0.1"]
        command += ["--port", str(port), "--log-level", "warning"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment)
        started.append(server)
        address = f"http://127.0.0.1:{port}"
        for _ in range(240):
            assert server.poll() is None, "the server stopped by itself"
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
                return address
            except OSError:
                time.sleep(0.25)
        raise AssertionError("the server did not answer within a minute")

    try:
        yield start
    finally:
        for server in started:
            server.terminate()
        for server in started:
            server.wait(timeout=20)


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Start servers that live as long as one test."""
    with serving() as start:
        yield start


@pytest.fixture(scope="session")
def served() -> Iterator[Callable[[Path], str]]:
    """The address of a home's one server, which all tests that only read it share."""
    with serving() as start:
        yield cache(start)


@pytest.fixture(scope="session")
def address(served, world) -> str:
    return served(world)


class Sight:
    """One page in one window, with what it asked for and complained of."""

    def __init__(self, page, own: str) -> None:
        self.page = page
        self.outside: list[str] = []
        self.complaints: list[str] = []
        allowed = (own, own.replace("http", "ws", 1), "data:", "blob:")
        page.on("request", lambda sent: sent.url.startswith(allowed) or self.outside.append(sent.url))
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message) -> None:
        # On a deep link Streamlit asks for its health beside the page first, then at the root: two 404s.
        if message.type == "error" and "404" not in message.text:
            self.complaints.append(message.text)

    def settle(self) -> None:
        """Wait until the script has run, nothing is still loading, and charts are drawn."""
        self.page.wait_for_selector("[data-testid=stMain] h1", timeout=60_000)
        self.page.wait_for_function(
            """() => document.querySelector('[data-testid=stApp]')
                       .getAttribute('data-test-script-state') === 'notRunning'
                  && document.querySelectorAll('[data-testid=stSkeleton]').length === 0
                  && document.querySelectorAll('[data-stale=true]').length === 0
                  && [...document.querySelectorAll('[data-testid=stPlotlyChart]')]
                       .every(chart => chart.querySelector('svg.main-svg'))""",
            timeout=60_000,
            polling=100,  # to ask at every frame makes the browser draw every frame
        )
        self.page.wait_for_timeout(300)

    def turn(self, theme: str) -> None:
        """Change the reader's theme on an open page, and run the script again by Streamlit's own key."""
        self.page.evaluate(
            """() => {
                const app = document.querySelector('[data-testid=stApp]');
                const state = 'data-test-script-state';
                window.hasRun = false;
                window.groundWas = getComputedStyle(app).backgroundColor;
                new MutationObserver(() => { window.hasRun ||= app.getAttribute(state) === 'notRunning' })
                    .observe(app, {attributeFilter: [state]});
            }"""
        )
        self.page.emulate_media(color_scheme=theme)
        self.page.wait_for_function(
            "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
            " !== window.groundWas",
            polling=100,
        )
        self.page.keyboard.press("r")
        self.page.wait_for_function("() => window.hasRun", timeout=60_000, polling=100)
        self.settle()


@pytest.fixture(scope="session")
def contexts(browser) -> Iterator[Callable]:
    """One browser profile for each theme: each test has tabs of its own, and scripts are fetched once."""
    held = {}

    def of(theme: str):
        if theme not in held:
            held[theme] = browser.new_context(color_scheme=theme, reduced_motion="reduce")
        return held[theme]

    yield of
    for context in held.values():
        context.close()


@pytest.fixture
def look(contexts, address) -> Iterator[Callable[..., Sight]]:
    """Open a path in a window of a size and theme, on the shared server or another."""
    tabs = []

    def opened(path: str = "", size=(1440, 900), theme: str = "light", at: str | None = None) -> Sight:
        own = at or address
        tabs.append(contexts(theme).new_page())
        tabs[-1].set_viewport_size({"width": size[0], "height": size[1]})
        sight = Sight(tabs[-1], own)
        sight.page.goto(f"{own}/{path}")
        sight.settle()
        return sight

    yield opened
    for tab in tabs:
        tab.close()
