"""What does a run of each page cost? Processor time of its script, alone, with everything warm.

    python -m benchmarks.pages HOME [--times 7] [--pages /,/trajectory?level=place] [--keep FOLDER]

Pages run through Streamlit's own script runner, without a browser or a socket. Processor time, unlike wall
time, hardly moves when others use the machine: two runs can be set beside each other. `--keep` writes what
each page sent (charts, tables, words) as JSON, so that two versions of the code can be compared by `diff`.
"""

import argparse
import json
import os
import re
import time
from pathlib import Path
from statistics import median
from urllib.parse import parse_qsl, urlsplit

from google.protobuf.json_format import MessageToDict
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "/",
    "/?level=england&basis=published",
    "/variation",
    "/find",
    "/board",
    "/neighbourhoods",
    "/what-it-would-take",
    "/inequalities",
    "/map",
    "/compare",
    "/compare?level=provider",
    "/compare?level=neighbourhood&chart=spread",
    "/heat-map",
    "/heat-map?level=neighbourhood",
    "/trajectory",
    "/trajectory?level=system",
    "/trajectory?level=neighbourhood",
    "/trajectory?level=provider&basis=published",
    "/trajectory?level=england&basis=published",
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


class Clock:
    """Processor seconds of each script run, whichever thread of this process spent them."""

    def __init__(self) -> None:
        """Stand around the script runner from now on."""
        self.spent: list[float] = []
        run = script_runner.ScriptRunner._run_script

        def timed(runner: script_runner.ScriptRunner, *args: object) -> None:
            began = time.process_time()
            run(runner, *args)
            self.spent.append(time.process_time() - began)

        script_runner.ScriptRunner._run_script = timed


def opened(address: str) -> AppTest:
    """Open a page at its address and run it twice, so that its reads are warm."""
    files = dict(re.findall(r'st\.Page\(\s*"([^"]+)"[^)]*?url_path="([^"]+)"', (ROOT / "app.py").read_text()))
    parts = urlsplit(address)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    page.query_params.clear()
    for key, value in parse_qsl(parts.query):
        page.query_params[key] = value
    if parts.path != "/":
        page.switch_page(next(file for file, path in files.items() if path == parts.path.strip("/")))
    return page.run().run()


def sent(page: AppTest) -> str:
    """Everything the last run sent, an element a line."""
    lines: list[str] = []

    def walk(block: Block) -> None:
        for child in block.children.values():
            if isinstance(child, Block):
                walk(child)
            else:
                said = MessageToDict(child.proto)
                lines.append(json.dumps({"type": child.type, **said}, sort_keys=True))

    walk(page._tree)
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark and print its table."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("home", type=Path)
    ask.add_argument("--times", type=int, default=7)
    ask.add_argument("--pages", default=",".join(PAGES))
    ask.add_argument("--keep", type=Path)
    chosen = ask.parse_args()
    os.environ["TARGETS_HOME"] = str(chosen.home)
    clock = Clock()
    print("| page | first ms | warm ms | most | elements |\n|---|---|---|---|---|")
    for address in chosen.pages.split(","):
        clock.spent.clear()
        page = opened(address)
        first = sum(clock.spent[1:])
        clock.spent.clear()
        for _ in range(chosen.times):
            page.run()
        warm = [seconds * 1000 for seconds in clock.spent]
        said = sent(page)
        print(
            f"| {address} | {first * 1000:.0f} | {median(warm):.0f} | {max(warm):.0f} | {said.count(chr(10))} |"
        )
        if chosen.keep:
            chosen.keep.mkdir(parents=True, exist_ok=True)
            (chosen.keep / f"{address.strip('/').replace('/', '-') or 'overview'}.jsonl").write_text(said)


if __name__ == "__main__":
    main()
