"""Compile gettext catalogues (`python -m ops.texts`) and find the texts that programs use."""

import ast
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.texts import DOMAIN

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("contracts", "server", "gateway", "mobile", "sensors_sim", "analytics", "ops")

_FUNCTIONS = frozenset({"mark", "translate", "_", "t"})
# In a kv file: _('文字') or app.t("文字").
_KV_CALL = re.compile(r"""(?:\b_|\.t)\(\s*(?P<quote>['"])(?P<text>.*?)(?<!\\)(?P=quote)""")


def compile_stale(root: Path = ROOT) -> list[Path]:
    """Compile every catalogue whose `.mo` is missing or older; the files written."""
    return [write_compiled(po) for po in catalogues(root) if _stale(po)]


def catalogues(root: Path = ROOT) -> list[Path]:
    """The `.po` files of all programs, and of the words of Typer."""
    return sorted(root.glob("*/texts/*/LC_MESSAGES/*.po"))


def write_compiled(po: Path) -> Path:
    """Compile one catalogue; the `.mo` appears whole or not at all."""
    from babel.messages.mofile import write_mo  # here, so that `--help` need not wait for Babel

    catalogue = _read(po)
    target = po.with_suffix(".mo")
    handle, half = tempfile.mkstemp(dir=po.parent, prefix=".half-")
    with os.fdopen(handle, "wb") as file:
        write_mo(file, catalogue)
    Path(half).chmod(0o644)
    Path(half).replace(target)
    return target


def used_texts(package: str, root: Path = ROOT) -> set[str]:
    """Every message id that a program's Python, templates and kv files ask for."""
    folder = root / package
    used: set[str] = set()
    for path in folder.rglob("*.py"):
        used |= set(_python_texts(path))
    for path in folder.rglob("*.html"):
        used |= set(_template_texts(path))
    for path in folder.rglob("*.kv"):
        calls = _KV_CALL.finditer(path.read_text(encoding="utf-8"))
        used |= {call["text"] for call in calls}
    return used


def translations(package: str, language: str, root: Path = ROOT) -> dict[str, str]:
    """Message id to translation, of the package's own catalogue; empty if it has none."""
    po = root / package / "texts" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not po.exists():
        return {}
    return {
        message.id: message.string
        for message in _read(po)
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id
    }


def cli_language() -> str:
    """The command line's language: TEPAI_LANG, else the locale's if it is English, else Chinese."""
    for name in ("TEPAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def _read(po: Path) -> "Catalog":
    from babel.messages.pofile import read_po

    with po.open("rb") as source:
        return read_po(source, locale=po.parent.parent.name, domain=DOMAIN, abort_invalid=True)


def _stale(po: Path) -> bool:
    compiled = po.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < po.stat().st_mtime_ns


def _python_texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else None
        name = function.id if isinstance(function, ast.Name) else name
        first = node.args[0]
        if (
            name in _FUNCTIONS
            and isinstance(first, ast.Constant)
            and isinstance(first.value, str)
            and any(character > "ÿ" for character in first.value)
        ):
            yield first.value


def _template_texts(path: Path) -> Iterator[str]:
    from babel.messages.extract import extract

    with path.open("rb") as source:
        found = extract(
            "jinja2.ext:babel_extract",
            source,
            keywords={"_": None, "gettext": None, "translate": None, "t": None},
            options={"trimmed": "true", "encoding": "utf-8", "silent": "false"},
        )
        for _, message, _, _ in found:
            yield message if isinstance(message, str) else message[0]


if __name__ == "__main__":
    for written in compile_stale():
        print(written.relative_to(ROOT))
