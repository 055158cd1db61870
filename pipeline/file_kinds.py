"""What a file is from its first bytes, where it is neither text nor Parquet."""

import zipfile
from pathlib import Path

OLE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
# The main part of each kind of file that is a zip of parts.
_BOOKS = ("xl/workbook.xml", "xl/workbook.bin")
_STREAMS = ("EncryptedPackage", "Workbook", "Book", "WordDocument", "PowerPoint Document")
_COMPOUND_BYTES = 256 << 20
_ZIPPED = "a zip file: unzip it first"
_DAMAGED = "an Excel workbook (.xlsx) that is cut short or damaged: send it again"

ARCHIVES: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "a gzip file: unzip it first"),
    (b"BZh", "a bzip2 file: unzip it first"),
    (b"\xfd7zXZ\x00", "an xz file: unzip it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd file: unzip it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip file: unzip it first"),
    (b"%PDF", "a PDF document, not a table"),
    (b"PARE", "an encrypted Parquet file: send it unencrypted"),
    (b"\xff\xfe", "text in UTF-16: save it as CSV UTF-8 first"),
    (b"\xfe\xff", "text in UTF-16: save it as CSV UTF-8 first"),
)


def is_workbook(path: Path, head: bytes) -> str | bool:
    """Whether it is an Excel workbook; a text says what else it is, where it is packed like one.

    Microsoft's compound files (.xls, but .doc too) are told apart by the streams that they name.
    """
    if head.startswith(OLE):
        return _in_compound_file(path)
    return _in_zip(path, head) if head.startswith(ZIP) else False


def _in_zip(path: Path, head: bytes) -> str | bool:
    try:
        with zipfile.ZipFile(path) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        parts_of_a_book = (b"[Content_Types].xml", b"xl/", b"docProps/")
        return _DAMAGED if any(part in head for part in parts_of_a_book) else _ZIPPED
    if names & set(_BOOKS):
        return True
    if names & {"word/document.xml", "ppt/presentation.xml"}:
        return "a document, not a table"
    if {"content.xml", "mimetype"} <= names:
        return "an OpenDocument file: save it as .xlsx or CSV first"
    return _DAMAGED if "[Content_Types].xml" in names else _ZIPPED


def _in_compound_file(path: Path) -> str | bool:
    content = path.read_bytes() if path.stat().st_size <= _COMPOUND_BYTES else b""
    named = {stream for stream in _STREAMS if stream.encode("utf-16-le") in content}
    if "EncryptedPackage" in named:
        return "an Excel workbook protected by a password: save it without one"
    if named & {"Workbook", "Book"}:
        return True
    if "WordDocument" in named or "PowerPoint Document" in named:
        return "a document, not a table"
    return "an Excel workbook (.xls) that is too large, cut short or damaged: send it again"


def foreign(head: bytes) -> str | None:
    """What a file of another kind is, from its first bytes; null for text and Parquet."""
    for magic, meaning in ARCHIVES:
        if head.startswith(magic):
            return meaning
    opening = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
    if opening.startswith((b"<!doctype html", b"<html")):
        return "a web page, not a table: the download may have failed"
    return None
