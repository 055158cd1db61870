"""The month of a figure as a link to its receipt: one press from a figure to where it comes from."""

from dashboard import receipts, wording
from dashboard.panels import address
from dashboard.sentences import Reading


def of(reading: Reading) -> str:
    """Write the month of a reading, in Markdown, as the link; "–" where there is no figure."""
    if reading.period is None:
        return "–"
    here = address.kept(measure=reading.indicator.id)
    return receipts.link(wording.month(reading.period, short=True), reading.period, here)
