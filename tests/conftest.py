"""Shared by every test: where the published files are, and what a skip means."""

import fcntl
import os
import shutil
from collections.abc import Callable
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


@pytest.fixture(scope="session")
def made_once(tmp_path_factory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Fill a folder once for all workers of a run; each worker gets a copy of its own."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # the workers' folders lie side by side in the run's

    def once(name: str, make: Callable[[Path], object]) -> Path:
        first, done = base / f"first-{name}", base / f"first-{name}.done"
        with (base / f"first-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(first, ignore_errors=True)
                first.mkdir()
                make(first)
                done.touch()
        return shutil.copytree(first, tmp_path_factory.mktemp(name) / name)

    return once


@pytest.fixture(scope="session")
def demo_files(made_once) -> Path:
    """The `small` synthetic region's files, the late month in `late/`."""
    from pipeline.demo import make_demo

    return made_once("demo", lambda folder: make_demo(folder, "small"))


@pytest.fixture(scope="session")
def small_home(demo_files, made_once) -> Path:
    """A home with the `small` region loaded and counted. Read it; to change it, copy it (`own_home`)."""
    from pipeline.load import load_files
    from pipeline.refresh import refresh
    from warehouse.home import Home

    def make(folder: Path) -> None:
        home = Home.open(folder)
        reports = load_files(home, sorted(demo_files.glob("*.parquet")))
        assert [report.reasons for report in reports if report.outcome == "refused"] == []
        refresh(home)
        home.close()

    return made_once("small_home", make)


@pytest.fixture
def own_home(small_home, tmp_path) -> Path:
    """A copy of `small_home` that a test may change."""
    path = tmp_path / "home"
    shutil.copytree(small_home, path)
    return path
