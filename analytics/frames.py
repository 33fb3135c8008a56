"""An export of records and facts as typed frames; the only input of this package.

Amounts are whole numbers of the smallest unit (fen, hundredths of a day), so that sums are exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import pandas as pd
import psycopg

from contracts.sql_files import beside

_SQL = beside(__file__)

# Column to pandas type, by frame; the columns are those of the query of the same name.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "division": {"code": "str", "name": "str", "level": "str"},
    "correspondent": {"correspondent_id": "str", "level": "str", "specialty": "str"},
    "record": {
        "record_id": "str",
        "correspondent_id": "str",
        "village_code": "str",
        "occurred_on": "datetime64[s]",
        "service_mode": "str",
        "service_centidays": "int64",
        "status": "str",
    },
    "served_household": {"record_id": "str", "household_id": "str"},
    "assisted_organisation": {"record_id": "str", "organisation_id": "str", "kind": "str"},
    "training_report": {"record_id": "str", "session_key": "str", "attendance": "int64"},
    "promoted_item": {"record_id": "str", "item_id": "str", "kind": "str"},
    "income_line": {
        "record_id": "str",
        "household_id": "str",
        "year": "int64",
        "product": "str",
        "gain_fen": "int64",
        "has_baseline": "bool",
    },
    "technician_training": {"record_id": "str", "technician_id": "str"},
    "base_establishment": {"record_id": "str", "station_id": "str"},
}


@dataclass(frozen=True, slots=True)
class Export:
    """Records and facts at one moment; columns and types as in `COLUMNS`."""

    division: pd.DataFrame
    correspondent: pd.DataFrame
    record: pd.DataFrame
    served_household: pd.DataFrame
    assisted_organisation: pd.DataFrame
    training_report: pd.DataFrame
    promoted_item: pd.DataFrame
    income_line: pd.DataFrame
    technician_training: pd.DataFrame
    base_establishment: pd.DataFrame


def read_export(conninfo: str) -> Export:
    """Everything of the database, read as tepai_report in one snapshot.

    Raises
    ------
    psycopg.OperationalError
        If the database cannot be reached.
    """
    with psycopg.connect(conninfo) as connection:
        connection.execute(_SQL["hold_snapshot"])
        return read_frames(connection)


def read_frames(connection: psycopg.Connection) -> Export:
    """Everything that the connection's role sees; the transaction is the caller's."""
    return Export(**{field.name: _frame(connection, field.name) for field in fields(Export)})


def _frame(connection: psycopg.Connection, name: str) -> pd.DataFrame:
    columns = COLUMNS[name]
    rows = connection.execute(_SQL[name]).fetchall()
    # By way of object columns: an empty frame gets its types too.
    frame = pd.DataFrame(rows, columns=list(columns), dtype="object")
    return frame.astype(dict(columns))
