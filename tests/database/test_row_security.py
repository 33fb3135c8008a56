"""Every table and view, as every role: exactly the rows of one's scope, and none without an actor.

A table or view that is added must be put in DECISIONS, or the first test fails.
"""

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql

from ops.embedded.database import DatabaseAddresses
from tests.database.filled_tables import fill
from tests.server.people import World

pytestmark = pytest.mark.database

USERNAMES = ("wang", "li", "county", "far-county", "park", "city", "auditor", "admin")
SEE_ALL = ("city", "auditor", "admin")
Seen = Mapping[str, set[str]]

_EVERYTHING = {"near", "colleague", "far", "common"}


def _seen(**by_username: set[str]) -> Seen:
    return {name: by_username.get(name.replace("-", "_"), set()) for name in USERNAMES}


def _by_county(near: set[str], far: set[str], all_: set[str]) -> dict[str, set[str]]:
    return {"county": near, "far_county": far, **dict.fromkeys(SEE_ALL, all_)}


# An author sees their own; a county office its county's; city, auditor, administrator all.
RECORDS = _seen(
    wang={"near"},
    li={"far"},
    **_by_county({"near", "colleague"}, {"far"}, {"near", "colleague", "far"}),
)
TECHNICIANS = {**RECORDS, "wang": {"near", "colleague"}}
ORGANISATIONS = _seen(wang={"near"}, li={"far"}, **_by_county({"near"}, {"far"}, {"near", "far"}))
STATIONS = {**ORGANISATIONS, "park": {"near"}}
REJECTED = {name: s | {"common"} if name in SEE_ALL else s for name, s in STATIONS.items()}
EVERYBODY: Seen = dict.fromkeys(USERNAMES, _EVERYTHING)
ADMINISTRATION = _seen(auditor=_EVERYTHING, admin=_EVERYTHING)
JOBS = _seen(**dict.fromkeys(SEE_ALL, _EVERYTHING))
# One's own rows, by the account's id in them; the administrator's are everybody's.
OWN: Seen = {name: {"own", "other"} if name == "admin" else {"own"} for name in USERNAMES}
MANAGERS = {name: s if name in ("park", "admin") else set() for name, s in OWN.items()}
# The web role has no right at all.
CLOSED: Seen = {}

DECISIONS: Mapping[str, Seen] = {
    "account": OWN,
    "alert": STATIONS,
    "assisted_organisation": RECORDS,
    "audit_line": ADMINISTRATION,
    "base_establishment": RECORDS,
    "catalogue_item": EVERYBODY,
    "correspondent": RECORDS,
    "correspondent_kind": EVERYBODY,  # level and specialty without a name, for counting
    "correspondent_village": RECORDS,
    "device": STATIONS,
    "device_profile": EVERYBODY,
    "division": EVERYBODY,
    "household": RECORDS,
    "income_line": RECORDS,
    "job_period": JOBS,
    "organisation": ORGANISATIONS,
    "organisation_kind": EVERYBODY,  # kind without a name, for counting
    "promoted_item": RECORDS,
    "quality_due": CLOSED,
    "reading": CLOSED,
    "reading_day": CLOSED,
    "reading_day_visible": STATIONS,
    "reading_dropped": CLOSED,
    "reading_flag": CLOSED,
    "reading_hour": CLOSED,
    "reading_hour_visible": STATIONS,
    "reading_latest": CLOSED,
    "reading_latest_visible": STATIONS,
    "reading_rejected": CLOSED,
    "reading_rejected_visible": REJECTED,
    "reading_visible": STATIONS,
    "record": RECORDS,
    "record_revision": RECORDS,
    "reported_figure": EVERYBODY,
    "retention": EVERYBODY,
    "review": RECORDS,
    "rollup_due": CLOSED,
    "schema_migration": CLOSED,
    "sensor": STATIONS,
    "served_household": RECORDS,
    "session": OWN,
    "station": STATIONS,
    "station_manager": MANAGERS,
    "target": EVERYBODY,
    "technician": TECHNICIANS,
    "technician_training": RECORDS,
    "training_report": RECORDS,
}

# What the other programs may read; each reads all of it.
_RECORD_TABLES = {name for name, seen in DECISIONS.items() if seen is RECORDS}
_COUNTED = _RECORD_TABLES | {"organisation", "technician", "station", "device", "sensor"}
_REGISTERS = {"division", "catalogue_item", "target", "reported_figure"}
_KINDS = {"correspondent_kind", "organisation_kind"}
PROGRAMS: Mapping[str, set[str]] = {
    "gateway": {
        "station", "device", "device_profile", "sensor", "reading", "reading_latest",
        "rollup_due", "reading_rejected",
    },
    "report": _COUNTED | _REGISTERS | _KINDS
    | {"reading", "reading_hour", "reading_day", "reading_latest"},
    "jobs": _COUNTED | _REGISTERS | _KINDS
    | {
        "reading", "reading_hour", "reading_day", "reading_latest", "reading_rejected",
        "rollup_due", "quality_due", "reading_flag", "reading_dropped", "retention",
        "job_period", "alert",
    },
}  # fmt: skip

