"""A small A&E workbook of made-up organisations, in the layout of the published ones."""

from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.workbook_cells import text
from pipeline.workbooks import Sheet, Workbook

Row = list[Any]
Rows = list[Row]

# Of each of types 1 to 3: not booked, of those over four hours; booked, of those over four hours.
Counts = tuple[tuple[int, int, int, int], ...]
PROVIDERS: list[tuple[str, str, str, Counts]] = [
    (
        "RX1",
        "NHS England London ",
        "Northtown NHS Trust",
        ((900, 300, 20, 5), (50, 1, 0, 0), (400, 10, 30, 0)),
    ),
    ("RX2", "NHS England Midlands", "Southtown NHS Trust", ((700, 210, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0))),
    ("AX901", "NHS England London", "Market Street UTC", ((0, 0, 0, 0), (0, 0, 0, 0), (250, 5, 50, 1))),
    ("AX902", "NHS England London", "Station UTC", ((0, 0, 0, 0), (0, 0, 0, 0), (101, 3, 0, 0))),
]
SYSTEMS = {
    "RX1": "NHS North East London Integrated Care Board",
    "RX2": "NHS Lincolnshire Integrated Care Board",
    "AX901": "NHS North East London Integrated Care Board",
    "AX902": "NHS North East London Integrated Care Board",
}
SHARES = [
    ("RX1", "RX1", 1.0),
    ("RX2", "RX2", 1.0),
    ("AX901", "RX1", 0.62),
    ("AX901", "RX2", 0.38),
    ("AX902", "RX2", 1.0),
]
HIDDEN = ("System Mapping", "Acute Trust Mapping")
TYPED = [
    "Type 1 Departments - Major A&E",
    "Type 2 Departments - Single Specialty",
    "Type 3 Departments - Other A&E/Minor Injury Unit",
]
ADMITTED = [
    "Emergency Admissions via Type 1 A&E",
    "Emergency Admissions via Type 2 A&E",
    "Emergency Admissions via Type 3 and 4 A&E",
    "Total Emergency Admissions via A&E",
    "Other Emergency admissions (i.e not via A&E)",
    "Total Emergency Admissions",
    "Number of patients spending >4 hours from decision to admit to admission",
    "Number of patients spending >12 hours from decision to admit to admission",
]
_ENDS = "from arrival to admission, transfer or discharge"


def titles(title: str, summary: str, month: str) -> Rows:
    said = [("Title:", title), ("Summary:", summary), ("Period:", month), ("Published:", "10th July 2025")]
    return [[], *([None, label, what] for label, what in said), [], [None, title]]


def share(seen: float, over: float) -> float | str:
    return 1 - over / seen if seen else "-"


def figures(pairs: list[tuple[float, float]], booked: bool = False) -> Row:
    """Attendances, within (not for booked), over, each by type and in all, then the shares."""
    seen, over = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    within = [s - o for s, o in pairs]
    blocks = [seen, over] if booked else [seen, within, over]
    shares = [share(sum(seen), sum(over)), *(share(s, o) for s, o in pairs)]
    return [*(cell for block in blocks for cell in (*block, sum(block))), *shares]


def heads(booked: bool = False) -> tuple[Row, Row]:
    only = " (Booked Appointments Only)" if booked else ""
    kind = "A&E Booked Appointment attendances" if booked else "A&E attendances"
    under, over = f"{kind} less than 4 hours {_ENDS}", f"{kind} greater than 4 hours {_ENDS}"
    groups = [kind, None, None, None, *([] if booked else [under, None, None, None]), over, None, None, None]
    names = [*TYPED, "Total attendances"]
    names += [] if booked else [*TYPED, "Total Attendances < 4 hours"]
    names += [*TYPED, "Booked Appointment Attendances > 4 hours" if booked else "Total Attendances > 4 hours"]
    names += [
        f"Percentage in 4 hours or less ({part}){only}" for part in ("all", "type 1", "type 2", "type 3")
    ]
    groups += ["Percentage of attendances within 4 hours", None, None, None]
    return [None, None, None, None, *groups], [None, "Code", "Region", "Name", *names]


def pairs_of(counts: Counts, kind: str) -> list[tuple[float, float]]:
    chosen = {"plain": (1, 0), "booked": (0, 1), "all": (1, 1)}[kind]
    return [(a * chosen[0] + c * chosen[1], b * chosen[0] + d * chosen[1]) for a, b, c, d in counts]


def providers_sheet(kind: str, month: str) -> Rows:
    booked = kind == "booked"
    groups, header = heads(booked)
    summary = "The total of booked and non-booked A&E attendances" if kind == "all" else "A&E attendances"
    rows: Rows = []
    for number, (code, region, name, counts) in enumerate(PROVIDERS):
        admitted = [10 * number, number, 0, 11 * number, 7, 11 * number + 7, 6, 2] if not booked else []
        rows.append([None, code, region, name, *figures(pairs_of(counts, kind), booked), *admitted])
    whole = [
        tuple(map(sum, zip(*(pairs_of(one[3], kind)[at] for one in PROVIDERS), strict=True)))
        for at in range(3)
    ]
    admitted = [sum(row[-8 + at] for row in rows) for at in range(8)] if not booked else []
    england: Row = [None, "-", "-", "England", *figures(whole, booked), *admitted]
    if not booked:
        groups = [*groups, "Emergency Admissions"]
        header = [*header, *ADMITTED]
    return [*titles("Provider Level Data", summary, month), groups, header, england, [], *rows]


