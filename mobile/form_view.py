"""A form of the catalogue as widgets, one per field, through `FIELD_WIDGETS`."""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.form_schema import Form
from mobile.widgets.fields import (
    ChoiceField,
    ChoicesField,
    DateField,
    FieldFrame,
    FormContext,
    LongTextField,
    NumberField,
    TextField,
)
from mobile.widgets.kit import Column
from mobile.widgets.pick_fields import (
    HouseholdField,
    HouseholdsField,
    ItemField,
    OrganisationsField,
    StationField,
    VillageField,
)

FIELD_WIDGETS: Mapping[str, type[FieldFrame]] = {
    "text": TextField,
    "long_text": LongTextField,
    "date": DateField,
    "number": NumberField,
    "choice": ChoiceField,
    "choices": ChoicesField,
    "village": VillageField,
    "household": HouseholdField,
    "households": HouseholdsField,
    "organisations": OrganisationsField,
    "station": StationField,
    "item": ItemField,
}


def fillable(form: Form) -> bool:
    """Whether this app has a widget for each field of the form."""
    return all(field["widget"] in FIELD_WIDGETS for field in form["fields"])


class FormView(Column):
    """All fields of a form; tells of every change."""

    __events__ = ("on_change",)

    def __init__(self, form: Form, context: FormContext, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.form, self.context = form, context
        self.fields: dict[str, FieldFrame] = {}
        for field in form["fields"]:
            frame = FIELD_WIDGETS[field["widget"]](field, context)
            frame.bind(on_change=lambda _: self.dispatch("on_change"))
            self.fields[field["name"]] = frame
            self.add_widget(frame)

    def on_change(self) -> None:
        """The person changed a field."""

    def values(self) -> dict[str, Any]:
        """Field name to value of the fields that are filled in."""
        given = {name: frame.value() for name, frame in self.fields.items()}
        return {name: value for name, value in given.items() if value is not None}

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show kept values."""
        for name, frame in self.fields.items():
            frame.show(values.get(name))

    def lock(self) -> None:
        """Let nothing be changed."""
        for frame in self.fields.values():
            frame.locked = True

    def show_problems(self, sentences: Iterable[tuple[str, str]]) -> FieldFrame | None:
        """Put each sentence beside its field; the first field that has one."""
        beside: dict[str, list[str]] = {}
        for path, sentence in sentences:
            beside.setdefault(path.split(".")[0], []).append(sentence)
        for name, frame in self.fields.items():
            frame.problem = "\n".join(beside.get(name, []))
        return next((frame for frame in self.fields.values() if frame.problem), None)
