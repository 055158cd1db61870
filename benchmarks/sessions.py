"""How long until a page is ready, with many readers at once? Real sessions over Streamlit's own websocket.

    python -m benchmarks.sessions HOME [--readers 25] [--seconds 60] [--reading 4] [--more TIMES]
        [--drawn 400] [--warm]

A reader opens a page of the menu for an organisation and a measure drawn at random, waits until the server
says its script has finished and every message has arrived, reads for `--reading` seconds on average, and
opens the next. Each page is opened once before the clock runs; the organisations drawn may be new to the
server, unless `--warm` has opened every page for each of them first. `--more 4` first copies HOME and repeats
its series under other codes until it holds that many times the observations. Prints a table by page, and how much the server's memory grew for each reader.
"""

import argparse
import asyncio
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import numpy as np
import polars as pl
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PORT = 8790
PAGES = (
    "/",
    "/variation",
    "/find",
    "/board",
    "/neighbourhoods",
    "/what-it-would-take",
    "/inequalities",
    "/map",
    "/compare",
    "/heat-map",
    "/trajectory",
    "/data-quality",
    "/coverage",
    "/revisions",
    "/receipt",
    "/load",
    "/published",
    "/definitions",
    "/glossary",
    "/accessibility",
)
REPEATED = (
    "series",
    "observation",
    "standing",
    "signal",
    "forecast",
    "chance",
    "forecast_record",
    "organisation",
)
DRAWN = 400
"""Organisations with a measure that readers choose among, as many of each level as there are."""
FINISHED = ForwardMsg.FINISHED_SUCCESSFULLY


def connected() -> websockets.connect:
    """Open a session."""
    address = f"ws://127.0.0.1:{PORT}/_stcore/stream"
    return websockets.connect(address, subprotocols=["streamlit"], max_size=None)


async def view(socket: websockets.ClientConnection, address: str) -> tuple[float, bool]:
    """Ask for a page; seconds until the server has sent all of it, and whether it ended well."""
    path, query = urlsplit(address).path, urlsplit(address).query
    ask = BackMsg()
    ask.rerun_script.query_string = query
    ask.rerun_script.page_name = path.strip("/")
    ask.rerun_script.context_info.url = f"http://127.0.0.1:{PORT}{address}"
    began, good = time.perf_counter(), True
    await socket.send(ask.SerializeToString())
    while True:
        got = ForwardMsg()
        got.ParseFromString(await asyncio.wait_for(socket.recv(), 60))
        kind = got.WhichOneof("type")
        good &= kind != "page_not_found" and not (
            kind == "delta" and got.delta.new_element.WhichOneof("type") == "exception"
        )
        if kind == "script_finished":
            if got.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                continue
            return time.perf_counter() - began, good and got.script_finished == FINISHED


def views(home: Path, most: int) -> list[str]:
    """What readers ask to see, as the end of an address: organisation, measure and basis, drawn by level."""
    with sqlite3.connect(home / "results.sqlite") as database:
        held = pl.DataFrame(
            database.execute(
                "SELECT DISTINCT level, organisation, indicator, basis FROM series "
                "WHERE breakdown = 'all' AND organisation <> 'unattributed'"
            ).fetchall(),
            schema=["level", "organisation", "measure", "basis"],
            orient="row",
        )
    database.close()
    each = most // held["level"].n_unique()
    drawn = held.sort(pl.all()).sample(fraction=1, shuffle=True, seed=7).group_by("level").head(each)
    return [urlencode(row) for row in drawn.sort(pl.all()).iter_rows(named=True)]


async def read(
    number: int, until: float, reading: float, pages: tuple[str, ...], whom: list[str], log: list
) -> None:
    """One reader: pages one after another, each read for a while."""
    chance = random.Random(number)
    async with connected() as socket:
        await asyncio.sleep(chance.uniform(0, max(reading, 0.01)))
        while time.perf_counter() < until:
            page = chance.choice(pages)
            seconds, good = await view(socket, f"{page}?{chance.choice(whom)}")
            log.append({"page": page, "ms": seconds * 1000, "good": good})
            await asyncio.sleep(chance.expovariate(1 / reading) if reading else 0)


async def measure(
    readers: int, seconds: float, reading: float, pages: tuple[str, ...], whom: list[str]
) -> pl.DataFrame:
    """Every page view of `readers` at once over `seconds`: page, ms, good."""
    log: list = []
    until = time.perf_counter() + seconds
    await asyncio.gather(*(read(number, until, reading, pages, whom, log) for number in range(readers)))
    return pl.DataFrame(log)


