"""Install Debian's packages: as root on Debian or Ubuntu only."""

import os
import shutil
import subprocess
from collections.abc import Sequence


def can_install() -> bool:
    """Whether we may run apt-get here."""
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str]) -> bool:
    """Install the packages with apt-get, its words on the terminal; whether it worked.

    What another install has locked is waited for.
    """
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    wait = ("-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3")
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *wait, *packages]
    refresh = ["apt-get", "update", "-q", *wait]
    return all(
        subprocess.run(step, env=quiet, check=False, stdin=subprocess.DEVNULL).returncode == 0
        for step in (refresh, command)
    )


def install_line(packages: Sequence[str]) -> str:
    """What a person types to have them."""
    sudo = "" if os.name == "posix" and os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install {' '.join(packages)}"
