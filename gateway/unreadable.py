"""What is wrong with a text that is no JSON, as a code and parameters."""

import json
import sys
from collections.abc import Mapping
from typing import Any

# Begin of what the parser says -> code. What a later parser says otherwise is plainly `not_json`.
_SAID: Mapping[str, str] = {
    "Expecting value": "json_value_expected",
    "Expecting property name": "json_name_expected",
    "Expecting ','": "json_comma_expected",
    "Expecting ':'": "json_colon_expected",
    "Unterminated string": "json_text_unclosed",
    "Invalid control character": "json_control_character",
    "Invalid \\": "json_escape_invalid",
    "Extra data": "json_followed_by_more",
}
_EXCERPT = 20


def why_unreadable(error: ValueError | RecursionError) -> tuple[str, dict[str, Any]]:
    """Detail code and parameters of an error of `bytes.decode` or `json.loads`."""
    if isinstance(error, RecursionError):
        return "nested_too_deeply", {}
    if isinstance(error, UnicodeDecodeError):
        found = error.object[error.start : error.start + 4]
        return "not_utf8", {"byte": error.start + 1, "given": found.hex(" ")}
    if not isinstance(error, json.JSONDecodeError):
        return "number_too_long", {"most": sys.get_int_max_str_digits()}
    if not error.doc.strip():
        return "payload_empty", {}
    place = {"line": error.lineno, "column": error.colno}
    if error.pos >= len(error.doc.rstrip()):
        return "json_cut_off", place
    code = next((code for said, code in _SAID.items() if error.msg.startswith(said)), "not_json")
    length = 1 if code == "json_control_character" else _EXCERPT
    return code, {**place, "given": error.doc[error.pos : error.pos + length]}
