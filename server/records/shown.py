"""A record as a person reads it: labelled fields, names for ids and codes, what it counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from contracts.form_schema import Field, load_catalogue
from contracts.forms import FORMS
from contracts.indicators import INDICATORS
from contracts.texts import Translate, mark
from server.records.facts import derive_facts
from server.records.references import References, mentions
from server.rendering import shown_number

_SUMMARY_NAMES = 2


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field: its label, its lines of text, and whether it was left empty."""

    name: str
    label: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All lines in one, to compare versions."""
        return "、".join(self.lines)


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One thing that the record contributes to totals once verified."""

    label: str
    amount: str
    note: str = ""


def form_title(form: str, language: str) -> str:
    """The name of a form."""
    title: str = load_catalogue()[form]["title"][language]
    return title


def shown_fields(
    form: str, values: Mapping[str, Any], found: References, language: str
) -> list[ShownField]:
    """All fields of the form in its order; an empty one has no lines."""
    names = _names(form, values, found, language)
    return [
        ShownField(
            field["name"],
            field["label"][language],
            tuple(_lines(field, values.get(field["name"]), names, language)),
        )
        for field in load_catalogue()[form]["fields"]
    ]


def summary(record: Mapping[str, Any], found: References, language: str) -> str:
    """Whom or what the record is about, in a few words."""
    values = record["field_values"]
    names = _names(record["form"], values, found, language)
    parts: list[str] = []
    for name in ("title", "item", "person_name", "station", "household", "product"):
        if values.get(name):
            field = _field(record["form"], name)
            parts.extend(_lines(field, values[name], names, language))
    for name in ("organisations", "households"):
        parts.extend(_few([names.get(id_.lower(), id_) for id_ in values.get(name) or []]))
    return " · ".join(parts)


def shown_facts(
    form: str, values: Mapping[str, Any], found: References, language: str, translate: Translate
) -> list[ShownFact]:
    """What the record counts for, by the indicator it enters."""
    filled = {name: value for name, value in values.items() if value not in (None, "", [])}
    try:
        facts = derive_facts(FORMS[form].model_validate(filled))
    except ValidationError:
        # Filled in after an older version of the form: the page shows it, the facts are stored.
        return []
    counted: list[tuple[str, Decimal | int, str]] = []
    if facts.households:
        counted.append(("households_led", len(facts.households), ""))
    if facts.organisations:
        kinds = [found.get(("organisation", str(id_))) for id_ in facts.organisations]
        assisted = sum(1 for ref in kinds if ref and ref.kind in ("enterprise", "cooperative"))
        counted.append(("organisations_assisted", assisted, ""))
    if facts.training:
        note = translate(mark("同一场培训由两人上报只算一场"))
        counted.append(("training_sessions", 1, note))
        counted.append(("trainee_person_times", facts.training.attendance, note))
    if facts.item_id:
        item = found.get(("item", str(facts.item_id)))
        technology = item is None or item.kind == "technology"
        counted.append(("technologies_promoted" if technology else "varieties_introduced", 1, ""))
    if facts.technician:
        counted.append(("technicians_trained", 1, ""))
    if facts.base_station_id:
        counted.append(("demo_bases_built", 1, ""))
    if facts.income:
        estimate = mark("没有基准年：只作估计，不计入合计")
        note = "" if facts.income.has_baseline else translate(estimate)
        counted.append(("household_income_gain", facts.income.gain_yuan / 10_000, note))
    return [_shown_fact(*fact, language, translate) for fact in counted]


def _shown_fact(
    key: str, amount: Decimal | int, note: str, language: str, translate: Translate
) -> ShownFact:
    indicator = INDICATORS[key]
    decimals = 2 if isinstance(amount, Decimal) else 0
    return ShownFact(
        indicator.en if language == "en" else indicator.zh,
        f"{shown_number(amount, decimals)} {translate(indicator.unit)}",
        note,
    )


def _names(
    form: str, values: Mapping[str, Any], found: References, language: str
) -> Mapping[str, str]:
    return {
        mention.id: found[mention.sort, mention.id].name(language)
        for mention in mentions(load_catalogue()[form], values)
        if (mention.sort, mention.id) in found
    }


def _field(form: str, name: str) -> Field:
    fields: list[Field] = load_catalogue()[form]["fields"]
    return next(field for field in fields if field["name"] == name)


def _lines(field: Field, value: Any, names: Mapping[str, str], language: str) -> Iterator[str]:
    if value in (None, "", []):
        return
    if isinstance(value, list):
        for item in value:
            yield from _lines(field, item, names, language)
        return
    for choice in field.get("choices", []):
        if choice["value"] == value:
            yield choice["label"][language]
            return
    text = names.get(str(value).lower(), _plain(value))
    unit = field.get("unit")
    yield f"{text} {unit[language]}" if unit else text


def _plain(value: Any) -> str:
    """A whole number without its point, as it was meant; anything else as it is."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _few(names: list[str]) -> list[str]:
    more = len(names) - _SUMMARY_NAMES
    return names if more <= 0 else [*names[:_SUMMARY_NAMES], f"+{more}"]
