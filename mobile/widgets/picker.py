"""A full-screen list to pick from, narrowed down by typing part of the name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout

from contracts.texts import Translate
from mobile.subjects import Subject
from mobile.widgets.dialogs import Sheet
from mobile.widgets.kv import load_kv


@dataclass(frozen=True, slots=True)
class PickerAsks:
    """What a picker picks: `search` gives the rows that fit what was typed."""

    kind: str
    title: str
    multiple: bool
    search: Callable[[str], Sequence[Subject]]


class PickRow(ButtonBehavior, BoxLayout):
    """A row to pick."""

    row_id = StringProperty("")
    title = StringProperty("")
    note = StringProperty("")
    chosen = BooleanProperty(defaultvalue=False)
    single = BooleanProperty(defaultvalue=False)
    pick = ObjectProperty(None)

    def on_release(self) -> None:
        """Tell the list which row was tapped."""
        self.pick(self.row_id)


class PickerDialog(Sheet):
    """One row or several; `on_done` gets the ids chosen. Going back changes nothing."""

    title = StringProperty("")
    nothing = StringProperty("")
    done_text = StringProperty("")
    multiple = BooleanProperty(defaultvalue=False)

    def __init__(
        self,
        asks: PickerAsks,
        chosen: Sequence[str],
        language: str,
        t: Translate,
        on_done: Callable[[list[str]], None],
        **kwargs: Any,
    ) -> None:
        self._asks, self._language, self._t, self._on_done = asks, language, t, on_done
        self._chosen = list(chosen)
        super().__init__(title=asks.title, multiple=asks.multiple, **kwargs)
        self.refresh()

    def refresh(self) -> None:
        """Show the rows that fit what is typed."""
        typed = self.ids.search.text
        found = self._asks.search(typed)
        self.ids.rows.data = [
            {
                "row_id": row.id,
                "title": row.title(self._language),
                "note": row.note(self._asks.kind, self._language),
                "chosen": row.id in self._chosen,
                "single": not self._asks.multiple,
                "pick": self.pick,
            }
            for row in found
        ]
        self.ids.rows.scroll_y = 1
        t = self._t
        hint = t("没有找到，请换几个字") if typed.strip() else t("手机上还没有名单，请先同步一次")
        self.nothing = "" if found else hint
        self.done_text = t("确定（已选 %(count)s）") % {"count": len(self._chosen)}

    def pick(self, row_id: str) -> None:
        """Choose a row, or take it back; a single choice is final."""
        if not self._asks.multiple:
            self._chosen = [row_id]
            self.finish()
            return
        if row_id in self._chosen:
            self._chosen.remove(row_id)
        else:
            self._chosen.append(row_id)
        at = self.ids.rows.scroll_y
        self.refresh()
        self.ids.rows.scroll_y = at

    def finish(self) -> None:
        """Leave with what is chosen."""
        self.leave()
        self._on_done(self._chosen)


load_kv(__file__)
