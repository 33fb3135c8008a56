"""Fixtures of the phone's tests. `tests.mobile.phone` sets Kivy's environment at import."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mobile.clock import CITY
from mobile.settings import Settings
from mobile.store import Store
from ops.texts import compile_stale
from tests.mobile.fake_server import FakeServer, serving
from tests.mobile.phone import Phone, display

NOW = datetime(2026, 5, 31, 14, 20, tzinfo=CITY)


@pytest.fixture(scope="session", autouse=True)
def _compiled_texts() -> None:
    compile_stale()


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A fake server on a free port."""
    with serving() as fake:
        yield fake


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A phone's store with nobody in it."""
    store = Store.open(tmp_path, NOW)
    yield store
    store.close()


@pytest.fixture(scope="session")
def _display() -> Iterator[None]:
    with display():
        yield


@pytest.fixture
def start(_display: None, server: FakeServer, tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Starts the app against the fake server; what is started is stopped."""
    with ExitStack() as stack:

        def starting(language: str = "zh", **more: Any) -> Phone:
            settings = Settings(server.url, tmp_path / "phone", language)  # type: ignore[arg-type]
            return stack.enter_context(Phone(settings, now=lambda: NOW, **more))

        yield starting
