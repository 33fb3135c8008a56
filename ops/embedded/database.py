"""A Tepai database inside an embedded cluster, and the addresses of its roles."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg.conninfo import make_conninfo

from contracts.sql_files import beside
from ops.embedded.postgres import Cluster
from server.db.bootstrap import LOGIN_ROLES, create_database, create_roles, migrate_database

_SQL = beside(__file__, "database.sql")


@dataclass(frozen=True, slots=True)
class DatabaseAddresses:
    """Connection strings to one database, by role. Each program is given only its own."""

    superuser: str
    owner: str
    web: str
    gateway: str
    jobs: str
    report: str


def provide_database(cluster: Cluster, name: str = "tepai") -> DatabaseAddresses:
    """Roles, database and migrations, made or brought up to date; the cluster must be running."""
    passwords = role_passwords(cluster)
    create_roles(cluster.superuser, passwords)
    if database_exists(cluster.superuser, name):
        migrate_database(cluster.superuser, name, timescale=cluster.programs.timescale)
    else:
        create_database(cluster.superuser, name, timescale=cluster.programs.timescale)
    return database_addresses(cluster, name)


def database_addresses(cluster: Cluster, name: str) -> DatabaseAddresses:
    """Where each role finds the database `name` of the running cluster."""
    passwords = role_passwords(cluster)

    def address(role: str) -> str:
        return make_conninfo(cluster.superuser, user=role, password=passwords[role], dbname=name)

    return DatabaseAddresses(
        superuser=make_conninfo(cluster.superuser, dbname=name),
        owner=address("tepai_owner"),
        web=address("tepai_web"),
        gateway=address("tepai_gateway"),
        jobs=address("tepai_jobs"),
        report=address("tepai_report"),
    )


def database_exists(superuser: str, name: str) -> bool:
    """Whether the cluster has a database of this name."""
    with psycopg.connect(superuser) as connection:
        return connection.execute(_SQL["select_database"], {"name": name}).fetchone() is not None


def role_passwords(cluster: Cluster) -> Mapping[str, str]:
    """Passwords of the login roles, made once and kept beside the data, readable by us alone."""
    path = cluster.folder / "roles.json"
    if not path.exists():
        half = path.with_suffix(".half")  # whole or not at all, should we be killed just now
        half.touch(0o600)
        half.write_text(
            json.dumps({role: secrets.token_hex(16) for role in LOGIN_ROLES}), encoding="ascii"
        )
        half.replace(path)
    passwords: dict[str, str] = json.loads(path.read_text(encoding="ascii"))
    return passwords
