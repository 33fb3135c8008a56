"""The display of the window tests is our own, and gone afterwards."""

import os
from pathlib import Path

import pytest

from ops.setup.tools import XVFB
from ops.setup.virtual_display import virtual_display

_SOCKETS = Path("/", "tmp", ".X11-unix")  # where X itself puts them


@pytest.mark.window
def test_two_displays_at_once_differ_and_both_end() -> None:
    if XVFB.find() is None:
        pytest.skip("Xvfb is missing; on Debian: apt-get install xvfb")
    before = os.environ.get("DISPLAY")
    with virtual_display():
        first = os.environ["DISPLAY"]
        with virtual_display():
            second = os.environ["DISPLAY"]
            assert (_SOCKETS / f"X{second[1:]}").exists()
        assert os.environ["DISPLAY"] == first != second
    assert os.environ.get("DISPLAY") == before
    assert not (_SOCKETS / f"X{second[1:]}").exists()