# Definer functions read these on behalf of people who are not signed in yet.
NOT_FORCED = {"account", "session", "station_manager", "correspondent_village"}


@pytest.fixture
def markers(database: DatabaseAddresses, world: World) -> dict[str, str]:
    with psycopg.connect(database.superuser) as db:
        return fill(db, world)


@contextmanager
def acting(conninfo: str, actor_id: object | None) -> Iterator[psycopg.Connection]:
    with psycopg.connect(conninfo) as db:
        if actor_id is not None:
            db.execute("select set_config('app.actor_id', %s, true)", (str(actor_id),))
        yield db


def rows_of(db: psycopg.Connection, relation: str) -> list[str]:
    query = sql.SQL("select to_jsonb(t)::text from {} t").format(sql.Identifier(relation))
    return [row[0] for row in db.execute(query).fetchall()]


def label(row: str, markers: Mapping[str, str]) -> str:
    return next((whose for marker, whose in markers.items() if marker in row), "common")


def accounts(database: DatabaseAddresses) -> dict[str, Any]:
    with psycopg.connect(database.superuser) as db:
        return dict(db.execute("select username, id from account").fetchall())


def test_every_table_and_view_has_a_decision(database: DatabaseAddresses) -> None:
    with psycopg.connect(database.superuser) as db:
        found = db.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relkind in ('r', 'p', 'v', 'm', 'f') and not relispartition"
        ).fetchall()
    assert {row[0] for row in found} == set(DECISIONS)


def test_the_world_fills_every_table(database: DatabaseAddresses, markers: dict[str, str]) -> None:
    with psycopg.connect(database.superuser) as db:
        empty = [name for name in DECISIONS if not rows_of_table(db, name)]
    assert empty == []


def rows_of_table(db: psycopg.Connection, name: str) -> bool:
    # Views show nothing to a superuser without an actor; the tables under them are checked.
    return name.endswith(("_visible", "_kind")) or bool(rows_of(db, name))


@pytest.mark.parametrize("username", USERNAMES)
def test_each_actor_sees_exactly_the_rows_of_their_scope(
    database: DatabaseAddresses, markers: dict[str, str], username: str
) -> None:
    actor_id = accounts(database)[username]
    with psycopg.connect(database.superuser) as db:
        everything = {name: rows_of(db, name) for name in DECISIONS}
    with acting(database.web, actor_id) as db:
        for name, decision in DECISIONS.items():
            if decision is CLOSED:
                continue
            by_account = decision in (OWN, MANAGERS)
            own = {str(actor_id): "own"}
            whose = {**own, "": "other"} if by_account else markers
            seen = rows_of(db, name)
            due = [row for row in everything[name] if label(row, whose) in decision[username]]
            if not name.endswith(("_visible", "_kind")):
                assert sorted(seen) == sorted(due), name
            else:
                expected = decision[username]
                found = {label(row, whose) for row in seen}
                assert found == expected if decision is not EVERYBODY else seen, name


@pytest.mark.parametrize("actor_id", [None, "", "00000000-0000-7000-8000-000000000000"])
def test_without_an_actor_nothing_is_seen_anywhere(
    database: DatabaseAddresses, markers: dict[str, str], actor_id: str | None
) -> None:
    with acting(database.web, actor_id) as db:
        for name, decision in DECISIONS.items():
            if decision is not CLOSED:
                assert rows_of(db, name) == [], name


def test_a_disabled_account_sees_nothing_anywhere(
    database: DatabaseAddresses, markers: dict[str, str]
) -> None:
    with psycopg.connect(database.superuser) as db:
        db.execute("update account set disabled_at = now()")
    for username, actor_id in accounts(database).items():
        with acting(database.web, actor_id) as db:
            for name, decision in DECISIONS.items():
                if decision is not CLOSED:
                    assert rows_of(db, name) == [], (username, name)


def test_a_malformed_actor_is_an_error_or_sees_nothing(
    database: DatabaseAddresses, markers: dict[str, str]
) -> None:
    with acting(database.web, "not-a-uuid") as db:
        for name, decision in DECISIONS.items():
            if decision is CLOSED:
                continue
            try:
                with db.transaction():
                    assert rows_of(db, name) == [], name
            except psycopg.errors.InvalidTextRepresentation:
                pass


