"""`python -m ops`: the command line, as `./tepai` starts it."""

import contextlib

from ops.command import main
from ops.texts import compile_stale

if __name__ == "__main__":
    # A folder that is another user's stays as it is: its texts are then Chinese where stale.
    with contextlib.suppress(OSError):
        compile_stale()
    main()
