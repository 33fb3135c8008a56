"""A series as Parquet: zstd, one row group per page, what it is about in the file's metadata."""

from collections.abc import Iterable, Mapping
from typing import BinaryIO

import pyarrow.parquet as pq

from analytics.series.pages import Page
from analytics.series.table import as_table, schema_of
from analytics.series.wanted import Step


def write_parquet(
    file: BinaryIO, pages: Iterable[Page], step: Step, about: Mapping[str, str]
) -> None:
    """Write the whole series into an open file; `about` goes into the footer as key and value."""
    schema = schema_of(step).with_metadata({f"tepai.{key}": text for key, text in about.items()})
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for page in pages:
            writer.write_batch(as_table(page, step).replace_schema_metadata(schema.metadata))
