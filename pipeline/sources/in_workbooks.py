"""The publications that come as workbooks; one workbook may hold several feeds, each in sheets of its own."""

from __future__ import annotations

from typing import Protocol

from pipeline.sources import acute_trust_mapping, ae_monthly, icb_mergers, pcn_members, system_mapping
from pipeline.sources.published import Published
from pipeline.workbooks import Workbook


class WorkbookSource(Protocol):
    """What the loader asks of an adapter of workbooks."""

    FEED: str
    """The feed its tidy frame is held to."""

    def in_workbook(self, book: Workbook) -> bool:
        """Whether the workbook means to hold this publication, told from what its sheets say."""

    def read_workbook(self, book: Workbook) -> Published:
        """Its sheets as tidy frames. Raises RefusedFile."""


WORKBOOKS: tuple[WorkbookSource, ...] = (
    ae_monthly,
    system_mapping,
    acute_trust_mapping,
    icb_mergers,
    pcn_members,
)
