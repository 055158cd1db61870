"""The house rules that import contracts cannot say."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from metrics.indicators import all_indicators

ROOT = Path(__file__).resolve().parent.parent
TRACKED = [
    ROOT / line
    for line in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    if (ROOT / line).is_file()
]
PYTHON = [path for path in TRACKED if path.suffix == ".py"]
ROOMS = ("metrics", "data_contracts", "warehouse", "pipeline", "dashboard", "pages")
OURS = {*ROOMS, "tests", "benchmarks", "app"}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_no_python_file_lies_directly_in_pages():
    """With one there, Streamlit's older router answers a deep link without app.py."""
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == []


def test_pages_speak_to_the_dashboard_only():
    for path in [*(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]:
        rooms = {name.split(".")[0] for name in imports(path)} & OURS
        assert rooms <= {"dashboard"}, path


def test_nothing_imports_tests():
    for path in PYTHON:
        if "tests" not in path.relative_to(ROOT).parts:
            assert "tests" not in {name.split(".")[0] for name in imports(path)}, path


def test_no_indicator_is_named_in_python_outside_its_own_file():
    ids = sorted(all_indicators(), key=len, reverse=True)
    pattern = re.compile(rf"""["']({"|".join(ids)})["']""")
    for path in PYTHON:
        room = path.relative_to(ROOT).parts[0]
        if room in ROOMS and path.parent != ROOT / "metrics" / "indicators":
            assert not pattern.search(path.read_text()), path


@pytest.mark.parametrize("forbidden", ["utils", "core", "helpers", "src"])
def test_no_room_of_odds_and_ends(forbidden):
    for path in TRACKED:
        assert forbidden not in {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}, path


def test_nothing_names_a_registry_or_a_machine_path():
    hosts = ["pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "deb.debian" + ".org", "/ro" + "ot/"]
    for path in TRACKED:
        if path.suffix in {".png", ".parquet", ".ico", ".woff2"}:
            continue
        text = path.read_text(errors="replace")
        assert [host for host in hosts if host in text] == [], path


def test_no_lock_file_that_writes_addresses():
    names = {path.name for path in TRACKED}
    assert not names & {"uv.lock", "package-lock.json", "poetry.lock"}
    assert "http" not in (ROOT / "requirements.lock").read_text()


def test_every_lock_entry_has_a_hash():
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    entries = [line for line in lines if re.match(r"[a-z0-9]", line)]
    assert len(entries) > 50
    assert all(line.endswith("\\") for line in entries)


def test_no_two_test_files_share_a_name():
    """pytest would take the second for the first, and run neither of its tests."""
    names = [path.name for path in TRACKED if path.name.startswith("test_")]
    assert sorted(names) == sorted(set(names))
