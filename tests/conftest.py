"""Shared by every test: where the published files are, and what a skip means."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_ABSENT = "the published files in ../shared/data are not here"


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of real published files; without it the test is skipped, in CI too."""
    folder = ROOT.parent / "shared" / "data" / "published"
    if not folder.is_dir():
        pytest.skip(SHARED_ABSENT)
    return folder


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a skip is a failure, except where ../shared is absent."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if SHARED_ABSENT not in reason:
            report.outcome = "failed"
            report.longrepr = f"In CI a skip is a failure. {reason}"
