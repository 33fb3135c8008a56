"""Values as they stood in a message, for people to see."""

import json
from typing import Any

_LONGEST = 60


def as_given(value: Any) -> str:
    """The value as JSON, cut short."""
    text = as_json(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def as_json(value: Any) -> str:
    """The value as JSON; of one nested too deeply only its brackets."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "[…]" if isinstance(value, list) else "{…}"
