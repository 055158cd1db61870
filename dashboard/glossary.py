"""The glossary as the pages show it: GLOSSARY.md, read once, never copied."""

import re
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "GLOSSARY.md"
ROW = re.compile(r"^\| (\*\*.+?) \| (.+) \|$")
WORD = re.compile(r"\*\*(.+?)\*\*")


@cache
def text() -> str:
    """Give GLOSSARY.md as Markdown without its title; empty where the file was not installed."""
    if not FILE.is_file():
        return ""
    return FILE.read_text(encoding="utf-8").split("\n", maxsplit=1)[1].strip()


@cache
def as_lists() -> str:
    """Give the same with a list in place of each table: a table does not fold on a narrow screen."""
    kept = [line for line in text().splitlines() if line not in ("| word | meaning |", "|---|---|")]
    return "\n".join(ROW.sub(r"- \1: \2", line) for line in kept)


@cache
def _entries() -> dict[str, str]:
    """Give each word's entry; words of one row share it."""
    rows = (ROW.match(line) for line in text().splitlines())
    return {word: f"{row[1]}: {row[2]}" for row in rows if row for word in WORD.findall(row[1])}


def explain(*words: str) -> str | None:
    """Give the entries of some words, one under the other, as the help beside a heading or a box.

    Words the glossary does not have are left out; None where it has none of them.
    """
    known = dict.fromkeys(_entries()[word] for word in words if word in _entries())
    return "\n\n".join(known) or None
