"""Moments of knowing: always UTC, whatever clock the caller has."""

from datetime import UTC, date, datetime, time


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; a moment without a zone is taken to be UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def as_known_at(day_or_moment: date | datetime) -> datetime:
    """The moment that "as known on" means: a date is the end of that day in UTC."""
    if isinstance(day_or_moment, datetime):
        return in_utc(day_or_moment)
    return datetime.combine(day_or_moment, time.max, tzinfo=UTC)
