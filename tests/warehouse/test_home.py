"""Opening a home: what it makes, where it looks, and what it says when it cannot."""

import subprocess
import sys

import pytest
from sqlalchemy import text

from warehouse.errors import WarehouseError
from warehouse.home import Home


def test_opening_makes_the_folder_and_the_database(tmp_path):
    home = Home.open(tmp_path / "new" / "home")
    assert (tmp_path / "new" / "home" / "results.sqlite").exists()
    assert home.records_url == str(tmp_path / "new" / "home" / "records")
    home.close()


def test_opening_again_changes_nothing(home, database_url):
    Home.open(home.path, database_url).close()


def test_the_environment_says_where(tmp_path, monkeypatch):
    monkeypatch.setenv("TARGETS_HOME", str(tmp_path / "said"))
    monkeypatch.setenv("TARGETS_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.sqlite")
    monkeypatch.setenv("TARGETS_RECORDS_URL", "s3://bucket/records")
    home = Home.open()
    assert (home.path, home.records_url) == (tmp_path / "said", "s3://bucket/records")
    assert (tmp_path / "elsewhere.sqlite").exists()
    home.close()


def test_a_setting_that_is_empty_is_no_setting(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("TARGETS_HOME", "TARGETS_DATABASE_URL", "TARGETS_RECORDS_URL"):
        monkeypatch.setenv(name, "")
    home = Home.open()
    assert home.path == tmp_path / ".targets"
    assert (tmp_path / ".targets" / "results.sqlite").exists()
    home.close()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://host/name", "SQLite file or PostgreSQL"),
        ("sqlite://", "SQLite file or PostgreSQL"),
        ("not a url", "not a URL"),
    ],
)
def test_a_wrong_address_is_told_in_a_sentence(tmp_path, url, message):
    with pytest.raises(WarehouseError, match=message):
        Home.open(tmp_path, url)


def test_an_unreachable_server_is_told_without_the_password(tmp_path):
    with pytest.raises(WarehouseError, match="could not be used") as told:
        Home.open(tmp_path, "postgresql://someone:sesame@127.0.0.1:1/results")
    assert "sesame" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path):
    (tmp_path / "results.sqlite").write_text("not a database at all " * 100)
    with pytest.raises(WarehouseError, match="is not a SQLite database"):
        Home.open(tmp_path)
    assert (tmp_path / "results.sqlite").read_text().startswith("not a database")


def test_a_home_that_is_a_file_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WarehouseError, match="could not be made"):
        Home.open(tmp_path / "file")


def test_sqlite_is_set_up_for_a_reader_beside_a_writer(local_home):
    with local_home.reading() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 300}


def test_three_processes_may_open_a_new_home_at_once(tmp_path, database_url):
    program = "import sys; from warehouse.home import Home; Home.open(sys.argv[1], sys.argv[2]).close()"
    command = [sys.executable, "-c", program, str(tmp_path / "shared"), database_url]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 3


def test_opening_a_home_that_is_up_to_date_does_not_load_alembic(local_home):
    program = (
        "import sys; from warehouse.home import Home; Home.open(sys.argv[1]).close(); "
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(local_home.path)], check=True)
