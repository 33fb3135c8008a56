"""Generate `form_catalog.json` from the models: `python -m contracts.forms.catalogue`."""

import json
from collections.abc import Mapping
from typing import Any

from contracts.form_schema import CATALOGUE
from contracts.forms import FORMS
from contracts.forms.filled_form import FilledForm

_LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "format")
_OURS = ("label", "hint", "unit", "choices", "widget", "kind")


def catalogue_text() -> str:
    """The whole catalogue as JSON text, stable from run to run."""
    forms = {name: _form(model) for name, model in FORMS.items()}
    return json.dumps({"catalogue": 1, "forms": forms}, ensure_ascii=False, indent=1) + "\n"


def _form(model: type[FilledForm]) -> dict[str, Any]:
    schema = model.model_json_schema()
    required = set(schema["required"])
    return {
        "name": model.NAME,
        "version": model.VERSION,
        "title": {"zh": model.TITLE[0], "en": model.TITLE[1]},
        "icon": model.ICON,
        "one_of": [list(names) for names in model.ONE_OF],
        "fields": [
            _field(name, property_, name in required)
            for name, property_ in schema["properties"].items()
        ],
    }


def _field(name: str, property_: Mapping[str, Any], required: bool) -> dict[str, Any]:
    merged = {**property_, **_not_null(property_)}
    field: dict[str, Any] = {"name": name, "type": merged["type"], "required": required}
    field |= {key: merged[key] for key in (*_OURS, *_LIMITS) if key in merged}
    values = [choice["value"] for choice in merged.get("choices", [])]
    if field["type"] == "array":
        item: dict[str, Any] = {"type": "string"}
        if values:
            item["enum"] = values
        if "item_format" in merged:
            item["format"] = merged["item_format"]
        field["items"] = item
    elif values:
        field["enum"] = values
    return field


def _not_null(property_: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one branch of an optional field's `anyOf` that is not null."""
    for branch in property_.get("anyOf", []):
        if branch.get("type") != "null":
            return dict(branch)
    return {}


if __name__ == "__main__":
    CATALOGUE.write_text(catalogue_text(), encoding="utf-8")
