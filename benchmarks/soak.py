"""Does the server's memory stay bounded while readers come and go? Real sessions over Streamlit's websocket.

    python -m benchmarks.soak HOME [--minutes 15] [--readers 25] [--reading 1] [--more TIMES]

Each of `--readers` at once opens a session, reads a handful of pages for organisations drawn at random, hangs
up and comes back as somebody new, over and over. Every ten seconds: the server's resident memory, how many
page views and sessions there have been. Before that, what a session costs by itself: a hundred readers open one
and the same view, whose figures are already kept for everybody, so that what the server grows by is theirs.
"""

import argparse
import asyncio
import contextlib
import random
import time
from pathlib import Path

import numpy as np

from benchmarks import sessions

EVERY = 10
SAME = 100
VISITED = 6
"""Pages of a visit, on average."""


async def own_share(process: int, address: str) -> float:
    """MiB a session costs by itself: `SAME` of them on one view that is already kept."""
    for _ in range(3):
        async with sessions.connected() as socket:
            await sessions.view(socket, address)
    before = sessions.resident(process)
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(SAME):
            await sessions.view(await stack.enter_async_context(sessions.connected()), address)
        await asyncio.sleep(2)
        return (sessions.resident(process) - before) / SAME


async def come_and_go(number: int, until: float, reading: float, whom: list[str], log: list) -> None:
    """Be one reader after another until the end."""
    chance = random.Random(number)
    while time.perf_counter() < until:
        async with sessions.connected() as socket:
            log.append(("session", 0.0, True))
            while time.perf_counter() < until:
                page = chance.choice(sessions.PAGES)
                seconds, good = await sessions.view(socket, f"{page}?{chance.choice(whom)}")
                log.append((page, seconds * 1000, good))
                await asyncio.sleep(chance.expovariate(1 / reading) if reading else 0)
                if chance.random() < 1 / VISITED:
                    break


async def watch(process: int, until: float, log: list) -> list[float]:
    """Print a line every ten seconds; the resident memory of each."""
    began, held = time.perf_counter(), []
    print("seconds | resident MiB | views | sessions | not well", flush=True)
    while time.perf_counter() < until:
        await asyncio.sleep(EVERY)
        held.append(sessions.resident(process))
        opened = sum(page == "session" for page, _, _ in log)
        bad = sum(not good for _, _, good in log)
        print(
            f"{time.perf_counter() - began:7.0f} | {held[-1]:.0f} | {len(log) - opened} | {opened} | {bad}",
            flush=True,
        )
    return held


async def soak(process: int, home: Path, chosen: argparse.Namespace) -> tuple[list[float], list]:
    """Memory every ten seconds, and every page view, while readers come and go."""
    whom, log = sessions.views(home, sessions.DRAWN), []
    until = time.perf_counter() + chosen.minutes * 60
    readers = (come_and_go(n, until, chosen.reading, whom, log) for n in range(chosen.readers))
    held, *_ = await asyncio.gather(watch(process, until, log), *readers)
    return held, log


def main() -> None:
    """Run the benchmark and print its figures."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("home", type=Path)
    ask.add_argument("--minutes", type=float, default=15)
    ask.add_argument("--readers", type=int, default=25)
    ask.add_argument("--reading", type=float, default=1.0)
    ask.add_argument("--more", type=int, default=1)
    ask.add_argument("--port", type=int, default=sessions.PORT)
    chosen = ask.parse_args()
    sessions.PORT = chosen.port
    with sessions.served(chosen.home, chosen.more) as (home, server):
        asyncio.run(sessions.warm(sessions.PAGES, []))
        whom = sessions.views(home, sessions.DRAWN)
        for page in ("/", "/board", "/trajectory", "/definitions"):
            share = asyncio.run(own_share(server.pid, f"{page}?{whom[0]}"))
            print(f"a session on {page}: {share:.2f} MiB of its own", flush=True)
        memory, log = asyncio.run(soak(server.pid, home, chosen))
        report(memory, log)


def report(memory: list[float], log: list) -> None:
    """Print how memory went, by quarter, and how long pages took."""
    quarters = [f"{np.median(part):.0f}" for part in np.array_split(np.array(memory), 4) if len(part)]
    ms = np.array([taken for page, taken, _ in log if page != "session"])
    print(f"resident MiB, median of each quarter: {', '.join(quarters)}; most {max(memory):.0f}")
    print(f"{len(ms)} views: median {np.median(ms):.0f} ms, 95th percentile {np.percentile(ms, 95):.0f} ms")
    print(f"not well: {sum(not good for _, _, good in log)}")


if __name__ == "__main__":
    main()
