"""Journeys run on the people of the server tests and on real programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.programs import Programs
from tests.server.conftest import password_hash, world

__all__ = ["password_hash", "programs", "world"]


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    """A starter of programs; what it started ends with the test."""
    programs = Programs(tmp_path)
    try:
        yield programs
    finally:
        programs.stop()
