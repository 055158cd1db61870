"""A folder as somebody would keep it: made published files, some that are not ours, one of records."""

import shutil
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


def fill(folder: Path) -> Path:
    """Make `published/` in `folder`, with `reference/` beside it; gives the first."""
    published, reference = folder / "published", folder / "reference"
    for feed in ("ae_monthly", "drd", "ambsys"):
        shutil.copytree(DATA / feed, published / "by feed" / feed)
    shutil.copytree(DATA / "system_mapping", reference)
    (published / "shopping.csv").write_text("item,price\nmilk,1\n")
    (published / "holiday.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (published / "README.md").write_text("# Where these came from")
    broken = (DATA / "ae_monthly" / "2025_no_total_row.csv").read_text().replace(",9500,", ",many,")
    (published / "June-2025-broken.csv").write_text(broken.replace("JUNE-2025", "MAY-2025"))
    return published
