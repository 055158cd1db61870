"""Loading from the browser: nothing is stored until somebody accepts, and bad files are told in sentences."""

import io
import subprocess
import time
from pathlib import Path

import polars as pl
import pytest
from test_pages import words

from dashboard import uploads
from dashboard.panels import upload
from dashboard.uploads import Batch, UploadError
from warehouse import observations, submissions
from warehouse.home import Home

PAGE = "pages/assurance/load_file.py"
MADE = Path(__file__).parents[1] / "data" / "ae_monthly" / "2024_unnamed_columns.csv"


@pytest.fixture
def switched_on(monkeypatch):
    monkeypatch.setenv(uploads.SWITCH, "on")


@pytest.fixture
def opened(open_page, own_home, switched_on):
    return open_page(PAGE, home=own_home)


def send(app, *files: tuple[str, bytes]):
    app.file_uploader[0].set_value([(name, content, "text/csv") for name, content in files])
    app.run()
    return app.button[0].click().run(timeout=120)


def held(home: Path) -> int:
    opened = Home.open(home)
    try:
        return submissions.read(opened).height
    finally:
        opened.close()


def test_switched_off_it_takes_nothing_and_says_which_command_does(open_page, monkeypatch):
    monkeypatch.delenv(uploads.SWITCH, raising=False)
    app = open_page(PAGE)
    assert not app.exception
    assert not app.file_uploader
    assert any("targets load" in block.value for block in app.code)


def test_looking_tells_what_is_wrong_and_cancelling_stores_nothing(opened, own_home, demo_files):
    before = held(own_home)
    spells = pl.read_parquet(demo_files / "inpatient_spells_2026-06.parquet").with_columns(
        provider_code=pl.when(pl.int_range(pl.len()) == 4).then(pl.lit("X0X")).otherwise("provider_code")
    )
    content = io.BytesIO()
    spells.write_parquet(content)
    app = send(opened, ("spells.parquet", content.getvalue()), ("notes.csv", b"colour,size\nred,3\n"))
    said = words(app)
    assert "Inpatient spells" in said
    assert "provider_code is not a provider we know" in said
    assert "row 5 (provider_code X0X)" in said
    assert "✖ Would be refused" in said
    assert "spell_id" not in said.replace("spell_id_unique", "")
    assert held(own_home) == before
    app = next(button for button in app.button if button.label.startswith("Cancel")).click().run()
    assert app.file_uploader
    assert held(own_home) == before
    assert not list((own_home / "uploads").iterdir())


def test_accepting_loads_the_good_files_and_counts_them(open_page, tmp_path, switched_on):
    app = send(open_page(PAGE, home=tmp_path), (MADE.name, MADE.read_bytes()))
    assert "September 2024" in words(app)
    accept = next(button for button in app.button if button.label == "Accept and load 1 file")
    assert held(tmp_path) == 0
    app = accept.click().run(timeout=180)
    assert not app.exception
    assert "✔ Accepted" in words(app)
    assert held(tmp_path) == 1
    home = Home.open(tmp_path)
    assert observations.read(home, basis="published").height > 0, "the figures rest on the file"
    home.close()
    assert not list((tmp_path / "uploads").iterdir())
    app = next(button for button in app.button if button.label == "Load more files").click().run()
    assert app.file_uploader


def test_looking_before_anything_was_sent_says_what_to_do(opened):
    app = opened.button[0].click().run()
    assert [one.value for one in app.error] == [upload.NONE_YET]


def test_where_nothing_is_fit_there_is_nothing_to_accept(opened, own_home):
    app = send(opened, ("notes.csv", b"colour,size\nred,3\n"), ("empty.csv", b""))
    assert "None of it can be accepted" in words(app)
    assert "- The file is empty." in words(app), "a sentence under the file's own heading"
    assert [button.label for button in app.button] == ["Choose other files"]
    app = app.button[0].click().run()
    assert app.file_uploader
    assert not list((own_home / "uploads").iterdir())


