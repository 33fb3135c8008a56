"""The fields of a form: each turns what a person does into the value that the record keeps."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from contracts.form_schema import Field
from contracts.texts import Translate
from mobile.store import Store
from mobile.widgets.calendar import CalendarDialog
from mobile.widgets.kit import CheckRow, IconButton, TextBox, Words
from mobile.widgets.kv import load_kv


@dataclass(frozen=True, slots=True)
class FormContext:
    """What fields need to know: the reader's language, the day, the pickers' rows.

    `village` gives the village chosen in the form, so that its households come first.
    """

    language: str
    t: Translate
    today: date
    store: Store
    village: Callable[[], str | None]


class FieldFrame(BoxLayout):
    """A field's label, hint and problem around what it is filled in with."""

    label = StringProperty("")
    hint = StringProperty("")
    problem = StringProperty("")
    required = BooleanProperty(defaultvalue=False)
    locked = BooleanProperty(defaultvalue=False)
    __events__ = ("on_change",)

    def __init__(self, field: Field, context: FormContext, **kwargs: Any) -> None:
        self.field, self.context = field, context
        super().__init__(
            label=field["label"][context.language],
            hint=field.get("hint", {}).get(context.language, ""),
            required=field["required"],
            **kwargs,
        )
        self.build()

    def build(self) -> None:
        """Add what the field is filled in with to `ids.body`."""
        raise NotImplementedError

    def value(self) -> Any:
        """What the record keeps; None if the field is empty."""
        raise NotImplementedError

    def show(self, value: Any) -> None:
        """Show a kept value; tells nobody of a change."""
        raise NotImplementedError

    def on_change(self) -> None:
        """The person changed the value."""

    def changed(self, *_: object) -> None:
        """Tell of a change; its problem is one of before."""
        self.problem = ""
        self.dispatch("on_change")


class TextField(FieldFrame):
    """A line of text."""

    lines = 1

    def build(self) -> None:
        """One box; a long text's is higher."""
        self._quiet = False
        self.box = TextBox(multiline=self.lines > 1)
        if self.lines > 1:
            self.box.height = self.box.line_height * self.lines + self.box.padding[1] * 2
        self.box.bind(text=self._typed)
        self.bind(problem=lambda _, problem: setattr(self.box, "wrong", bool(problem)))
        self.place_box()

    def place_box(self) -> None:
        """Put the box into the frame."""
        self.ids.body.add_widget(self.box)

    def value(self) -> Any:
        """The text, without blanks around it."""
        return self.box.text.strip() or None

    def show(self, value: Any) -> None:
        """Show the text."""
        self._quiet = True
        self.box.text = "" if value is None else str(value)
        self.box.cursor = (0, 0)
        self._quiet = False

    def _typed(self, *_: object) -> None:
        if not self._quiet:
            self.changed()


class LongTextField(TextField):
    """Several lines of text."""

    lines = 4


class LineWithEnd(BoxLayout):
    """A box to type in with something at its right."""


class NumberField(TextField):
    """A number and its unit; what is not a number is kept as typed, for the check to name it."""

    def place_box(self) -> None:
        """Put the box and the unit into the frame."""
        self.box.input_type = "number"
        line = LineWithEnd()
        line.add_widget(self.box)
        unit = self.field.get("unit", {}).get(self.context.language, "")
        if unit:
            words = Words(text=unit, size_hint_x=None, width="120dp", pos_hint={"center_y": 0.5})
            line.add_widget(words)
        self.ids.body.add_widget(line)

    def value(self) -> Any:
        """An int where the number is whole, else a float, else the text."""
        typed = unicodedata.normalize("NFKC", self.box.text).strip().replace("。", ".")
        try:
            return int(typed)
        except ValueError:
            pass
        try:
            return float(typed)
        except ValueError:
            return typed or None

    def show(self, value: Any) -> None:
        """Show the number as short as it is."""
        whole = isinstance(value, float) and value.is_integer()
        super().show(int(value) if whole else value)


class DateField(TextField):
    """A day, typed as 2026-05-31 or chosen from the calendar."""

    def place_box(self) -> None:
        """Put the box and the calendar's sign into the frame."""
        self.box.hint_text = "2026-05-31"
        line = LineWithEnd()
        line.add_widget(self.box)
        self.opener = IconButton(name="calendar", pos_hint={"center_y": 0.5})
        self.opener.bind(on_release=self._open)
        line.add_widget(self.opener)
        self.ids.body.add_widget(line)

    def value(self) -> Any:
        """The day as YYYY-MM-DD; what is not a day is kept as typed."""
        typed = unicodedata.normalize("NFKC", self.box.text).strip()
        for sign in "/.年月":
            typed = typed.replace(sign, "-")
        parts = typed.rstrip("日").split("-")
        try:
            return date(*(int(part) for part in parts)).isoformat()
        except (ValueError, TypeError):
            return self.box.text.strip() or None

    def _open(self, *_: object) -> None:
        try:
            day = date.fromisoformat(str(self.value()))
        except ValueError:
            day = self.context.today
        CalendarDialog(day, self.context.today, self.context.t, self._chose).show()

    def _chose(self, day: date) -> None:
        self.show(day.isoformat())
        self.changed()


class ChoicesField(FieldFrame):
    """Any number of the choices."""

    single = False

    def build(self) -> None:
        """One row per choice."""
        self.rows: dict[str, CheckRow] = {}
        for choice in self.field["choices"]:
            text = choice["label"][self.context.language]
            row = CheckRow(text=text, single=self.single)
            row.bind(on_release=self._tapped)
            self.rows[choice["value"]] = row
            self.ids.body.add_widget(row)

    def value(self) -> Any:
        """The chosen codes, in the order of the form."""
        return [code for code, row in self.rows.items() if row.chosen] or None

    def show(self, value: Any) -> None:
        """Mark the chosen rows."""
        kept = value if isinstance(value, list) else [value]
        for code, row in self.rows.items():
            row.chosen = code in kept

    def _tapped(self, tapped: CheckRow) -> None:
        tapped.chosen = not tapped.chosen
        for row in self.rows.values():
            if self.single and row is not tapped:
                row.chosen = False
        self.changed()


class ChoiceField(ChoicesField):
    """One of the choices; tapping it again takes it back."""

    single = True

    def value(self) -> Any:
        """The chosen code."""
        return next((code for code, row in self.rows.items() if row.chosen), None)


load_kv(__file__)
