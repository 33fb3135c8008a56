"""The demo's data, generated once for all tests of this folder."""

import pytest

from ops.demo_data.generate import generate
from ops.demo_data.rows import DemoData


@pytest.fixture(scope="session")
def demo() -> DemoData:
    return generate()
