"""How long until somebody sees the overview? A fresh Chromium with nothing cached, on loopback.

    python -m benchmarks.first_view HOME [--times 5] [--path PATH]

Three moments, in milliseconds from the asking: the first thing drawn (First Contentful Paint, as the browser
itself records it), the page's title, and the page whole: the script has ended and every chart is drawn. The
first row is the first reader after the server started; the others find it warm. Each uses a browser profile of
its own, so that every script and font is fetched anew.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
WHOLE = """() => document.querySelector('[data-testid=stApp]')
        ?.getAttribute('data-test-script-state') === 'notRunning'
    && document.querySelector('[data-testid=stMain] h1')
    && document.querySelectorAll('[data-testid=stSkeleton]').length === 0
    && [...document.querySelectorAll('[data-testid=stPlotlyChart]')]
        .every(chart => chart.querySelector('svg.main-svg'))"""


@contextmanager
def served(home: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "dashboard.server:app", "--port", str(port)]
    environment = {**os.environ, "TARGETS_HOME": home}
    server = subprocess.Popen([*command, "--log-level", "warning"], env=environment)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                break
            except OSError:
                assert server.poll() is None, "the server stopped by itself"
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def view(browser: Browser, address: str) -> tuple[float, float, float]:
    """Milliseconds to the first paint, to the title and to the whole page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("[data-testid=stMain] h1", timeout=120_000)
    titled = time.perf_counter()
    page.wait_for_function(WHOLE, timeout=120_000)
    whole = time.perf_counter()
    painted = float(page.evaluate(PAINTED))
    context.close()
    return painted, 1000 * (titled - began), 1000 * (whole - began)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("home")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--path", default="")
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    with served(asked.home) as address, sync_playwright() as playwright:
        print(f"{'':10}{'first paint':>14}{'title':>10}{'whole':>10}   ms; load {os.getloadavg()[0]:.1f}")
        rows = []
        for number in range(asked.times + 1):
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            rows.append(view(browser, f"{address}/{asked.path}"))
            browser.close()
            print(
                f"{'first' if number == 0 else 'warm':10}{rows[-1][0]:14.0f}{rows[-1][1]:10.0f}{rows[-1][2]:10.0f}"
            )
        middle = [statistics.median(column) for column in zip(*rows[1:], strict=True)]
        print(f"{'median':10}{middle[0]:14.0f}{middle[1]:10.0f}{middle[2]:10.0f}")


if __name__ == "__main__":
    main()
