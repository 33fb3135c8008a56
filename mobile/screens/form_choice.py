"""Which form to fill in: all of the catalogue for which this app has the widgets."""

from typing import TYPE_CHECKING, Any

from kivy.properties import StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.screenmanager import Screen

from contracts.form_schema import load_catalogue
from mobile.form_view import fillable
from mobile.widgets.kv import load_kv
from mobile.words import form_title

if TYPE_CHECKING:
    from mobile.app import PhoneApp


class FormButton(ButtonBehavior, BoxLayout):
    """One form to choose."""

    form = StringProperty("")
    title = StringProperty("")
    form_icon = StringProperty("")


class FormChoiceScreen(Screen):
    """A list of forms."""

    def __init__(self, app: "PhoneApp", **kwargs: Any) -> None:
        self.app = app
        super().__init__(name="form_choice", **kwargs)

    def on_pre_enter(self) -> None:
        """List the forms in the language of now."""
        column = self.ids.forms
        column.clear_widgets()
        for name, form in load_catalogue().items():
            if fillable(form):
                title = form_title(name, self.app.language)
                button = FormButton(form=name, title=title, form_icon=form["icon"])
                button.bind(on_release=lambda button: self.app.new_record(button.form))
                column.add_widget(button)


load_kv(__file__)
