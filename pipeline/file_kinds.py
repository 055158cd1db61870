"""What a file is from its first bytes, where it is neither text nor Parquet."""

ARCHIVES: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "a gzip file: unzip it first"),
    (b"BZh", "a bzip2 file: unzip it first"),
    (b"\xfd7zXZ\x00", "an xz file: unzip it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd file: unzip it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip file: unzip it first"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook (.xls): save the sheet as CSV first"),
    (b"%PDF", "a PDF document, not a table"),
    (b"PARE", "an encrypted Parquet file: send it unencrypted"),
    (b"\xff\xfe", "text in UTF-16: save it as CSV UTF-8 first"),
    (b"\xfe\xff", "text in UTF-16: save it as CSV UTF-8 first"),
)


def foreign(head: bytes) -> str | None:
    """What a file of another kind is, from its first bytes; null for text and Parquet."""
    if head.startswith(b"PK\x03\x04"):
        workbook = b"[Content_Types].xml" in head or b"xl/" in head
        return (
            "an Excel workbook (.xlsx): save the sheet as CSV first"
            if workbook
            else "a zip file: unzip it first"
        )
    for magic, meaning in ARCHIVES:
        if head.startswith(magic):
            return meaning
    opening = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
    if opening.startswith((b"<!doctype html", b"<html")):
        return "a web page, not a table: the download may have failed"
    return None
