"""Every way a file can be bad ends in one sentence that names the file."""

import gzip
import hashlib
import os
import zipfile
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.delimited import read_text
from pipeline.reading import LIMITS, Limits, UnreadableFile, examine, read_parquet

NOBODY = 65534
GIBIBYTE = 1 << 30


@pytest.fixture
def write(tmp_path: Path):
    def writer(content: bytes | str, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return writer


def sentence(path: Path, limits: Limits = LIMITS) -> str:
    """The one sentence a file is refused with, at whichever step."""
    with pytest.raises(UnreadableFile) as refused:
        examined = examine(path, limits)
        read_parquet(examined, limits) if examined.kind == "parquet" else read_text(examined, limits).named()
    assert len(refused.value.reasons) == 1
    assert refused.value.sentence.startswith(f"{path.name}: ")
    assert refused.value.sentence.endswith(".")
    return refused.value.sentence


class TestNotATable:
    def test_absent(self, tmp_path: Path):
        assert "there is no such file" in sentence(tmp_path / "absent.csv")

    def test_a_folder(self, tmp_path: Path):
        assert "this is a folder" in sentence(tmp_path)

    def test_an_endless_pipe(self, tmp_path: Path):
        os.mkfifo(tmp_path / "pipe.csv")
        assert "not an ordinary file" in sentence(tmp_path / "pipe.csv")

    def test_a_name_no_file_can_have(self):
        assert "not a usable file name" in sentence(Path("a\0b.csv"))

    def test_a_link_to_itself(self, tmp_path: Path):
        (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
        sentence(tmp_path / "loop.csv")

    def test_empty(self, write):
        assert "the file is empty" in sentence(write(b""))

    @pytest.mark.parametrize("blank", [b"\n\n\n", b"\xef\xbb\xbf", b" ,,,\r\n,,,"])
    def test_blank(self, write, blank: bytes):
        assert "holds no values" in sentence(write(blank))

    def test_binary(self, write):
        assert "binary data" in sentence(write(bytes(range(256)) * 9))

    def test_binary_after_a_good_start(self, write):
        assert "binary data" in sentence(write(b"a,b\n1,2\n" + b"\x00" * 50))

    def test_a_web_page(self, write):
        assert "a web page" in sentence(write("<!DOCTYPE html><html><body>Not found</body></html>"))

    def test_utf_16(self, write):
        assert "UTF-16" in sentence(write("a,b\n1,2\n".encode("utf-16")))

    @pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
    def test_no_permission(self, write, tmp_path: Path):
        path = write("a,b\n1,2\n")
        path.chmod(0)
        if os.geteuid() != 0:
            assert "no permission to read it" in sentence(path)
            return
        # Root may read everything, so a child gives up being root to ask.
        for folder in [tmp_path, *tmp_path.parents][:3]:
            folder.chmod(0o755)
        child = os.fork()
        if child == 0:
            os.setuid(NOBODY)
            try:
                examine(path)
            except UnreadableFile as error:
                os._exit(0 if "no permission" in error.sentence else 2)
            os._exit(3)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


class TestArchives:
    def test_a_zip_bomb_is_not_expanded(self, tmp_path: Path):
        path = tmp_path / "bomb.csv"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in range(20):
                archive.writestr(f"{part}.csv", b"0" * 10_000_000)
        assert path.stat().st_size < 1_000_000
        assert "a zip file: unzip it first" in sentence(path)

    @pytest.mark.parametrize("name", ["bomb.csv", "bomb.csv.gz"])
    def test_a_gzip_bomb_is_not_expanded(self, write, name: str):
        assert "a gzip file: unzip it first" in sentence(write(gzip.compress(b"0" * 10_000_000), name))

    def test_a_workbook_is_named_as_one(self, tmp_path: Path):
        path = tmp_path / "book.csv"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
        assert "an Excel workbook (.xlsx) that is cut short or damaged" in sentence(path)


class TestSize:
    def test_five_gigabytes_of_text_are_refused_unread(self, tmp_path: Path):
        path = tmp_path / "large.csv"
        with path.open("wb") as stream:
            stream.write(b"a,b\n1,2\n")
            stream.truncate(5 * GIBIBYTE)
        assert "the file has 5.0 GiB; at most 4.0 GiB is read" in sentence(path)

    def test_parquet_that_declares_too_many_rows(self, tmp_path: Path):
        path = tmp_path / "many.parquet"
        pl.DataFrame({"a": pl.repeat(1, 100_000, eager=True)}).write_parquet(path)
        assert "declares 100,000 rows" in sentence(path, Limits(rows=99_999))

    def test_parquet_that_declares_too_many_bytes(self, tmp_path: Path):
        path = tmp_path / "wide.parquet"
        pl.DataFrame({"a": pl.repeat("x" * 100, 100_000, eager=True)}).write_parquet(path)
        assert "more than is read" in sentence(path, Limits(parquet_bytes=10_000))

    def test_too_many_columns(self, write):
        header = ",".join(f"c{at}" for at in range(30))
        assert "30 columns" in sentence(write(f"{header}\n{header}\n"), Limits(columns=20))


class TestParquet:
    @pytest.fixture
    def good(self, tmp_path: Path) -> bytes:
        path = tmp_path / "good.parquet"
        pl.DataFrame({"a": range(5000), "b": [str(n) for n in range(5000)]}).write_parquet(path)
        return path.read_bytes()

    def test_read(self, write, good: bytes):
        path = write(good, "a file [1]*.parquet")
        examined = examine(path)
        assert (examined.kind, examined.size) == ("parquet", len(good))
        assert examined.sha256 == hashlib.sha256(good).hexdigest()
        assert read_parquet(examined).height == 5000

    @pytest.mark.parametrize("share", [0.001, 0.3, 0.9, 0.9999])
    def test_cut_short(self, write, good: bytes, share: float):
        assert "cut short or damaged" in sentence(
            write(good[: max(5, int(len(good) * share))], "cut.parquet")
        )

    def test_damaged_inside(self, write, good: bytes):
        spoilt = good[:4] + bytes(255 - byte for byte in good[4:-600]) + good[-600:]
        assert "cut short or damaged" in sentence(write(spoilt, "spoilt.parquet"))

    def test_no_rows(self, tmp_path: Path):
        path = tmp_path / "none.parquet"
        pl.DataFrame({"a": []}, schema={"a": pl.Int64}).write_parquet(path)
        assert "no rows" in sentence(path)

    def test_nested(self, tmp_path: Path):
        path = tmp_path / "nested.parquet"
        pl.DataFrame({"a": [[1, 2], [3]]}).write_parquet(path)
        assert "'a' holds lists or records" in sentence(path)

    def test_one_name_twice(self, tmp_path: Path):
        path = tmp_path / "twice.parquet"
        pq.write_table(pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]), path)
        sentence(path)


