"""A page of a series as columns, the same in every format."""

from typing import Any

import numpy as np
import pyarrow as pa

from analytics.series.pages import FIGURES, Page
from analytics.series.wanted import Step

ZONE = "Asia/Shanghai"
_NAMES = ("station", "device", "sensor", "quantity", "unit")
_EPOCH_US = 946_684_800_000_000  # 2000-01-01 after 1970-01-01


def columns_of(step: Step) -> list[str]:
    """Names of the columns of a step, in order."""
    return list(schema_of(step).names)


def schema_of(step: Step) -> Any:
    """The Arrow schema of a step; times in Asia/Shanghai, to the microsecond."""
    fields = [(name, pa.string()) for name in _NAMES]
    fields += [("position_m", pa.float64()), ("time", pa.timestamp("us", tz=ZONE))]
    if step == "raw":
        fields += [("value", pa.float64()), ("quality", pa.int16())]
    else:
        fields += [("count", pa.int32()), *((name, pa.float64()) for name in FIGURES)]
    return pa.schema(fields)


def as_table(page: Page, step: Step) -> Any:
    """The page as an Arrow record batch; what is not there (NaN) is null."""
    rows, sensor = page.rows, page.sensor
    given: dict[str, Any] = {
        name: pa.repeat(pa.scalar(getattr(sensor, name), pa.string()), len(rows)) for name in _NAMES
    }
    given["position_m"] = pa.repeat(pa.scalar(sensor.position_m, pa.float64()), len(rows))
    schema = schema_of(step)
    given["time"] = pa.array(rows["time"].astype(np.int64) + _EPOCH_US).cast(
        schema.field("time").type
    )
    for name in schema.names[len(given) :]:
        kind = schema.field(name).type
        native = rows[name].astype(rows[name].dtype.newbyteorder("="))
        given[name] = pa.array(native, kind, from_pandas=True)
    return pa.record_batch([given[name] for name in schema.names], schema)
