"""The plain parts that every screen is made of."""

from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label
from kivy.uix.textinput import TextInput

from mobile.widgets.kv import load_kv


class Words(Label):
    """Text that wraps and is as high as it needs."""


class OneLine(Label):
    """Text on one line, cut off with an ellipsis; no text, no line."""


class Tag(Label):
    """A word or two, as wide as they are."""


class Clipped(Label):
    """Text of which two lines show at most; no text, no line."""


class Icon(Label):
    """A sign of the icon font, by its name."""

    name = StringProperty("")


class IconButton(ButtonBehavior, Icon):
    """A sign to tap."""


class WordButton(ButtonBehavior, Label):
    """A word to tap, without a frame."""


class FilledButton(ButtonBehavior, Label):
    """The one main thing to do on a screen; `least` is its least height in dp."""

    least = NumericProperty(56)


class OutlinedButton(ButtonBehavior, Label):
    """Another thing to do; not `shown`, it takes no room."""

    shown = BooleanProperty(defaultvalue=True)


class TextBox(TextInput):
    """A box to type in; `wrong` frames it in the colour of errors."""

    wrong = BooleanProperty(defaultvalue=False)


class TopBar(BoxLayout):
    """Title of a screen, with a way back; further children stand at its right."""

    title = StringProperty("")
    has_back = BooleanProperty(defaultvalue=True)
    __events__ = ("on_back",)

    def on_back(self) -> None:
        """The person wants to go back."""


class Banner(BoxLayout):
    """A sentence that stays until its reason is gone; no text, no banner."""

    text = StringProperty("")
    name = StringProperty("alert-circle")
    tone = OptionProperty("plain", options=("plain", "warning", "error"))


class Column(BoxLayout):
    """Things one under another, never wider than is good to read."""


class CheckRow(ButtonBehavior, BoxLayout):
    """A choice among several, or one of which only a single can be chosen."""

    text = StringProperty("")
    chosen = BooleanProperty(defaultvalue=False)
    single = BooleanProperty(defaultvalue=False)


load_kv(__file__)
