"""`python -m ops.production.prepare`: roles, database, migrations, divisions, first administrator.

Run before the programs at every start of an installation; what is already there stays.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import psycopg
from psycopg.conninfo import make_conninfo

from contracts.ids import new_id
from contracts.sql_files import beside
from ops.demo_data.places import divisions
from server.auth.sign_in import password_hasher
from server.db.bootstrap import LOGIN_ROLES, create_database, create_roles, migrate_database

DATABASE = "tepai"
SHORTEST_PASSWORD = 12
_SQL = beside(__file__)


class SettingsError(ValueError):
    """A setting that is missing or too weak; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the cluster is, and the passwords to give out."""

    superuser: str
    role_passwords: Mapping[str, str]
    administrator_password: str


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read TEPAI_SUPERUSER_DATABASE, TEPAI_ADMIN_PASSWORD and TEPAI_<ROLE>_PASSWORD.

    Raises
    ------
    SettingsError
        If one is missing, or a password is short.
    """
    superuser = environment.get("TEPAI_SUPERUSER_DATABASE")
    if not superuser:
        raise SettingsError("TEPAI_SUPERUSER_DATABASE is not set: want a connection string")
    return Settings(
        superuser,
        {role: _password(environment, f"{role.upper()}_PASSWORD") for role in LOGIN_ROLES},
        _password(environment, "TEPAI_ADMIN_PASSWORD"),
    )


def prepare(settings: Settings) -> None:
    """Make what is missing; migrations and passwords are brought up to date."""
    create_roles(settings.superuser, settings.role_passwords)
    with psycopg.connect(settings.superuser) as connection:
        row = connection.execute(_SQL["has_database"], {"name": DATABASE}).fetchone()
    if row is not None and row[0]:
        migrate_database(settings.superuser, DATABASE, timescale=True)
    else:
        create_database(settings.superuser, DATABASE, timescale=True)
    fill(make_conninfo(settings.superuser, dbname=DATABASE), settings.administrator_password)


def fill(superuser: str, administrator_password: str) -> None:
    """Divisions, and the first administrator if nobody can sign in yet."""
    with psycopg.connect(superuser) as connection:
        for division in divisions():
            connection.execute(_SQL["insert_division"], asdict(division))
        connection.execute(
            _SQL["insert_first_administrator"],
            {"id": new_id(), "password_hash": password_hasher().hash(administrator_password)},
        )


def _password(environment: Mapping[str, str], name: str) -> str:
    password = environment.get(name, "")
    if len(password) < SHORTEST_PASSWORD:
        raise SettingsError(f"{name} is missing or short: want at least {SHORTEST_PASSWORD} signs")
    return password


def main() -> int:
    """Prepare the installation that the environment names; the exit status."""
    try:
        prepare(read_settings())
    except (SettingsError, psycopg.Error) as error:
        print(error, file=sys.stderr)
        return 2
    print("prepared")
    return 0


if __name__ == "__main__":
    sys.exit(main())
