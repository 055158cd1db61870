"""Every test of results runs on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator

import pytest
from postgresql import ABSENT, Server, programs, running

from warehouse.home import Home


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL for the whole session; in CI its absence fails (tests/conftest.py)."""
    found = programs()
    if found is None:
        pytest.skip(ABSENT)
    with running(found) as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request, tmp_path) -> str:
    """The URL of an empty database."""
    if request.param == "postgresql":
        return request.getfixturevalue("server").new_database()
    return f"sqlite:///{tmp_path / 'results.sqlite'}"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    """The developer's own settings must not lead a test to the developer's own data."""
    for name in ("TARGETS_HOME", "TARGETS_DATABASE_URL", "TARGETS_RECORDS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home(tmp_path, database_url) -> Iterator[Home]:
    """An empty home on either database."""
    opened = Home.open(tmp_path / "home of records", database_url, patience=0.3)
    yield opened
    opened.close()


@pytest.fixture
def local_home(tmp_path) -> Iterator[Home]:
    """An empty home on SQLite, for tests of records alone; its folder has a space, as people's do."""
    opened = Home.open(tmp_path / "home of récords", patience=0.3)
    yield opened
    opened.close()
