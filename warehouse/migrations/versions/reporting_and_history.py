"""How many organisations a figure covers, of how many; and a way to what is known no longer."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the index."""
    op.add_column("observation", sa.Column("reporting", sa.Float()))
    op.add_column("observation", sa.Column("expected", sa.Float()))
    op.create_index(
        "ix_observation_history",
        "observation",
        ["series_id"],
        sqlite_where=sa.text("known_to IS NOT NULL"),
        postgresql_where=sa.text("known_to IS NOT NULL"),
    )