def test_the_web_role_has_no_right_on_closed_tables_or_partitions(
    database: DatabaseAddresses, markers: dict[str, str]
) -> None:
    closed = [name for name, decision in DECISIONS.items() if decision is CLOSED]
    with psycopg.connect(database.superuser) as db:
        rights = db.execute(
            "select c.oid::regclass::text from pg_class c"
            " where (c.relname = any(%s) and c.relnamespace = 'public'::regnamespace"
            "        or c.oid in (select inhrelid from pg_inherits))"
            " and c.relkind in ('r', 'p')"
            " and has_table_privilege('tepai_web', c.oid, 'select, insert, update, delete')",
            (closed,),
        ).fetchall()
    assert rights == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_program_reads_all_of_its_tables_and_no_other(
    database: DatabaseAddresses, markers: dict[str, str], program: str
) -> None:
    with psycopg.connect(database.superuser) as db:
        everything = {name: len(rows_of(db, name)) for name in DECISIONS if name not in _KINDS}
    with acting(getattr(database, program), None) as db:
        for name in DECISIONS:
            if name not in PROGRAMS[program]:
                with pytest.raises(psycopg.errors.InsufficientPrivilege), db.transaction():
                    rows_of(db, name)
            elif name in _KINDS:
                assert rows_of(db, name), name
            else:
                assert len(rows_of(db, name)) == everything[name], name


def test_tables_of_people_and_places_have_row_security_forced(database: DatabaseAddresses) -> None:
    with psycopg.connect(database.superuser) as db:
        open_tables = db.execute(
            "select c.relname, c.relrowsecurity, c.relforcerowsecurity from pg_class c"
            " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
            " and not c.relispartition and exists (select from pg_attribute a"
            "   where a.attrelid = c.oid and not a.attisdropped"
            "   and a.attname in ('correspondent_id', 'county_code', 'station_id', 'account_id'))"
        ).fetchall()
    # Readings are behind views instead: row security and TimescaleDB's columns exclude each other.
    scoped = [row for row in open_tables if not row[0].startswith("reading")]
    assert len(scoped) > 15
    for name, secured, forced in scoped:
        assert secured, name
        assert forced or name in NOT_FORCED, name


WRITES: Mapping[str, str] = {
    "verify one's own record": "update record set status = 'verified'",
    "take up a submitted record": "update record set service_days = 30",
    "review one's own record": (
        "insert into review select gen_random_uuid(), id, 1, correspondent_id, county_code,"
        " 'verified', '', '{}', actor_id() from record"
    ),
    "write a verified record": (
        "insert into record select gen_random_uuid(), form, 1, correspondent_id, county_code,"
        " village_code, occurred_on, null, 1, 'verified', 1, '{}', body_sha256, now(), now()"
        " from record"
    ),
    "give oneself villages": (
        "insert into correspondent_village select actor_correspondent(), '341321001001'"
    ),
    "become administrator": "update account set role = 'administrator', correspondent_id = null",
    "move a park": "update station set county_code = '341321'",
    "read devices otherwise": "update device_profile set fields = '{}'",
    "make a device profile": (
        "insert into device_profile (id, code, name_zh, name_en, codec)"
        " values (gen_random_uuid(), 'mine', '我的', 'Mine', 'tasmota')"
    ),
    "rewrite the audit trail": "update audit_line set action = 'nothing'",
    "delete records": "delete from record",
}


@pytest.mark.parametrize("deed", WRITES)
def test_a_correspondent_cannot(
    database: DatabaseAddresses, markers: dict[str, str], deed: str
) -> None:
    wang = accounts(database)["wang"]
    refused = contextlib.suppress(psycopg.errors.InsufficientPrivilege)
    with acting(database.web, wang) as db, refused:
        assert db.execute(WRITES[deed]).rowcount == 0


def test_a_county_office_cannot_review_in_anothers_name_or_county(
    database: DatabaseAddresses, markers: dict[str, str]
) -> None:
    people = accounts(database)
    insert = (
        "insert into review select gen_random_uuid(), id, 1, correspondent_id, county_code,"
        " 'verified', '', '{}', %s from record"
    )
    with acting(database.web, people["county"]) as db:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), db.transaction():
            db.execute(insert, (people["admin"],))
        assert db.execute(insert, (people["county"],)).rowcount == 2
        assert (
            db.execute(
                "update record set status = 'verified' where county_code = '341321'"
            ).rowcount
            == 0
        )
