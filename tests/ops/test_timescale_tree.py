"""The private TimescaleDB tree: where from, and when it must be made anew."""

import subprocess
from pathlib import Path

import pytest

from ops.embedded import debian_mirror
from ops.embedded.debian_mirror import DebianError, PrivateApt, mirror, unpack
from ops.embedded.timescale import is_unpacked


def _apt_says(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    done = subprocess.CompletedProcess[str]([], 0, words, "")
    monkeypatch.setattr(debian_mirror, "_run", lambda _: done)
    monkeypatch.setattr("ops.embedded.debian_mirror.shutil.which", lambda _: "/usr/bin/x")
    monkeypatch.delenv("TEPAI_DEBIAN_MIRROR", raising=False)


def test_mirror_is_the_one_that_apt_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    _apt_says(
        monkeypatch,
        "'http://example.org/debian-security/dists/bookworm-security/InRelease' a 0 \n"
        "'http://example.org/debian/dists/bookworm/InRelease' b 0 \n",
    )
    assert mirror() == "http://example.org/debian"


def test_machine_without_a_debian_mirror_is_told_what_to_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _apt_says(monkeypatch, "'http://example.org/ubuntu/dists/noble/InRelease' a 0 \n")
    with pytest.raises(DebianError, match="TEPAI_DEBIAN_MIRROR"):
        mirror()
    monkeypatch.setenv("TEPAI_DEBIAN_MIRROR", "http://example.org/debian/")
    assert mirror() == "http://example.org/debian"


def test_unreachable_mirror_is_an_error_with_apts_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TEPAI_DEBIAN_MIRROR", "http://127.0.0.1:9/debian")
    if debian_mirror.shutil.which("apt-get") is None:
        pytest.skip("no apt-get here")
    with pytest.raises(DebianError, match=r"127\.0\.0\.1"):
        PrivateApt(tmp_path / "路径 with 空格").update()


def test_broken_package_is_an_error(tmp_path: Path) -> None:
    if debian_mirror.shutil.which("dpkg") is None:
        pytest.skip("no dpkg here")
    broken = tmp_path / "a.deb"
    broken.write_bytes(b"half")
    with pytest.raises(DebianError, match="解开软件包失败"):
        unpack([broken], tmp_path / "into", lambda _: None)


def test_tree_that_was_moved_or_half_made_is_not_taken(tmp_path: Path) -> None:
    folder = tmp_path / "timescale"
    folder.mkdir()
    assert not is_unpacked(folder)
    (folder / "complete").write_text(str(folder), encoding="utf-8")
    assert is_unpacked(folder)
    moved = folder.rename(tmp_path / "elsewhere")
    assert not is_unpacked(moved)
