"""Series on two footprints: organisations as they are today, and as they were."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEYS = ("indicator", "level", "organisation", "breakdown", "category", "basis", "definition_version")

OBSERVATIONS = """
CREATE VIEW observations AS
SELECT s.indicator, s.definition_version, s.basis, s.level, s.organisation,
       coalesce(own.name, other.name,
                CASE WHEN s.organisation = 'unattributed' THEN 'Unattributed' END) AS organisation_name,
       o.period, s.breakdown, s.category, o.numerator, o.denominator, o.value, o.target, o.path, o.status,
       o.known_from
FROM observation AS o
JOIN series AS s ON s.id = o.series_id
LEFT JOIN organisation_names AS own
       ON own.source = s.basis AND own.level = s.level AND own.code = s.organisation
LEFT JOIN organisation_names AS other
       ON other.source <> s.basis AND other.level = s.level AND other.code = s.organisation
WHERE o.known_to IS NULL AND s.footprint = 'today'
"""


def upgrade() -> None:
    """What is held so far stands on today's footprint; analysts' view shows that alone."""
    op.execute("DROP VIEW observations")
    if op.get_bind().dialect.name == "sqlite":
        _made_again()
    else:
        op.add_column("series", sa.Column("footprint", sa.Text(), nullable=False, server_default="today"))
        op.alter_column("series", "footprint", server_default=None)
        op.drop_constraint("uq_series", "series")
        op.create_unique_constraint("uq_series", "series", [*KEYS, "footprint"])
    op.execute(OBSERVATIONS)


def _made_again() -> None:
    """SQLite cannot change a table's uniqueness: it is dropped and made again, under its own name.

    Observations point at it all the while, so that is checked when the transaction ends.
    """
    names = ", ".join(("id", *KEYS))
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TEMPORARY TABLE series_kept AS SELECT {names} FROM series")  # noqa: S608
    op.drop_table("series")
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*KEYS, "footprint")),
        sa.UniqueConstraint(*KEYS, "footprint", name="uq_series"),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
    )
    op.execute(f"INSERT INTO series ({names}, footprint) SELECT {names}, 'today' FROM series_kept")  # noqa: S608
    op.execute("DROP TABLE series_kept")
