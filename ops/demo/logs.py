"""Log files of the demo: kept from growing for ever, and read from their end."""

from pathlib import Path

LARGEST_BYTES = 10 * 1024 * 1024
_TAIL_BYTES = 16 * 1024


def rotate(log: Path, largest_bytes: int = LARGEST_BYTES) -> None:
    """Move a log that has grown too large aside, over the one moved aside before."""
    if log.exists() and log.stat().st_size > largest_bytes:
        log.replace(log.with_name(f"{log.name}.1"))


def last_lines(log: Path, count: int = 15) -> list[str]:
    """The last lines, fewer if there are no more; none if there is no log."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL_BYTES))
        return file.read().decode("utf-8", "replace").splitlines()[-count:]
