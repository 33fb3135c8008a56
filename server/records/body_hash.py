"""The hash by which a repeated push is told from a different one."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def body_sha256(form: str, form_version: int, values: Mapping[str, Any]) -> bytes:
    """SHA-256 over form, version and values in canonical JSON.

    Canonical: keys sorted, no spaces, UTF-8; fields left empty (None, "", []) left out; a whole
    number is the same however it was written (2 and 2.0).
    """
    kept = {name: _plain(value) for name, value in values.items() if value not in (None, "", [])}
    text = json.dumps(
        [form, form_version, kept], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
