"""A series as CSV: plain ASCII, comma, LF, one header line, ISO 8601 times with their offset.

No byte-order mark: codes, keys and UCUM units are ASCII by their definition, so no spreadsheet
can take them for another encoding, and no program stumbles over a mark in the first heading.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from analytics.series.pages import Page
from analytics.series.table import as_table, columns_of
from analytics.series.wanted import Step

_OPTIONS = pa.csv.WriteOptions(include_header=False, quoting_style="needed")


def csv_parts(pages: Iterable[Page], step: Step) -> Iterator[bytes]:
    """The header, then the lines of one page after the other."""
    yield (",".join(columns_of(step)) + "\n").encode()
    for page in pages:
        yield _lines(page, step)


def write_csv(file: BinaryIO, pages: Iterable[Page], step: Step) -> None:
    """Write the whole series into an open file."""
    file.writelines(csv_parts(pages, step))


def _lines(page: Page, step: Step) -> bytes:
    table = as_table(page, step)
    place = table.schema.names.index("time")
    table = table.set_column(place, "time", iso_times(table.column("time")))
    target = BytesIO()
    pa.csv.write_csv(table, target, _OPTIONS)
    return target.getvalue()


def iso_times(times: Any) -> Any:
    """Texts as 2026-05-31T08:00:00+08:00; with microseconds only where there are some."""
    local = pc.local_timestamp(times)
    whole = pc.floor_temporal(local, unit="second")
    texts = pc.if_else(
        pc.equal(local, whole),
        local.cast(pa.timestamp("s"), safe=False).cast(pa.string()),
        local.cast(pa.string()),
    )
    # The zone has had one offset since 1991, and readings begin in 2000.
    return pc.binary_join_element_wise(pc.replace_substring(texts, " ", "T"), "+08:00", "")
