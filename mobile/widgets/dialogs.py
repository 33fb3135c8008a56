"""What comes over a screen: a question with two answers, and a notice that goes by itself."""

from collections.abc import Callable
from typing import Any

from kivy.clock import Clock
from kivy.properties import StringProperty
from kivy.uix.label import Label
from kivy.uix.modalview import ModalView

from mobile.widgets.kv import load_kv

_SECONDS_SHOWN = 5


class Sheet(ModalView):
    """A thing over the screen, without animation: wet hands and old phones."""

    def show(self) -> None:
        """Come over the screen."""
        self.open(animation=False)

    def leave(self) -> None:
        """Go away."""
        self.dismiss(animation=False)


class Ask(Sheet):
    """A question; `on_yes` is called if it is answered with yes."""

    text = StringProperty("")
    yes = StringProperty("")
    no = StringProperty("")

    def __init__(self, on_yes: Callable[[], None], **kwargs: Any) -> None:
        self._on_yes = on_yes
        super().__init__(**kwargs)

    def answer(self, yes: bool) -> None:
        """Leave with the answer."""
        self.leave()
        if yes:
            self._on_yes()


class Notice(Label):
    """A sentence at the foot of the screen for some seconds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._fade = Clock.create_trigger(self.hide, _SECONDS_SHOWN)

    def say(self, text: str) -> None:
        """Show the sentence, in place of the one before."""
        self.text = text
        self.opacity = 1
        self._fade.cancel()
        self._fade()

    def hide(self, *_: object) -> None:
        """Take the sentence away."""
        self.opacity = 0
        self.text = ""


load_kv(__file__)
