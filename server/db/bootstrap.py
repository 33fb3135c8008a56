"""Make roles and an empty, migrated database; needs the cluster's superuser."""

from collections.abc import Mapping

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from contracts.sql_files import beside
from server.db.migrate import apply_migrations

LOGIN_ROLES = ("tepai_owner", "tepai_web", "tepai_gateway", "tepai_jobs", "tepai_report")
_SQL = beside(__file__, "roles.sql")


def create_roles(superuser: str, passwords: Mapping[str, str]) -> None:
    """Create the roles of design §7 where they are missing and set their passwords.

    Parameters
    ----------
    superuser
        Connection string of the cluster's superuser.
    passwords
        Of each of `LOGIN_ROLES`.
    """
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(_SQL["create_roles"])
        for role in LOGIN_ROLES:
            connection.execute(
                _composed("set_role_password").format(
                    role=sql.Identifier(role), password=sql.Literal(passwords[role])
                )
            )


def create_database(superuser: str, name: str, *, timescale: bool) -> None:
    """Create the database, prepare its schema and apply all migrations.

    Parameters
    ----------
    timescale
        Create the extension, so that `reading` becomes a hypertable.
    """
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(_composed("create_database").format(name=sql.Identifier(name)))
    migrate_database(superuser, name, timescale=timescale)


def migrate_database(superuser: str, name: str, *, timescale: bool) -> list[str]:
    """Prepare an existing database and bring it up to date; what was applied."""
    inside = make_conninfo(superuser, dbname=name)
    with psycopg.connect(inside, autocommit=True) as connection:
        if timescale:
            connection.execute(_SQL["create_timescaledb"])
        connection.execute(_composed("prepare_database").format(name=sql.Identifier(name)))
        connection.execute(_SQL["become_owner"])
        return apply_migrations(connection)


def _composed(name: str) -> sql.SQL:
    return sql.SQL(_SQL[name])
