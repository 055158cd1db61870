"""What an indicator's paths, standings and signals were last read off with, as a fingerprint."""

from sqlalchemy import delete, insert, select

from warehouse.home import Home
from warehouse.signal_tables import derived


def read(home: Home, indicator: str, basis: str) -> str | None:
    """The fingerprint kept, or None before the first."""
    mine = (derived.c.indicator == indicator, derived.c.basis == basis)
    with home.reading() as connection:
        return connection.execute(select(derived.c.fingerprint).where(*mine)).scalar()


def write(home: Home, indicator: str, basis: str, fingerprint: str) -> None:
    """Keep the fingerprint in place of the last."""
    mine = (derived.c.indicator == indicator, derived.c.basis == basis)
    with home.writing() as connection:
        connection.execute(delete(derived).where(*mine))
        row = {"indicator": indicator, "basis": basis, "fingerprint": fingerprint}
        connection.execute(insert(derived).values(row))
