"""The table of what was fetched: one row for each content that an address ever gave."""

from sqlalchemy import Column, Date, Index, Integer, Table

from warehouse.columns import Moment, metadata, text_column

fetched = Table(
    "fetched",
    metadata,
    Column("id", Integer, primary_key=True),
    text_column("publication"),
    text_column("address"),
    text_column("final_address"),
    text_column("page"),
    text_column("file_name"),
    Column("period", Date),
    Column("fetched_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    text_column("etag", null=True),
    text_column("last_modified", null=True),
    Column("bytes", Integer, nullable=False),
    text_column("sha256"),
    Index(None, "address", "sha256", unique=True),
    Index(None, "sha256"),
)
