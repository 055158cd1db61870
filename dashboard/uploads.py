"""Files sent from a browser: kept aside under the data folder, and handed to the `targets` command.

The screen never loads the validation engine: checking and loading are the command's work, in a process of its
own. Nothing is stored among the records until somebody accepts.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from dashboard import opening

SWITCH = "TARGETS_UPLOADS"
KINDS = ("csv", "parquet", "xls", "xlsx", "geojson", "json")
MOST_FILES = 50
ABANDONED_AFTER = 24 * 60 * 60
"""Seconds after which files that nobody accepted or cancelled are removed."""


class UploadError(Exception):
    """What went wrong with files that were sent, in a sentence."""


def allowed() -> bool:
    """Say whether files may be sent to this server: `targets serve` says so on one's own machine."""
    return os.environ.get(SWITCH, "off") == "on"


@dataclass(slots=True)
class Batch:
    """Files that were sent together, in a folder of their own until accepted or cancelled."""

    folder: Path
    files: list[Path] = field(default_factory=list)

    @classmethod
    def begin(cls) -> "Batch":
        """Make room for files; what others abandoned is removed."""
        root = Path(opening.address()[0]) / "uploads"
        root.mkdir(parents=True, exist_ok=True)
        for old in root.iterdir():
            if old.is_dir() and time.time() - old.stat().st_mtime > ABANDONED_AFTER:
                shutil.rmtree(old, ignore_errors=True)
        folder = root / uuid4().hex
        folder.mkdir(mode=0o700)
        return cls(folder)

    def keep(self, name: str, content: BinaryIO) -> None:
        """Keep one file under the last part of its name. Raises UploadError."""
        if len(self.files) >= MOST_FILES:
            raise UploadError(f"At most {MOST_FILES} files can be sent at once.")
        path = self.folder / safe_name(name)
        if path.exists():
            raise UploadError(f"Two of the files are called {path.name}: send them one after the other.")
        with path.open("wb") as out:
            shutil.copyfileobj(content, out)
        self.files.append(path)

    def check(self) -> list[dict[str, Any]]:
        """Ask what would become of the files: one object for each feed of each file. Raises UploadError."""
        return _start(["check", "--json", *map(str, self.files)], self.folder / "check").answer()

    def load(self, names: Sequence[str]) -> "Work":
        """Start loading the files of these names."""
        wanted = [str(path) for path in self.files if path.name in names]
        return _start(["load", "--json", *wanted], self.folder / "load")

    def refresh(self) -> "Work":
        """Start working out the figures afresh."""
        return _start(["refresh"], self.folder / "refresh")

    def forget(self) -> None:
        """Remove the files."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.files = []


def safe_name(name: str) -> str:
    """Give the last part of a file's name with nothing in it that a path or a shell could read."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w.() -]", "_", last).lstrip(".-").strip()[-120:]
    return plain or "file"


@dataclass(slots=True)
class Work:
    """A command at work; it goes on if the page is left."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    def done(self) -> bool:
        """Say whether it has ended."""
        return self.process.poll() is not None

    def told(self) -> str:
        """Give what it said on standard error, for the log."""
        return self.err.read_text(encoding="utf-8", errors="replace").strip()

    def answer(self) -> list[dict[str, Any]]:
        """Wait for its end and give what it wrote. Raises UploadError with its own sentence."""
        code = self.process.wait()
        try:
            return list(json.loads(self.out.read_text(encoding="utf-8")))
        except ValueError:
            # The command's own faults are sentences that begin with its name.
            said = [line for line in self.told().splitlines() if line.startswith("targets: ")]
            reason = said[-1].removeprefix("targets: ") if said else f"the command ended with code {code}"
            raise UploadError(f"The files could not be read: {reason}.") from None


def _start(words: Sequence[str], at: Path) -> Work:
    folder, url = opening.address()
    environment = {**os.environ, "TARGETS_HOME": folder}
    if url:
        environment["TARGETS_DATABASE_URL"] = url
    out, err = at.with_suffix(".out"), at.with_suffix(".err")
    with out.open("wb") as written, err.open("wb") as told:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("targets")), *words],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=told,
            env=environment,
            start_new_session=True,
        )
    return Work(process, out, err)
