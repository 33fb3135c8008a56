"""Field types of the forms: a pydantic annotation with label, widget and limits in one place.

Widgets name what the phone shows: text, long_text, date, number, choice, choices, village,
household, households, organisations, station, item. `form_schema` checks the limits.
"""

from typing import Any

from pydantic import Field
from pydantic.fields import FieldInfo

from contracts.codes import Choices


def labelled(
    zh: str,
    en: str,
    widget: str,
    *,
    hint: tuple[str, str] | None = None,
    **more: Any,
) -> Any:
    """A pydantic Field with its label in both languages and what the phone shows for it.

    Parameters
    ----------
    hint
        One sentence of help in Chinese and English.
    more
        Limits as pydantic names them (`ge`, `le`, `min_length`, ...) and, after the names of the
        catalogue, `unit` (zh, en), `choices`, `format`, `item_format`, `default`.
    """
    extra: dict[str, Any] = {"label": {"zh": zh, "en": en}, "widget": widget}
    if hint:
        extra["hint"] = {"zh": hint[0], "en": hint[1]}
    if unit := more.pop("unit", None):
        extra["unit"] = {"zh": unit[0], "en": unit[1]}
    choices: Choices | None = more.pop("choices", None)
    if choices is not None:
        extra["choices"] = [
            {"value": code, "label": {"zh": zh_, "en": en_}} for code, (zh_, en_) in choices.items()
        ]
    for name in ("format", "item_format", "kind"):
        if name in more:
            extra[name] = more.pop(name)
    field: FieldInfo = Field(json_schema_extra=extra, **more)
    return field
