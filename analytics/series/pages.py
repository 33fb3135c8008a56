"""Series out of the database, one page at a time: what is held is never more than a page.

Each page is a short transaction of its own and begins behind the last row of the one before
(sensor and time are the key, so none comes twice). However slowly the rows are taken, no
transaction stays open and no connection is held. A reading that arrives meanwhile is in the
export if its place was not passed yet.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql
from psycopg.rows import DictRow

from analytics.series.wanted import SensorSeries, Step, Wanted
from contracts.sql_files import beside

PAGE_ROWS = 65_536
FIGURES = ("min", "max", "mean", "sum", "first", "last")
_SQL = beside(__file__)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL counts microseconds from here
# Through a security view PostgreSQL sorts all that a span holds before it gives the first rows: a
# page looks no further ahead than about what fills it.
_WINDOW, _WIDEST = timedelta(days=31), timedelta(days=3660)
_SIGNATURE, _TRAILER = 19, 2

Connections = Callable[[], AbstractContextManager[psycopg.Connection[DictRow]]]
Rows = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Sources:
    """Names of the relations to read: the tables, or the views of what an actor may see."""

    raw: str = "reading"
    hour: str = "reading_hour"
    day: str = "reading_day"

    def of(self, step: Step) -> sql.Identifier:
        """The relation that holds a step."""
        return sql.Identifier(getattr(self, step))


TABLES = Sources()
VISIBLE = Sources("reading_visible", "reading_hour_visible", "reading_day_visible")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one sensor.

    Attributes
    ----------
    rows : raw: time, value, quality; else time, count and `FIGURES`. Times in microseconds since
        2000-01-01 UTC, values in the sensor's unit, a figure that is not there NaN
    """

    sensor: SensorSeries
    rows: Rows


def read_pages(
    connections: Connections, sources: Sources, wanted: Wanted, most: int = PAGE_ROWS
) -> Iterator[Page]:
    """The series of all wanted sensors in pages of at most `most` rows; empty ones left out.

    Raises
    ------
    psycopg.Error
        If the database fails; what came before stands.
    """
    for sensor in wanted.sensors:
        start, window = wanted.start, _WINDOW
        while start < wanted.end:
            end = min(wanted.end, start + window)
            with connections() as connection:
                rows = _page(connection, sources, wanted.step, sensor.id, (start, end), most)
            if len(rows):
                yield Page(sensor, rows)
            if len(rows) < most:
                start, window = end, min(2 * window, _WIDEST)
            else:
                last = int(rows["time"][-1])
                start, window = _EPOCH + timedelta(microseconds=last + 1), window / 2


def expected_rows(connection: psycopg.Connection[DictRow], sources: Sources, wanted: Wanted) -> int:
    """About how many rows there will be, by the rollups; 0 if those know of none."""
    counted: Step = "day" if wanted.step == "day" else "hour"
    query = sql.SQL(_SQL[f"expect_{wanted.step}"]).format(source=sources.of(counted))
    ids = [sensor.id for sensor in wanted.sensors]
    row = connection.execute(
        query, {"sensor_ids": ids, "start": wanted.start, "end": wanted.end}
    ).fetchone()
    return int(row["rows"]) if row else 0


def row_type(step: Step) -> np.dtype[Any]:
    """One row of binary COPY: a field count, then length and value of each field, big-endian."""
    values = [("value", ">f8"), ("quality", ">i2")]
    if step != "raw":
        values = [("count", ">i4"), *((name, ">f8") for name in FIGURES)]
    fields = [("fields", ">i2")]
    for name, kind in [("time", ">i8"), *values]:
        fields += [(f"{name}_length", ">i4"), (name, kind)]
    return np.dtype(fields)


def _page(
    connection: psycopg.Connection[DictRow],
    sources: Sources,
    step: Step,
    sensor_id: int,
    span: tuple[datetime, datetime],
    most: int,
) -> Rows:
    query = sql.SQL(_SQL[f"page_{step}"]).format(source=sources.of(step))
    parameters = {"sensor_id": sensor_id, "start": span[0], "end": span[1], "most": most}
    with connection.cursor() as cursor, cursor.copy(query, parameters) as copy:
        taken = bytearray().join(copy)
    kind = row_type(step)
    count, left = divmod(len(taken) - _SIGNATURE - _TRAILER, kind.itemsize)
    if left:
        raise psycopg.DataError(f"{step}: the columns are not those of the format")
    return np.frombuffer(taken, kind, count, _SIGNATURE)