async def warm(pages: tuple[str, ...], whom: list[str]) -> None:
    """Open every page once, alone; then each for all of `whom`."""
    async with connected() as socket:
        for page in pages:
            seconds, good = await view(socket, page)
            print(f"  first view of {page:18} {seconds * 1000:7.0f} ms{'' if good else '  NOT WELL'}")
        for page in pages:
            for one in whom:
                await view(socket, f"{page}?{one}")


def multiplied(home: Path, times: int, folder: Path) -> Path:
    """A copy of HOME whose series are there `times` times, under other organisations' codes."""
    copy = folder / "home"
    copy.mkdir()
    shutil.copy(home / "results.sqlite", copy)
    with sqlite3.connect(copy / "results.sqlite") as database:
        (step,) = database.execute("SELECT max(id) FROM series").fetchone()
        for table in REPEATED:
            _repeat(database, table, times, step)
    database.close()
    return copy


def _repeat(database: sqlite3.Connection, table: str, times: int, step: int) -> None:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    if not columns:
        return
    for k in range(1, times):
        changed = {
            "id": f"id + {k * step}",
            "series_id": f"series_id + {k * step}",
            "organisation": f"organisation || '~{k}'",
            "code": f"code || '~{k}'",
            "name": f"name || ' {k}'",
        }
        taken = ", ".join(changed.get(name, f'"{name}"') for name in columns)
        own = "WHERE instr({}, '~') = 0".format(
            {"series": "organisation", "organisation": "code"}.get(table, "''")
        )
        limit = f"AND series_id <= {step}" if "series_id" in columns else ""
        database.execute(f"INSERT INTO {table} SELECT {taken} FROM {table} {own} {limit}")


def resident(process: int) -> float:
    """MiB of memory a process holds."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def serve(home: Path) -> subprocess.Popen:
    """Start the server on `home`; return once it answers."""
    environment = {**os.environ, "TARGETS_HOME": str(home)}
    server = subprocess.Popen(
        [str(Path(sys.executable).parent / "targets"), "serve", "--port", str(PORT)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2).read()
            return server
        except OSError:
            time.sleep(0.25)
    server.kill()
    raise SystemExit("the server did not start")


@contextmanager
def served(home: Path, times: int) -> Iterator[tuple[Path, subprocess.Popen]]:
    """Serve `home`, or one of so many times its observations, while the block runs; say how many it holds."""
    with tempfile.TemporaryDirectory() as folder:
        shown = multiplied(home, times, Path(folder)) if times > 1 else home
        with sqlite3.connect(shown / "results.sqlite") as database:
            (held,) = database.execute("SELECT count(*) FROM observation").fetchone()
        database.close()
        server = serve(shown)
        try:
            print(f"{held:,} observations; load average {os.getloadavg()[0]:.1f}")
            yield shown, server
        finally:
            server.terminate()
            server.wait()


def main() -> None:
    """Run the benchmark and print its tables."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("home", type=Path)
    ask.add_argument("--readers", type=int, default=25)
    ask.add_argument("--seconds", type=float, default=60)
    ask.add_argument("--reading", type=float, default=4.0)
    ask.add_argument("--more", type=int, default=1)
    ask.add_argument("--drawn", type=int, default=DRAWN)
    ask.add_argument("--warm", action="store_true")
    ask.add_argument("--pages", default=",".join(PAGES))
    chosen = ask.parse_args()
    pages = tuple(chosen.pages.split(","))
    with served(chosen.home, chosen.more) as (home, server):
        whom = views(home, chosen.drawn)
        asyncio.run(warm(pages, whom if chosen.warm else []))
        before = resident(server.pid)
        log = asyncio.run(measure(chosen.readers, chosen.seconds, chosen.reading, pages, whom))
        report(log, chosen, before, resident(server.pid))


def report(log: pl.DataFrame, chosen: argparse.Namespace, before: float, after: float) -> None:
    """Print the tables."""
    print(
        f"{chosen.readers} readers at once, {chosen.reading:g} s of reading between pages, {log.height} views"
    )
    print("| page | views | median ms | 95th percentile ms | errors |\n|---|---|---|---|---|")
    for page, rows in [
        *((page[0], rows) for page, rows in log.group_by("page", maintain_order=True)),
        ("all", log),
    ]:
        ms = rows["ms"].to_numpy()
        print(
            f"| {page} | {rows.height} | {np.median(ms):.0f} | {np.percentile(ms, 95):.0f} "
            f"| {rows.height - rows['good'].sum()} |"
        )
    grew = (after - before) / chosen.readers
    print(f"memory: {before:.0f} MiB warm, {after:.0f} MiB after: {grew:.1f} MiB a reader")


if __name__ == "__main__":
    main()
