"""The database's history of shapes, applied from inside the package: there is no alembic.ini."""

from sqlalchemy import Connection, inspect, text

HEAD = "0008"
"""The newest revision; numbered, so that "newer than this code knows" can be told by comparing."""


def revision(connection: Connection) -> str | None:
    """The revision the database is at, or None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def upgrade(connection: Connection) -> None:
    """Bring the database to HEAD inside the caller's transaction."""
    # Alembic is slow to import and is wanted only on the day a database is made or changed.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "warehouse:migrations")
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
