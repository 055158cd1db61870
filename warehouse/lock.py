"""One writer at a time in a local folder: a lock file that dies with the process that holds it."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from warehouse.errors import WarehouseBusyError

PAUSE = 0.05

if sys.platform == "win32":
    import msvcrt

    def _take(handle: IO[bytes]) -> None:
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: IO[bytes]) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def sole_writer(path: Path, patience: float, busy: str) -> Iterator[None]:
    """Hold the lock file `path`, waiting up to `patience` seconds.

    Raises WarehouseBusyError with the sentence `busy` when another holds it for longer. Closing the handle
    lets the lock go, and so does the end of the process, however it ends.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as handle:
        until = time.monotonic() + patience
        while True:
            try:
                _take(handle)
                break
            except OSError:
                if time.monotonic() >= until:
                    raise WarehouseBusyError(busy) from None
                time.sleep(PAUSE)
        yield
