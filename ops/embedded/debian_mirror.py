"""Packages of Debian 13 (trixie), fetched and unpacked into a folder of our own.

apt does the work with lists, cache and status of its own: nothing of the machine's is changed, and
no right but writing into the folder is needed. The mirror is the machine's own.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from contracts.texts import mark

RELEASE = "trixie"
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_INDEX = re.compile(r"^'(?P<mirror>\S+?)/dists/(?P<dist>[^/']+)/InRelease'", re.MULTILINE)
_UNKNOWN_KEY = ("NO_PUBKEY", "Missing key", "not signed")
# Debian's releases: a mirror that serves one of them serves trixie as well.
_DEBIAN_RELEASES = frozenset(
    {"bullseye", "bookworm", "trixie", "forky", "sid"}
    | {"oldstable", "stable", "testing", "unstable"}
)


class DebianError(RuntimeError):
    """Packages could not be had; the message is Chinese and translatable, `members` fill it."""

    def __init__(self, sentence: str, **members: str) -> None:
        """Keep the sentence and what fills it."""
        super().__init__(sentence % members)
        self.sentence = sentence
        self.members = members


def mirror() -> str:
    """Address of the Debian mirror that the machine's apt uses; TEPAI_DEBIAN_MIRROR overrides."""
    if chosen := os.environ.get("TEPAI_DEBIAN_MIRROR"):
        return chosen.rstrip("/")
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise DebianError(
            mark("本机没有 apt-get 和 dpkg:TimescaleDB 只能在 Debian 或 Ubuntu 上取得")
        )
    listed = _run(["apt-get", "update", "--print-uris"])
    for found in _INDEX.finditer(listed.stdout):
        if found["dist"] in _DEBIAN_RELEASES:
            return found["mirror"]
    raise DebianError(
        mark("本机的 apt 没有 Debian 镜像；请设置 TEPAI_DEBIAN_MIRROR 为一个 Debian 镜像的地址")
    )


class PrivateApt:
    """apt with everything it writes inside one folder."""

    def __init__(self, folder: Path) -> None:
        """Make the folder and its list of sources."""
        self._folder = folder
        for part in ("lists/partial", "cache/archives/partial", "debs"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        signed = f"[signed-by={_KEYRING}] " if _KEYRING.exists() else ""
        source = f"deb {signed}{mirror()} {RELEASE} main\n"
        (folder / "sources.list").write_text(source, encoding="ascii")
        # apt splits its own options at spaces, but takes paths with them from a file.
        (folder / "apt.conf").write_text(self._config(), encoding="utf-8")

    def update(self) -> None:
        """Read the release's list of packages."""
        done = self._apt("-q", "update", "-o", "APT::Update::Error-Mode=any")
        if done.returncode == 0:
            return
        if any(word in done.stderr + done.stdout for word in _UNKNOWN_KEY):
            raise DebianError(
                mark(
                    "本机不认识 Debian %(release)s 的签名；请先更新密钥："
                    "apt-get install debian-archive-keyring"
                ),
                release=RELEASE,
            )
        raise DebianError(mark("读取 Debian 软件包列表失败：%(words)s"), words=_last(done))

    def closure(self, names: Sequence[str]) -> list[str]:
        """The packages and all that they need, as for an empty machine."""
        done = self._apt("-s", "-y", "--no-install-recommends", "install", *names)
        if done.returncode != 0:
            raise DebianError(mark("Debian 软件包依赖不全：%(words)s"), words=_last(done))
        return re.findall(r"^Inst (\S+)", done.stdout, re.MULTILINE)

    def download(self, names: Sequence[str]) -> list[Path]:
        """The packages' files, checked against the signed list."""
        done = self._apt("-q", "download", *names, cwd=self._folder / "debs")
        if done.returncode != 0:
            raise DebianError(mark("下载 Debian 软件包失败：%(words)s"), words=_last(done))
        return sorted((self._folder / "debs").glob("*.deb"))

    def _apt(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "APT_CONFIG": str(self._folder / "apt.conf"), "LC_ALL": "C"}
        return _run(["apt-get", *arguments], environment, cwd)

    def _config(self) -> str:
        values = {
            "Dir::State::lists": self._folder / "lists",
            "Dir::State::status": "/dev/null",
            "Dir::Cache": self._folder / "cache",
            "Dir::Etc::sourcelist": self._folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "APT::Sandbox::User": "root",  # the user _apt could not write into our folder
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        return "".join(f'{key} "{value}";\n' for key, value in values.items())


def unpack(debs: Sequence[Path], into: Path, progress: Callable[[int], None]) -> None:
    """Unpack the files of packages; none of their scripts runs."""
    for number, deb in enumerate(debs, start=1):
        done = _run(["dpkg", "-x", str(deb), str(into)])
        if done.returncode != 0:
            raise DebianError(mark("解开软件包失败：%(words)s"), words=_last(done))
        progress(number)


def _run(
    command: Sequence[str], environment: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, cwd=cwd
    )


def _last(done: subprocess.CompletedProcess[str]) -> str:
    lines = (done.stderr or done.stdout).strip().splitlines()
    return " | ".join(lines[-3:])
