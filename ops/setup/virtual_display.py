"""A display of our own for the phone app's window, ended by its id."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from ops.setup.tools import XVFB

_SCREEN = ("-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset")


@contextmanager
def virtual_display() -> Iterator[None]:
    """Set DISPLAY to a fresh Xvfb while the block runs; without Xvfb nothing changes.

    Xvfb itself picks a free display number, so that runs beside each other do not collide.
    """
    program = XVFB.find()
    if program is None:
        yield
        return
    before = os.environ.get("DISPLAY")
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as words:
        server = subprocess.Popen(
            [program, "-displayfd", str(writing), *_SCREEN],
            pass_fds=(writing,),
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
        os.close(writing)
        try:
            with os.fdopen(reading, encoding="ascii") as told:
                number = told.readline().strip()  # empty if Xvfb ended instead
            if not number:
                words.seek(0)
                raise RuntimeError(f"Xvfb: {words.read().decode(errors='replace').strip()}")
            os.environ["DISPLAY"] = f":{number}"
            yield
        finally:
            server.terminate()
            server.wait()
            if before is None:
                os.environ.pop("DISPLAY", None)
            else:
                os.environ["DISPLAY"] = before
