"""What each indicator and month was last counted from."""

import polars as pl
from sqlalchemy import select

from warehouse import frames
from warehouse.home import Home
from warehouse.tables import counted

COLUMNS: frames.Schema = {"period": pl.Date, "fingerprint": pl.String}


def read(home: Home, indicator: str, basis: str) -> pl.DataFrame:
    """`period` and `fingerprint` of every month counted, in order; `observations.write` keeps them."""
    wanted = (
        select(*(counted.c[name] for name in COLUMNS))
        .where(counted.c.indicator == indicator, counted.c.basis == basis)
        .order_by(counted.c.period)
    )
    with home.reading() as connection:
        return frames.fetch(connection, wanted, COLUMNS)