def test_files_that_are_stored_and_cannot_be_counted_are_told_as_such(
    open_page, tmp_path, switched_on, monkeypatch
):
    start = uploads._start

    def failing(arguments, at):
        return start(["refresh", "--engine", "none"] if arguments == ["refresh"] else arguments, at)

    app = send(open_page(PAGE, home=tmp_path), (MADE.name, MADE.read_bytes()))
    monkeypatch.setattr(uploads, "_start", failing)
    app = app.button[0].click().run(timeout=180)
    assert "✔ Accepted" in words(app)
    assert "The files are stored, but the figures could not be worked out" in app.error[0].value
    assert "now rest on these files" not in words(app)


def test_what_was_accepted_is_loaded_and_counted_with_nobody_on_the_page(tmp_path, monkeypatch):
    monkeypatch.setenv("TARGETS_HOME", str(tmp_path))
    batch = Batch.begin()
    batch.keep(MADE.name, io.BytesIO(MADE.read_bytes()))
    taking = batch.take_in([MADE.name])
    for _ in range(600):
        if taking.stage == uploads.DONE:
            break
        time.sleep(0.2)
    assert taking.fault == ""
    assert [one["outcome"] for one in taking.report] == ["accepted"]
    assert not batch.folder.exists(), "what was sent is not kept a second time"
    home = Home.open(tmp_path)
    assert observations.read(home, basis="published").height > 0
    home.close()


def test_looking_can_be_stopped_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("TARGETS_HOME", str(tmp_path))
    batch = Batch.begin()
    batch.keep(MADE.name, io.BytesIO(MADE.read_bytes()))
    work = batch.check()
    work.stop()
    assert work.done()
    with pytest.raises(UploadError, match="could not be read"):
        work.answer()
    batch.forget()
    assert not list((tmp_path / "uploads").iterdir())


def test_a_folder_that_cannot_be_written_to_is_told_in_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("TARGETS_HOME", str(tmp_path / "file"))
    with pytest.raises(UploadError, match=r"cannot be written to.*Nothing was stored"):
        Batch.begin()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\June 2026.csv", "June 2026.csv"),
        ("a;rm -rf $HOME.csv", "a_rm -rf _HOME.csv"),
        ("--help.csv", "help.csv"),
        ("...", "file"),
        ("x" * 500 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_a_name_cannot_leave_its_folder_or_speak_to_a_shell(name, kept):
    assert uploads.safe_name(name) == kept


def test_a_batch_is_bounded_and_its_names_are_different(monkeypatch, tmp_path):
    monkeypatch.setenv("TARGETS_HOME", str(tmp_path))
    batch = Batch.begin()
    batch.keep("a.csv", io.BytesIO(b"1"))
    with pytest.raises(UploadError, match=r"Two of the files are called a\.csv"):
        batch.keep("folder/a.csv", io.BytesIO(b"2"))
    for number in range(uploads.MOST_FILES - 1):
        batch.keep(f"{number}.csv", io.BytesIO(b""))
    with pytest.raises(UploadError, match="At most 50"):
        batch.keep("one more.csv", io.BytesIO(b""))
    batch.forget()
    assert not batch.folder.exists()


def test_what_everybody_sent_and_nobody_accepted_is_bounded(monkeypatch, tmp_path):
    monkeypatch.setenv("TARGETS_HOME", str(tmp_path))
    monkeypatch.setattr(uploads, "MOST_WAITING", 10)
    one, another = Batch.begin(), Batch.begin()
    one.keep("a.csv", io.BytesIO(b"123456"))
    with pytest.raises(UploadError, match="Too many files wait here"):
        another.keep("b.csv", io.BytesIO(b"12345"))
    assert list(another.folder.iterdir()) == another.files == []
    one.forget()
    another.keep("b.csv", io.BytesIO(b"12345"))
    assert another.files[0].read_bytes() == b"12345", "measuring it did not eat it"


def test_so_many_are_looked_at_at_once_and_no_more(monkeypatch, tmp_path):
    monkeypatch.setenv("TARGETS_HOME", str(tmp_path))
    running = subprocess.Popen(["sleep", "60"])
    at_work = [uploads.Work(running, tmp_path, tmp_path)] * uploads.MOST_LOOKED_AT
    monkeypatch.setattr(uploads, "_looked_at", at_work)
    try:
        with pytest.raises(UploadError, match="Try again in a minute"):
            Batch.begin()
    finally:
        running.kill()
        running.wait()
    assert Batch.begin().folder.is_dir(), "those that ended are looked at no longer"
