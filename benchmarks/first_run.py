"""From a set-up machine to a served page: what `make run` does, in seconds a stage and peak memory.

Run: .venv/bin/python -m benchmarks.first_run [small|region]
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

STAGES = {
    "make the demo": "from pipeline.demo import make_demo; make_demo(home.path / 'demo', size)",
    "load through the contracts": (
        "from pipeline.load import load_files; "
        "reports = load_files(home, sorted((home.path / 'demo').glob('*.parquet'))); "
        "assert not [r for r in reports if r.outcome == 'refused']"
    ),
    "count the indicators": "from pipeline.refresh import refresh; refresh(home)",
}
START = "import sys; from pathlib import Path; from warehouse.home import Home; home = Home.open(); size = sys.argv[1]; "


def stage(code: str, size: str) -> float:
    """Seconds one stage takes as a process of its own."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", START + code, size], check=True)
    return time.perf_counter() - started


def serve(port: int) -> tuple[float, subprocess.Popen[bytes]]:
    """Seconds until the overview answers."""
    started = time.perf_counter()
    server = subprocess.Popen([Path(sys.executable).with_name("targets"), "serve", "--port", str(port)])
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return time.perf_counter() - started, server
        except OSError:
            time.sleep(0.1)


def main(size: str) -> None:
    """Print seconds a stage, the total, and the largest process."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TARGETS_HOME"] = str(Path(folder) / "home")
        taken = {name: stage(code, size) for name, code in STAGES.items()}
        taken["serve"], server = serve(8699)
        server.terminate()
        server.wait()
    for name, seconds in taken.items():
        print(f"{name:28} {seconds:7.1f} s")
    print(f"{'in all':28} {sum(taken.values()):7.1f} s")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    print(f"{'largest process':28} {peak:7.2f} GiB")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "region")
