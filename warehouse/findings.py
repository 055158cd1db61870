"""What is found in files after they were taken in, when others are held against them."""

from collections.abc import Collection

from sqlalchemy import delete, func, insert, select

from warehouse.home import Home
from warehouse.submissions import REFUSED
from warehouse.tables import finding, submission


def replace(home: Home, feeds: Collection[str], rule: str, about: str, found: tuple[int, str] | None) -> None:
    """Make `found` (rows, reason; None: nothing) all that `rule` says `about` something in these feeds.

    It is kept with the newest file accepted of them, as of severity "info": noted, and set aside nowhere.
    """
    mine = submission.c.feed.in_(sorted(feeds))
    newest = select(func.max(submission.c.id)).where(mine, submission.c.outcome != REFUSED)
    earlier = finding.c.submission_id.in_(select(submission.c.id).where(mine))
    with home.writing() as connection:
        connection.execute(delete(finding).where(earlier, finding.c.rule == rule, finding.c.column == about))
        number = connection.execute(newest).scalar()
        if number is None or found is None:
            return
        rows, reason = found
        row = {"submission_id": number, "rule": rule, "column": about, "severity": "info"}
        connection.execute(insert(finding).values(row | {"rows": rows, "reason": reason}))
