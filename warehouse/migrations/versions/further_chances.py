"""Chances against an organisation's own plan, and that enough categories meet the target."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The next refresh fills it: what a forecast rests on has changed."""
    op.create_table(
        "further_chance",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("target_due", sa.Date(), nullable=False),
        sa.Column("target", sa.Float()),
        sa.Column("months_ahead", sa.Integer()),
        sa.Column("chance", sa.Float()),
        sa.Column("chance_together", sa.Float()),
        sa.Column("reason", sa.Text()),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_further_chance_series_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_further_chance_run_id"),
        sa.PrimaryKeyConstraint("series_id", "aim", "target_due", name="pk_further_chance"),
    )
