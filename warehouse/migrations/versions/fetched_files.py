"""Where fetched files came from."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and its indexes."""
    texts = ("publication", "address", "final_address", "page", "file_name")
    op.create_table(
        "fetched",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("period", sa.Date()),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_fetched"),
    )
    op.create_index("ix_fetched_address_sha256", "fetched", ["address", "sha256"], unique=True)
    op.create_index("ix_fetched_sha256", "fetched", ["sha256"])
