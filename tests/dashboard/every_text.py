"""Every text that a page run in AppTest puts on the screen: words, helps, labels, alt texts, tables."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

NOT_READ = {
    *("id", "element_id", "form_id", "url", "config", "page_script_hash", "icon", "query_string", "page"),
    *("anchor", "tag", "type", "language", "format", "code_text", "min", "max", "deferred_file_id"),
}
ON_CHARTS = {"text", "hovertext", "ticktext"}


def texts(app: Any) -> Iterator[tuple[str, str]]:
    """Give each text with where it is: the element and its field."""
    yield from _of(app._tree)


def _of(node: Any) -> Iterator[tuple[str, str]]:
    proto = getattr(node, "proto", None)
    if hasattr(proto, "ListFields"):
        yield from _in(proto, proto.DESCRIPTOR.name)
    for child in getattr(node, "children", {}).values():
        yield from _of(child)


def _in(message: Any, path: str) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        if field.name in NOT_READ:
            continue
        for each in value if field.is_repeated else [value]:
            if field.name == "spec":
                yield from _drawn(json.loads(each), f"{path}.spec")
            elif isinstance(each, str):
                yield f"{path}.{field.name}", each
            elif isinstance(each, bytes) and field.name == "data":
                yield from _cells(each, path)
            elif hasattr(each, "ListFields"):
                yield from _in(each, f"{path}.{field.name}")


def _cells(data: bytes, path: str) -> Iterator[tuple[str, str]]:
    table = pa.ipc.open_stream(data).read_all()
    yield from ((f"{path}.column", name) for name in table.column_names)
    for column in table.columns:
        yield from ((f"{path}.cell", cell) for cell in column.to_pylist() if isinstance(cell, str))


def _drawn(part: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ON_CHARTS and isinstance(value, str):
                yield path, value
            elif key != "template":
                yield from _drawn(value, path)
    elif isinstance(part, list):
        for each in part:
            yield from _drawn(each, path)


def plain(text: str) -> str:
    """Take Markdown's marks away: badges, sizes, links, bold, list dashes."""
    for _ in range(3):
        text = re.sub(r":[\w-]+\[((?:[^\[\]]|\[[^\]]*\])*)\]", r"\1", text)
    text = re.sub(r"\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)", r"\1", text)
    text = re.sub(r"<[^>]+>", " ", text.replace("**", "").replace("\\", ""))
    return re.sub(r"^- ", "", text, flags=re.MULTILINE)


def sentences(text: str) -> list[str]:
    """Part a text into its sentences and the lines of its lists; a badge is one."""
    text = re.sub(r":\w+-badge\[(.*?)\]", r"\1. ", text)
    return [part.strip() for part in re.split(r"\n+|(?<=[.!?:;]) ", plain(text)) if part.strip()]