class TestText:
    def test_cells_are_text_with_their_row_numbers(self, write):
        table = read_text(examine(write("a , b\n1,\n\n  \n,\n3, x\n")))
        assert table.columns == ("a", "b")
        assert table.named().to_dict(as_series=False) == {"row": [2, 6], "a": ["1", "3"], "b": ["", " x"]}

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_every_line_end_with_or_without_a_mark(self, write, end: str):
        text = end.join(["naïve,b", "1,é", "2,ö"])
        for content in (text.encode(), b"\xef\xbb\xbf" + text.encode()):
            examined = examine(write(content))
            assert (examined.encoding, examined.notes) == ("utf-8", ())
            assert read_text(examined).named().to_dict(as_series=False) == {
                "row": [2, 3],
                "naïve": ["1", "2"],
                "b": ["é", "ö"],
            }

    def test_latin_1_is_read_as_windows_1252_with_a_note(self, write):
        examined = examine(write("a,b\n1,Ynys Môn – £5\n".encode("cp1252")))
        assert read_text(examined).named()["b"].to_list() == ["Ynys Môn – £5"]
        assert "read as Windows-1252" in examined.notes[0]

    def test_neither_encoding(self, write):
        assert "neither UTF-8 nor Windows-1252" in sentence(write(b"a,b\n1,\x81\xff\n"))

    def test_a_letter_cut_in_half_at_the_end(self, write):
        assert examine(write("a,b\n1,é".encode()[:-1])).encoding == "cp1252"

    def test_a_name_twice(self, write):
        assert "the column name 'A' appears twice (columns 1 and 3)" in sentence(write("a,b,A\n1,2,3\n"))

    def test_an_unnamed_column(self, write):
        assert "column 2 has values but no name" in sentence(write("a,,b\n1,2,3\n"))
        assert read_text(examine(write("a,,b\n1,,3\n"))).named().columns == ["row", "a", "b"]

    def test_a_blank_first_row(self, write):
        assert "the first row is blank" in sentence(write("\na,b\n1,2\n"))

    def test_semicolons(self, write):
        assert "separated by commas" in sentence(write("a;b\n1;2\n"))

    def test_names_but_no_rows(self, write):
        assert "column names but no rows" in sentence(write("a,b\n\n"))
        assert "column names but no rows" in sentence(write("a,b"))

    @pytest.mark.parametrize(("row", "cells"), [("1", 1), ("1,2,3", 3)])
    def test_ragged_rows(self, write, row: str, cells: int):
        assert f"row 3 has {cells} cells where the header has 2" in sentence(write(f"a,b\n1,2\n{row}\n1,2\n"))

    def test_a_lost_quote_may_not_swallow_rows(self, write):
        assert "row 2" in sentence(write('a,b\n1,"2\n3,4\n5,"6\n7,8\n'))
        assert "row 2" in sentence(write('a,b\n1,"2\n3,4\n5,6\n'))

    def test_a_comma_inside_quotes(self, write):
        assert read_text(examine(write('a,b\n"1,000","say ""hi"""\n'))).named().row(0) == (
            2,
            "1,000",
            'say "hi"',
        )
