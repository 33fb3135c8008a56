"""Rules of the house that no linter holds: imports, SQL's place, sizes, names, fresh catalogue."""

import ast
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from contracts.form_schema import CATALOGUE
from contracts.forms.catalogue import catalogue_text
from ops.texts import PACKAGES, ROOT

_SIZED = {".py", ".sql", ".js", ".css", ".kv", ".html"}
_CEILING, _TEST_CEILING, _MEDIAN = 400, 600, 100
_BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
_STATEMENT = re.compile(
    r"\s*(select\s.+\sfrom\s|select\s+\w+\(|insert\s+into\s|update\s.+\sset\s|delete\s+from\s"
    r"|create\s+(table|index|view|role|schema|function|database)\s|alter\s+(table|role|database)\s"
    r"|drop\s+(table|index|view|role|schema|database)\s|copy\s+\w.*\s(from|to)\s)",
    re.IGNORECASE | re.DOTALL,
)


def _tracked() -> list[PurePosixPath]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git work tree")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = [name for name in listed.stdout.split("\0") if name]
    return [PurePosixPath(name) for name in names if (ROOT / name).is_file()]


def _lines(name: PurePosixPath) -> int:
    return len((ROOT / name).read_text(encoding="utf-8").splitlines())


def _tracked_source() -> list[PurePosixPath]:
    return [name for name in _tracked() if name.suffix in _SIZED]


def test_imports_point_one_way() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as main; main()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_form_catalogue_is_fresh() -> None:
    assert CATALOGUE.read_text(encoding="utf-8") == catalogue_text(), (
        "run: python -m contracts.forms.catalogue"
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_sql_stands_in_sql_files_only(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in (ROOT / package).rglob("*.py")
        for line in _sql_lines(path)
    ]
    assert not found


def _sql_lines(path: Path) -> list[int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = _docstrings(tree)
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in prose
        and _STATEMENT.match(node.value)
    ]


def _docstrings(tree: ast.Module) -> set[int]:
    """Strings that stand alone: docstrings, whose first word may well be `Select`."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def test_sql_scan_would_find_a_statement(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text('"""Select a row from it."""\nx = "select id from household"\n')
    assert _sql_lines(file) == [2]


def test_no_file_is_too_long() -> None:
    too_long = {
        str(name): _lines(name)
        for name in _tracked_source()
        if _lines(name) > (_TEST_CEILING if name.parts[0] == "tests" else _CEILING)
    }
    assert not too_long


def test_median_module_is_short() -> None:
    sizes = sorted(_lines(name) for name in _tracked_source() if name.suffix == ".py")
    assert sizes[len(sizes) // 2] <= _MEDIAN


def test_no_module_is_named_for_nothing() -> None:
    named = [
        str(name)
        for name in _tracked_source()
        if _BANNED_NAMES & {name.stem, *(part for part in name.parts[:-1])}
    ]
    assert not named
