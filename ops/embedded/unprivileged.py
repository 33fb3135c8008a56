"""PostgreSQL refuses to run as root; these choose another user and a folder it can reach."""

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

# Where a root-run demo keeps its cluster when the project lies under a closed folder such as /root.
ROOT_STATE = Path("/var/lib/tepai")


@dataclass(frozen=True, slots=True)
class RunAs:
    """The user that the database server runs as; None of both where we are not root."""

    uid: int | None
    gid: int | None

    def own(self, path: Path) -> None:
        """Give a folder and all in it to the user."""
        if self.uid is None or self.gid is None:
            return
        for folder, _, files in os.walk(path):
            os.chown(folder, self.uid, self.gid)
            for file in files:
                os.chown(Path(folder, file), self.uid, self.gid, follow_symlinks=False)


def choose_user() -> RunAs:
    """Nobody special as an ordinary user; as root the machine's `postgres`, else `nobody`."""
    if os.name != "posix" or os.geteuid() != 0:
        return RunAs(None, None)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return RunAs(entry.pw_uid, entry.pw_gid)
    raise RuntimeError("running as root, and the machine has neither a user postgres nor nobody")


def reachable_folder(wanted: Path, run_as: RunAs) -> Path:
    """The folder itself if the user can walk to it, else one under /var/lib/tepai of its own."""
    if run_as.uid is None or _others_may_walk(wanted):
        return wanted
    mark = hashlib.sha256(str(wanted.resolve()).encode()).hexdigest()[:12]
    return ROOT_STATE / f"{wanted.name}-{mark}"


def reachable_programs(programs: Path, run_as: RunAs) -> Path:
    """An installation tree (bin, lib, share) that the user can run, copied once if need be."""
    if run_as.uid is None or _others_may_walk(programs):
        return programs
    mark = hashlib.sha256(f"{programs}{programs.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = ROOT_STATE / f"postgresql-{mark}"
    if not copy.exists():
        ROOT_STATE.mkdir(parents=True, exist_ok=True)
        ROOT_STATE.chmod(0o755)
        half = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(programs, half, symlinks=True)
        half.chmod(0o755)
        try:
            half.rename(copy)
        except OSError:  # another process was quicker
            shutil.rmtree(half)
    return copy


def _others_may_walk(path: Path) -> bool:
    existing = path.resolve()
    while not existing.exists():
        existing = existing.parent
    return all(
        folder.stat().st_mode & stat.S_IXOTH
        for folder in (existing, *existing.parents)
        if folder.is_dir()
    )
