"""`./tepai` in a small project of its own: real sh, venv, pip and npm, but nothing to download.

The whole set-up is what CI does in every fresh clone; here are the circumstances it does not meet.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ops.texts import ROOT

pytestmark = pytest.mark.journey  # about two seconds each: venv and pip are real

_MAIN = """\
import os, pathlib, sys
print("ran", pathlib.Path(os.getcwd()).name, *sys.argv[1:])
"""
_LOCK = '{"name": "a", "lockfileVersion": 3, "requires": true, "packages": {"": {"name": "a"}}}\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "路径 with 空格"
    (root / "ops").mkdir(parents=True)
    shutil.copy(ROOT / "tepai", root)
    (root / "requirements.lock").write_text("# nothing\n")
    (root / "package.json").write_text('{"name": "a", "private": true}\n')
    (root / "package-lock.json").write_text(_LOCK)
    (root / "ops/__init__.py").touch()
    (root / "ops/__main__.py").write_text(_MAIN)
    (root / "ops/texts.py").write_text('print("texts")\n')
    return root


def _environment(**more: str) -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return {**kept, "LC_ALL": "C", "TEPAI_LANG": "en", "TEPAI_PYTHON": sys.executable, **more}


def _run(project: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [project / "tepai", *arguments],
        cwd=project.parent,
        env=_environment(**more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def _stub(folder: Path, name: str, script: str) -> str:
    """PATH on which `name` is this shell script."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def _wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_first_use_sets_up_and_second_does_nothing_more(project: Path, tmp_path: Path) -> None:
    (project.parent / "ops").mkdir()  # a stranger's folder of that name where the user stands
    (project.parent / "ops/__main__.py").write_text("print('wrong')\n")
    first = _run(project, "demo", "--port", "8000 甲")
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"ran {project.parent.name} demo --port 8000 甲\n"
    assert "set-up done" in first.stderr
    path = _stub(tmp_path / "bin", "npm", "exit 1")  # nothing to fetch with
    begun = time.monotonic()
    second = _run(project, "--help", PATH=path, PIP_NO_INDEX="1")
    assert (second.returncode, second.stderr) == (0, "")
    assert time.monotonic() - begun < 2


def test_words_are_chinese_unless_asked_otherwise(project: Path) -> None:
    done = _run(project, TEPAI_LANG="", LC_ALL="C", TEPAI_PYTHON="/bin/false")
    assert done.returncode == 1
    assert "不是 Python 3.11" in done.stderr
    assert "is not Python 3.11" in _run(project, TEPAI_PYTHON="/bin/false").stderr


def test_changed_lock_file_is_installed(project: Path) -> None:
    _run(project)
    kept = project / ".venv/kept"
    kept.touch()
    (project / "requirements.lock").write_text("# nothing new\n")
    assert "set-up done" in _run(project).stderr
    assert kept.exists()  # what runs from .venv just now is not torn away
    assert _run(project).stderr == ""


def test_failed_download_is_told_and_the_next_use_goes_on(project: Path, tmp_path: Path) -> None:
    path = _stub(tmp_path / "bin", "npm", "case $1 in --version) ;; *) echo ENOSPC; exit 1 ;; esac")
    first = _run(project, PATH=path)
    assert first.returncode == 1
    assert "the disk is full" in first.stderr
    assert "run again to go on" in first.stderr
    assert not (project / ".tepai/setup.lock").exists()
    second = _run(project)
    assert second.returncode == 0
    assert "Python packages" not in second.stderr  # those were finished the first time


def test_killed_set_up_is_repaired(project: Path, tmp_path: Path) -> None:
    path = _stub(tmp_path / "bin", "npm", "case $1 in --version) ;; *) sleep 60 ;; esac")
    with subprocess.Popen(
        [project / "tepai"], env=_environment(PATH=path), start_new_session=True
    ) as first:
        _wait_until((project / ".venv/.tepai-packages").exists)
        os.killpg(first.pid, signal.SIGKILL)
    assert (project / ".tepai/setup.lock").exists()
    (project / ".venv/.tepai-packages").unlink()  # as if killed while pip was busy
    shutil.rmtree(project / ".venv/lib")
    second = _run(project, "x")
    assert second.returncode == 0, second.stderr
    assert second.stdout.endswith(" x\n")


def test_interrupted_set_up_leaves_no_lock_and_no_process(project: Path, tmp_path: Path) -> None:
    busy = tmp_path / "busy"
    script = f'case $1 in --version) ;; *) echo $$ >"{busy}"; exec sleep 60 ;; esac'
    path = _stub(tmp_path / "bin", "npm", script)
    with subprocess.Popen([project / "tepai"], env=_environment(PATH=path)) as first:
        _wait_until(lambda: busy.exists() and busy.read_text().strip() != "")
        first.send_signal(signal.SIGTERM)
        assert first.wait(20) == 143
    assert not (project / ".tepai/setup.lock").exists()
    _wait_until(lambda: not Path(f"/proc/{busy.read_text().strip()}/fd").exists())


def test_two_first_uses_wait_for_one_another(project: Path) -> None:
    both = [
        subprocess.Popen(
            [project / "tepai", str(number)],
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for number in (1, 2)
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("set-up done" in errors for _, errors in said) == 1
    assert sum("waiting for it" in errors for _, errors in said) == 1


def test_lock_of_a_process_that_is_gone_is_taken_over(project: Path) -> None:
    lock = project / ".tepai/setup.lock"
    lock.mkdir(parents=True)
    (lock / "pid").write_text(f"{os.getpid()} 1\n")  # our id, but born at another time
    assert _run(project).returncode == 0
    assert not lock.exists()


def test_python_without_ensurepip_is_filled_by_its_own_pip(project: Path, tmp_path: Path) -> None:
    (tmp_path / "block").mkdir()
    (tmp_path / "block/ensurepip.py").write_text("raise ImportError\n")
    script = f'PYTHONPATH="{tmp_path}/block" exec "{sys.executable}" "$@"'
    _stub(tmp_path / "bin", "bare-python", script)
    done = _run(project, "x", TEPAI_PYTHON=str(tmp_path / "bin/bare-python"))
    assert done.returncode == 0, done.stderr
    assert (project / ".venv/bin/python").exists()
    assert not (project / ".venv/bin/pip").exists()


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_launcher_works_through_a_link(project: Path, tmp_path: Path) -> None:
    link = tmp_path / "my tool"
    link.symlink_to(project / "tepai")
    done = subprocess.run([link], env=_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
