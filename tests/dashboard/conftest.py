"""A world for pages to show, made once, and pages run without a browser."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from world import build

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def made_world(made_once) -> Path:
    return made_once("world", lambda folder: build(folder).close())


@pytest.fixture(scope="session")
def made_without_published(made_once) -> Path:
    return made_once("without_published", lambda folder: build(folder, published=False).close())


@pytest.fixture
def own_world(made_without_published, tmp_path) -> Path:
    """A copy of a world without published figures that a test may change or damage."""
    path = tmp_path / "world"
    shutil.copytree(made_without_published, path)
    return path


@pytest.fixture
def in_home(monkeypatch) -> Callable[[Path], None]:
    """Point the pages at a home; caches of another test's home are dropped."""

    def point(folder: Path) -> None:
        monkeypatch.setenv("TARGETS_HOME", str(folder))
        monkeypatch.delenv("TARGETS_DATABASE_URL", raising=False)
        st.cache_data.clear()
        st.cache_resource.clear()

    return point


@pytest.fixture
def open_page(in_home, made_world) -> Callable[..., AppTest]:
    """Open a page by its file, with choices in its address, as a browser would on a fresh server."""

    def opened(page: str = "", home: Path | None = None, **address: str) -> AppTest:
        in_home(home or made_world)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for key, value in address.items():
            app.query_params[key] = value
        app.run()
        return app.switch_page(page).run() if page else app

    return opened
