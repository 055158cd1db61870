"""A figure built in one pass: traces and layout are plain dictionaries, put together once.

Adding to a `go.Figure` step by step has Plotly check every part at every step: 10 to 20 ms a chart, thirteen
charts a page. A test checks each kind of chart against Plotly's own rules instead.
"""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

Trace = dict[str, Any]
"""One set of marks, as Plotly names its parts: of lines and points ("scatter")."""

Part = dict[str, Any]
"""An annotation, a shape, an axis or another part of a layout."""

CARTESIAN = (
    "autotypenumbers",
    "colorway",
    "font",
    "hovermode",
    "hoverlabel",
    "paper_bgcolor",
    "plot_bgcolor",
    "xaxis",
    "yaxis",
    "shapedefaults",
    "annotationdefaults",
    "title",
)


def _template() -> Part:
    """Give what lines and points on two axes need of Plotly's own template: a seventh of it."""
    whole = pio.templates["plotly"].to_plotly_json()
    return {
        "data": {"scatter": list(whole["data"]["scatter"])},
        "layout": {name: whole["layout"][name] for name in CARTESIAN},
    }


TEMPLATE = _template()


def scatter(**parts: object) -> Trace:
    """Give lines or points without a legend; parts that are None are left out."""
    return {"type": "scatter", "showlegend": False} | {k: v for k, v in parts.items() if v is not None}


def figure(traces: Sequence[Trace], **layout: object) -> go.Figure:
    """Put a figure together. Nothing is checked here: see the tests of charts."""
    return go.Figure(data=list(traces), layout={"template": TEMPLATE, **layout}, _validate=False)
