"""A page of the calendar to choose a day from."""

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.label import Label

from contracts.texts import Translate
from mobile.widgets.dialogs import Sheet
from mobile.widgets.kit import Words
from mobile.widgets.kv import load_kv
from mobile.words import WEEKDAYS, month_title


class DayButton(ButtonBehavior, Label):
    """One day of the page."""

    day = ObjectProperty(None)
    chosen = BooleanProperty(defaultvalue=False)
    today = BooleanProperty(defaultvalue=False)


class CalendarDialog(Sheet):
    """A month at a time; `on_choice` gets the day that was tapped. Later than tomorrow is grey."""

    title = StringProperty("")
    today = ObjectProperty(None)

    def __init__(
        self, day: date, today: date, t: Translate, on_choice: Callable[[date], None], **kwargs: Any
    ) -> None:
        self._t = t
        self._day = day
        self._on_choice = on_choice
        self._first = day.replace(day=1)
        super().__init__(today=today, **kwargs)
        for name in WEEKDAYS:
            self.ids.weekdays.add_widget(Words(text=t(name), halign="center"))
        self._fill()

    def turn(self, months: int) -> None:
        """Go to the month before or after."""
        middle = self._first + timedelta(days=14)
        self._first = (middle + timedelta(days=30 * months)).replace(day=1)
        self._fill()

    def choose(self, day: date) -> None:
        """Leave with a day."""
        self.leave()
        self._on_choice(day)

    def _fill(self) -> None:
        self.title = month_title(self._first.year, self._first.month, self._t)
        grid = self.ids.days
        grid.clear_widgets()
        weeks = calendar.Calendar().monthdatescalendar(self._first.year, self._first.month)
        last = self.today + timedelta(days=1)
        for day in (day for week in weeks for day in week):
            inside = day.month == self._first.month
            button = DayButton(
                text=str(day.day) if inside else "",
                day=day,
                chosen=inside and day == self._day,
                today=day == self.today,
                disabled=not inside or day > last,
            )
            button.bind(on_release=lambda button: self.choose(button.day))
            grid.add_widget(button)
        for _ in range(6 - len(weeks)):
            for _ in range(7):
                grid.add_widget(DayButton(disabled=True))


load_kv(__file__)
