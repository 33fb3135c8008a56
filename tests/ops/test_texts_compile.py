"""Catalogues are compiled when they are stale, and the scan finds what people will read."""

import gettext
import os
from pathlib import Path

from ops.texts import compile_stale, used_texts

_PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "农户"\nmsgstr "%s"\n'


def _catalogue(root: Path, english: str) -> Path:
    po = root / "server/texts/en/LC_MESSAGES/tepai.po"
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_text(_PO % english, encoding="utf-8")
    return po


def test_missing_and_older_catalogues_are_compiled_and_fresh_ones_left(tmp_path: Path) -> None:
    po = _catalogue(tmp_path, "Household")
    compiled = po.with_suffix(".mo")
    assert compile_stale(tmp_path) == [compiled]
    assert compile_stale(tmp_path) == []
    _catalogue(tmp_path, "Farm household")
    later = compiled.stat().st_mtime_ns + 1_000_000
    os.utime(po, ns=(later, later))
    assert compile_stale(tmp_path) == [compiled]
    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("农户") == "Farm household"
    assert [path.name for path in po.parent.iterdir() if path.name.startswith(".half")] == []


def test_scan_finds_python_template_and_kv_texts(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    (folder / "a.py").write_text('x = translate("甲") + self._("乙")\ny = "丙"\n', encoding="utf-8")
    (folder / "a.html").write_text(
        "<p>{{ _('丁') }}{% trans %}戊{% endtrans %}</p>\n", encoding="utf-8"
    )
    (folder / "a.kv").write_text("Label:\n    text: app.t('己')\n", encoding="utf-8")
    assert used_texts("server", tmp_path) == {"甲", "乙", "丁", "戊", "己"}
