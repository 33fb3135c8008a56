"""Fields that are filled in from a list: village, households, organisations, station, item."""

from typing import Any

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from contracts.texts import mark
from mobile.widgets.fields import FieldFrame
from mobile.widgets.kit import OutlinedButton
from mobile.widgets.picker import PickerAsks, PickerDialog


class ChosenRow(BoxLayout):
    """Something chosen, with a sign to take it out."""

    text = StringProperty("")
    note = StringProperty("")
    __events__ = ("on_remove",)

    def on_remove(self) -> None:
        """The person takes it out."""


class PickField(FieldFrame):
    """One or several rows of a picker, shown by name and kept by id."""

    kind = ""
    multiple = False
    ask = mark("选择")

    def build(self) -> None:
        """The chosen rows and a button that opens the picker."""
        self.chosen: list[str] = []
        self.opener = OutlinedButton(text=self.context.t(self.ask))
        self.opener.bind(on_release=self._open)
        self.ids.body.add_widget(self.opener)
        self.bind(locked=lambda *_: self._list())

    def value(self) -> Any:
        """The chosen id, or the list of them."""
        if self.multiple:
            return list(self.chosen) or None
        return self.chosen[0] if self.chosen else None

    def show(self, value: Any) -> None:
        """List what is chosen."""
        kept = value if isinstance(value, list) else [value]
        self.chosen = [id_ for id_ in kept if id_]
        self._list()

    def _list(self) -> None:
        body = self.ids.body
        body.clear_widgets()
        for id_ in self.chosen:
            row = self._row(id_)
            row.bind(on_remove=lambda _, id_=id_: self._remove(id_))
            body.add_widget(row)
        if not self.locked:
            body.add_widget(self.opener)

    def _row(self, id_: str) -> ChosenRow:
        language = self.context.language
        found = self.context.store.subject(self.kind, id_)
        if found is None:
            return ChosenRow(text=id_)
        return ChosenRow(text=found.title(language), note=found.note(self.kind, language))

    def _remove(self, id_: str) -> None:
        self.chosen.remove(id_)
        self._list()
        self.changed()

    def _open(self, *_: object) -> None:
        asks = PickerAsks(self.kind, self.label, self.multiple, self._search)
        context = self.context
        PickerDialog(asks, self.chosen, context.language, context.t, self._done).show()

    def _search(self, typed: str) -> Any:
        village = self.context.village()
        return self.context.store.search(self.kind, typed, self.field.get("kind"), village)

    def _done(self, chosen: list[str]) -> None:
        self.show(chosen)
        self.changed()


class VillageField(PickField):
    """A village."""

    kind = "village"
    ask = mark("选择村")


class HouseholdField(PickField):
    """A household; those of the chosen village come first."""

    kind = "household"
    ask = mark("选择农户")


class HouseholdsField(HouseholdField):
    """Several households."""

    multiple = True


class OrganisationsField(PickField):
    """Several enterprises, co-ops and the like."""

    kind = "organisation"
    multiple = True
    ask = mark("选择帮扶主体")


class StationField(PickField):
    """A park or a demo base."""

    kind = "station"
    ask = mark("选择基地")


class ItemField(PickField):
    """A technology or a variety of the catalogue."""

    kind = "item"
    ask = mark("选择技术或品种")
