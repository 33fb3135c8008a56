"""How the gateway is: measured once a second, told as a file and as text for Prometheus.

The file is JSON with the fields of `Status`; `ops.gateway_status` reads it.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

# Field of `Status` -> kind and meaning of the metric `tepai_gateway_<field>`.
_METRICS: Mapping[str, tuple[str, str]] = {
    "queue_messages": ("gauge", "Messages in memory, neither written nor in the spool."),
    "spool_messages": ("gauge", "Messages in the spool."),
    "spool_bytes": ("gauge", "Bytes of the spool on the disk."),
    "oldest_unwritten_seconds": ("gauge", "Age of the oldest message not yet in the database."),
    "messages_total": ("counter", "Messages acknowledged since the start."),
    "readings_total": ("counter", "Readings written since the start."),
    "database_connected": ("gauge", "1 while the database takes what is written."),
    "broker_connected": ("gauge", "1 while the subscription stands."),
    "last_commit_timestamp_seconds": ("gauge", "When the last transaction ended; 0: none yet."),
}


@dataclass(frozen=True, slots=True)
class Status:
    """One look at the gateway; instants are seconds since 1970 (UTC).

    Attributes
    ----------
    pid, client_id : which gateway
    started_at, written_at : when it began, and when this was measured
    spool_limit_bytes : 0 without a spool
    oldest_unwritten_seconds : 0 if all that arrived is in the database. [s]
    rejected_total : readings and messages by reason, since the start
    stopped : it has ended properly
    """

    pid: int
    client_id: str
    started_at: float
    written_at: float
    queue_messages: int
    spool_messages: int
    spool_bytes: int
    spool_limit_bytes: int
    oldest_unwritten_seconds: float
    messages_total: int
    readings_total: int
    rejected_total: Mapping[str, int]
    database_connected: bool
    broker_connected: bool
    last_commit_timestamp_seconds: float
    stopped: bool = False


def prometheus_text(status: Status) -> str:
    """The status in Prometheus' text format (version 0.0.4)."""
    return "\n".join(_metric_lines(status)) + "\n"


def _metric_lines(status: Status) -> Iterator[str]:
    for field, (kind, meaning) in _METRICS.items():
        yield f"# HELP tepai_gateway_{field} {meaning}"
        yield f"# TYPE tepai_gateway_{field} {kind}"
        yield f"tepai_gateway_{field} {float(getattr(status, field)):.15g}"
    yield "# HELP tepai_gateway_rejected_total Readings and messages rejected, by reason."
    yield "# TYPE tepai_gateway_rejected_total counter"
    for reason, count in sorted(status.rejected_total.items()):
        yield f'tepai_gateway_rejected_total{{reason="{reason}"}} {count}'


class StatusFile:
    """Writes the status where `./tepai gateway status` finds it; whole or not at all."""

    def __init__(self, path: Path, measure: Callable[[], Status]) -> None:
        self._path = path
        self._measure = measure
        self._at = float("-inf")

    def write_if_due(self, *, stopped: bool = False) -> None:
        """Write, at most once a second unless it is the last time; OSError if it cannot be."""
        now = time.monotonic()
        if now - self._at < 1 and not stopped:
            return
        self._at = now
        content = asdict(self._measure()) | {"stopped": stopped}
        half = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(json.dumps(content), encoding="utf-8")
        half.replace(self._path)