def systems_sheet(month: str) -> Rows:
    rows: Rows = [["Org code", "Region ", "Name", "STP", None, None, "STP", "Code"]]
    for at, (code, region, name, _) in enumerate(PROVIDERS):
        beside = [None, None, "An old STP", "QMF" if not at else "QJM", "NHS IN CAPITALS"]
        where = region.replace("NHS England ", "").strip() + " Commissioning Region"
        rows.append([code, where, name, SYSTEMS[code], *beside])
    return rows


def mapping_sheet() -> Rows:
    group: Row = [None] * 6 + ["A&E attendances", None, None, None, f"A&E attendances > 4 hours {_ENDS}"]
    header = ["Code", "Region", "Name", "Acute Code", "Acute trust 1", "Proportion of Attends Acute 1"]
    header += [*TYPED, "Total attendances", *TYPED, "Total Attendances > 4 hours"]
    rows: Rows = [["vlookup ref"], [1, 2, 3], group, header]
    by_code = {one[0]: one for one in PROVIDERS}
    for code, trust, part in SHARES:
        pairs = [(s * part, o * part) for s, o in pairs_of(by_code[code][3], "all")]
        cells = [one[0] for one in pairs], [one[1] for one in pairs]
        shown = [cell for block in cells for cell in (*block, sum(block))]
        rows.append([code, by_code[code][1], by_code[code][2], trust, by_code[trust][2], part, *shown])
    return rows


def footprint_sheet(month: str) -> Rows:
    groups, header = heads()
    groups[16:] = ["Of which is additional mapped type 3 activity", None, "A&E Performance", None, None]
    header[16:] = [
        "A&E attendances",
        "A&E attendances > 4 hours",
        "Percentage in 4 hours or less (type 1) before mapping",
        "Percentage in 4 hours or less (all) before mapping",
        "Percentage in 4 hours or less (all) with additional mapped activity",
    ]
    by_code = {one[0]: one for one in PROVIDERS}
    rows: Rows = []
    for trust in ("RX1", "RX2"):
        own = pairs_of(by_code[trust][3], "all")
        mapped = [
            (part * s, part * o)
            for code, to, part in SHARES
            if to == trust and code != trust
            for s, o in [pairs_of(by_code[code][3], "all")[2]]
        ]
        more = (sum(one[0] for one in mapped), sum(one[1] for one in mapped))
        pairs = [own[0], own[1], (own[2][0] + more[0], own[2][1] + more[1])]
        seen, over = sum(one[0] for one in pairs), sum(one[1] for one in pairs)
        last = [
            *more,
            share(*own[0]),
            share(sum(p[0] for p in own), sum(p[1] for p in own)),
            share(seen, over),
        ]
        rows.append([None, trust, by_code[trust][1], by_code[trust][2], *figures(pairs)[:12], *last])
    return [*titles("Acute Trust Footprint Data", "mapped", month), groups, header, [], *rows]


def by_system_sheet(month: str = "June 2025") -> Rows:
    groups, header = heads()
    rows: Rows = []
    for code, name in (("QMF", SYSTEMS["RX1"]), ("QJM", SYSTEMS["RX2"])):
        mine = [pairs_of(one[3], "all") for one in PROVIDERS if SYSTEMS[one[0]] == name]
        sums = [tuple(map(sum, zip(*(pairs[at] for pairs in mine), strict=True))) for at in range(3)]
        rows.append([None, code, name, *figures(sums)])
    groups, header = [None, None, None, *groups[4:]], [None, "Code", "System", *header[4:]]
    return [*titles("System Level Data", "by system", month), groups, header, *rows]


def sheets(month: str = "June 2025") -> dict[str, Rows]:
    return {
        "System Mapping": systems_sheet(month),
        "Provider Level Data": providers_sheet("all", month),
        "Non-Booked Data": providers_sheet("plain", month),
        "Booked Appointments Data": providers_sheet("booked", month),
        "Acute Trust Footprint Data": footprint_sheet(month),
        "Acute Trust Mapping": mapping_sheet(),
    }


def write(path: Path, content: dict[str, Rows]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in content.items():
            sheet = book.add_worksheet(name)
            if name in HIDDEN and len(content) > len(HIDDEN):
                sheet.hide()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
        first = next((one for one in book.worksheets() if one.name not in HIDDEN), None)
        if first:
            first.activate()
            first.set_first_sheet()
    return path


def as_read(file: str, content: dict[str, Rows]) -> Workbook:
    """The workbook as `read_workbook` gives it, without a file: each row as wide as the sheet's widest."""
    sheets = []
    for name, rows in content.items():
        width = max(map(len, rows))
        cells = [tuple(_text(row[at]) if at < len(row) else "" for at in range(width)) for row in rows]
        sheets.append(Sheet(file, name, name in HIDDEN, tuple(cells)))
    return Workbook(file, tuple(sheets))


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return " ".join(
        text(float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell).split()
    )
