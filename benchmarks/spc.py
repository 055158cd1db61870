"""Measure the SPC charts: 100,000 series of 36 months, every rule and icon, against a NumPy loop over series.

Run with `python -m benchmarks.spc [--series 100000] [--runs 7]`. Runs are paired: each round times both.
"""

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

from metrics.spc import signals, summary
from metrics.spc_profiles import MDC

MONTHS, LOOPED = 36, 2_000


def made_up(count: int) -> pl.DataFrame:
    """Noise, a step in every fifth series and a climb in every seventh, so that every rule has work to do."""
    random = np.random.default_rng(20260401)
    values = random.normal(76, 3, (count, MONTHS))
    values[::5, 20:] += 8
    values[::7] += np.arange(MONTHS) * 0.5
    months = [date(2023 + m // 12, m % 12 + 1, 1) for m in range(MONTHS)]
    return pl.DataFrame(
        {
            "series": pl.Series([f"S{n:06d}" for n in range(count)]).gather(
                np.repeat(np.arange(count), MONTHS)
            ),
            "date": pl.Series(months).gather(np.tile(np.arange(MONTHS), count)),
            "value": values.round(2).ravel(),
            "target": np.full(count * MONTHS, 78.0),
        }
    )


def runs_of(flags: np.ndarray, length: int) -> np.ndarray:
    """Every point of every run of at least `length` True values."""
    flagged = np.zeros(len(flags), bool)
    windows = np.lib.stride_tricks.sliding_window_view(flags, length).all(axis=1)
    for start in np.flatnonzero(windows):
        flagged[start : start + length] = True
    return flagged


def numpy_chart(x: np.ndarray) -> tuple[np.ndarray, str]:
    """One series as an analyst would write it: each point's flags, and the variation icon."""
    mean = x.mean()
    reach = 2.66 * np.abs(np.diff(x)).mean()
    outside = np.abs(x - mean) > reach
    up, down = runs_of(x > mean, 6), runs_of(x < mean, 6)
    rise, fall = np.zeros(len(x), bool), np.zeros(len(x), bool)
    steps = np.diff(x)
    for trend, going in ((rise, steps > 0), (fall, steps < 0)):
        climbing = runs_of(going, 5)
        trend[1:] |= climbing
        trend[:-1] |= climbing
    outer = (np.abs(x - mean) > reach * 2 / 3) & ~outside
    two = np.zeros(len(x), bool)
    for side in (x > mean, x < mean):
        for start in range(len(x) - 2):
            window = slice(start, start + 3)
            if side[window].all() and outer[window].sum() >= 2:
                two[window] |= outer[window]
    good = up | rise | ((outside | two) & (x > mean))
    bad = down | fall | ((outside | two) & (x < mean))
    state = "improvement_high" if good[-1] else "concern_low" if bad[-1] else "common_cause"
    return np.column_stack([outside, up | down, rise | fall, two]), state


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of one call."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    frame = made_up(arguments.series)
    some = frame["value"].to_numpy().reshape(-1, MONTHS)[:LOOPED]

    def ours() -> pl.DataFrame:
        return summary(signals(frame, MDC, better="higher"), MDC, better="higher")

    def rival() -> list[tuple[np.ndarray, str]]:
        return [numpy_chart(x) for x in some]

    looped = rival()
    checked = signals(frame.head(LOOPED * MONTHS), MDC, better="higher")
    flags = checked.select("outside_limits", "shift", "trend", "two_of_three").to_numpy()
    # The loop has no slack: a point exactly on the mean falls to one side of it by rounding.
    differ = int((np.concatenate([found for found, _ in looped]) != flags).any(axis=1).sum())
    assert differ < len(flags) / 1000, f"the two disagree on {differ} points"
    icons_differ = sum(a != b for (_, a), b in zip(looped, ours()["variation"].head(LOOPED), strict=True))
    assert icons_differ <= LOOPED / 1000, f"the two disagree on {icons_differ} icons"
    rounds = [(seconds(ours), seconds(rival)) for _ in range(arguments.runs)]
    wall, processor = (statistics.median(r[0][k] for r in rounds) for k in (0, 1))
    best = min(r[0][0] for r in rounds)
    loop = statistics.median(r[1][0] for r in rounds)
    ours_rate, loop_rate = arguments.series / wall, LOOPED / loop
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{arguments.series:,} series of {MONTHS} months: median {wall:.2f} s, best {best:.2f} s")
    print(f"processor seconds {processor:.2f}; peak memory {peak:.2f} GiB")
    print(f"points that differ, of {len(flags):,}: {differ} (on the mean, but for rounding)")
    times = ours_rate / loop_rate
    print(f"{ours_rate:,.0f} series a second; the NumPy loop {loop_rate:,.0f}: {times:,.0f} times")


if __name__ == "__main__":
    main()
