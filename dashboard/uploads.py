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
from threading import Thread
from typing import Any, BinaryIO
from uuid import uuid4

from dashboard import opening

SWITCH = "TARGETS_UPLOADS"
KINDS = ("csv", "parquet", "xls", "xlsx", "geojson", "json")
MOST_FILES = 50
MOST_WAITING = 5 * 1024**3
"""Bytes of files, of everybody, that wait on disk to be accepted or cancelled."""
MOST_LOOKED_AT = 3
"""Batches that are looked at at once: each loads the validation engine, some 300 MB."""
LOADING, COUNTING, DONE = "loading", "counting", "done"
ABANDONED_AFTER = 24 * 60 * 60
"""Seconds after which files that nobody accepted or cancelled are removed."""


NO_ROOM = (
    "The files cannot be kept: the data folder cannot be written to ({}). Nothing was stored. "
    "Ask whoever looks after this server to make room there, or to let it write there."
)


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
        """Make room for files; what others abandoned is removed. Raises UploadError."""
        _looked_at[:] = [work for work in _looked_at if not work.done()]
        if len(_looked_at) >= MOST_LOOKED_AT:
            raise UploadError("Others' files are being looked at. Try again in a minute.")
        root = Path(opening.address()[0]) / "uploads"
        folder = root / uuid4().hex
        try:
            root.mkdir(parents=True, exist_ok=True)
            for old in root.iterdir():
                if old.is_dir() and time.time() - old.stat().st_mtime > ABANDONED_AFTER:
                    shutil.rmtree(old, ignore_errors=True)
            folder.mkdir(mode=0o700)
        except OSError as fault:
            raise UploadError(NO_ROOM.format(fault.strerror)) from fault
        return cls(folder)

    def keep(self, name: str, content: BinaryIO) -> None:
        """Keep one file under the last part of its name. Raises UploadError."""
        if len(self.files) >= MOST_FILES:
            raise UploadError(f"At most {MOST_FILES} files can be sent at once.")
        path = self.folder / safe_name(name)
        if path.exists():
            raise UploadError(f"Two of the files are called {path.name}: send them one after the other.")
        try:
            waiting = sum(one.stat().st_size for one in self.folder.parent.glob("*/*"))
            if waiting + content.seek(0, os.SEEK_END) > MOST_WAITING:
                raise UploadError(
                    "Too many files wait here to be accepted or cancelled. "
                    "Cancel some, or try again tomorrow."
                )
            content.seek(0)
            with path.open("wb") as out:
                shutil.copyfileobj(content, out)
        except OSError as fault:
            raise UploadError(NO_ROOM.format(fault.strerror)) from fault
        self.files.append(path)

    def check(self) -> "Work":
        """Start asking what would become of the files: the answer has one object for each feed of each."""
        work = _start(["check", "--json", *map(str, self.files)], self.folder / "check")
        _looked_at.append(work)
        return work

    def take_in(self, names: Sequence[str]) -> "TakingIn":
        """Start loading the files of these names, and then working out the figures."""
        wanted = [str(path) for path in self.files if path.name in names]
        taking = TakingIn(self, wanted)
        Thread(target=taking.run, name="taking in files").start()
        return taking

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
    began: float = field(default_factory=time.monotonic)

    def done(self) -> bool:
        """Say whether it has ended."""
        return self.process.poll() is not None

    def stop(self) -> None:
        """End it, whatever it was doing."""
        self.process.terminate()
        self.process.wait()

    def told(self) -> str:
        """Give what it said on standard error, for the log."""
        return self.err.read_text(encoding="utf-8", errors="replace").strip()

    def answer(self) -> list[dict[str, Any]]:
        """Wait for its end and give what it wrote. Raises UploadError with its own sentence."""
        code = self.process.wait()
        try:
            return list(json.loads(self.out.read_text(encoding="utf-8")))
        except ValueError:
            raise UploadError(f"The files could not be read: {self._reason(code)}.") from None

    def demand(self) -> None:
        """Wait for its end. Raises UploadError with its own sentence where it failed."""
        if code := self.process.wait():
            raise UploadError(
                "The files are stored, but the figures could not be worked out from them: "
                f"{self._reason(code)}. Whoever looks after this server can try again with `targets refresh`."
            )

    def _reason(self, code: int) -> str:
        # The command's own faults are sentences that begin with its name.
        said = [line for line in self.told().splitlines() if line.startswith("targets: ")]
        return (
            said[-1].removeprefix("targets: ").rstrip(".") if said else f"the command ended with code {code}"
        )


_looked_at: list[Work] = []


@dataclass(slots=True)
class TakingIn:
    """Accepted files on their way into the figures, in a thread: it goes on when the page is left or closed.

    `report` has one object for each feed of each file once they are stored; `fault` a sentence if any.
    """

    batch: Batch
    files: Sequence[str]
    stage: str = LOADING
    report: list[dict[str, Any]] = field(default_factory=list)
    fault: str = ""
    began: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Load, work out the figures, and remove what was sent."""
        folder = self.batch.folder
        try:
            self.report = _start(["load", "--json", *self.files], folder / "load").answer()
            if any(one["outcome"].startswith("accepted") for one in self.report):
                self.stage = COUNTING
                _start(["refresh"], folder / "refresh").demand()
        except (UploadError, OSError) as fault:
            self.fault = str(fault)
        finally:
            self.batch.forget()
            self.stage = DONE


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
