"""Drives the phone app in a real window, by touch and typed text, one frame after another.

Use from any test (also `tests/journeys`); a display must be there (`with display():` starts Xvfb
where DISPLAY is unset), and nothing may import Kivy before this module:

    from tests.mobile.phone import Phone, display

    with display(), Phone(Settings("http://127.0.0.1:8080", tmp_path, "zh")) as phone:
        phone.sign_in("li.ming", "secret")        # waits for the list of records
        phone.tap("新记录")                        # taps what shows this text
        phone.tap("走访服务")
        phone.tap("选择村"); phone.type_into("search", "大李"); phone.tap("大李村")
        phone.fill("service_days", "0.5")          # a field of the form, by its name
        phone.tap("保存")
        phone.wait_for("待发送")                   # frames until the text shows
        phone.tap("同步"); phone.wait_for("已发送")
        phone.screenshot(Path("list.png"))

The window is one per process and shared: mark such tests
`@pytest.mark.window` and `@pytest.mark.xdist_group("window")`.
"""

import atexit
import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.update(
    KIVY_NO_ARGS="1",
    KIVY_NO_FILELOG="1",
    KIVY_NO_CONFIG="1",
    KIVY_CLIPBOARD="dummy",
    KIVY_METRICS_DENSITY="1",
    KIVY_DPI="96",
)

SHAPES = {"small": (360, 740), "large": (412, 915), "wide": (800, 600)}


@contextlib.contextmanager
def display() -> Iterator[None]:
    """A display to open the window on: the one there is, else an Xvfb of this process's own.

    Kivy's window lives as long as the process, so the Xvfb does, too; whoever enters first
    starts it.
    """
    if not os.environ.get("DISPLAY") and sys.platform not in ("win32", "darwin"):
        _start_xvfb()
    yield


def _start_xvfb() -> None:
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    if shutil.which("setpriv"):  # it must not outlive this process, however that ends
        command = ["setpriv", "--pdeathsig", "TERM", *command]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    os.environ["DISPLAY"] = ":" + server.stdout.readline().strip()
    server.stdout.close()
    atexit.register(_end, server)


def _end(server: "subprocess.Popen[str]") -> None:
    server.terminate()
    server.wait(10)


def _configure() -> None:
    from kivy.config import Config

    for name, value in (
        ("width", 360), ("height", 740), ("multisamples", 0), ("maxfps", 0),
        ("vsync", 0), ("resizable", 1),
    ):  # fmt: skip
        Config.set("graphics", name, str(value))
    Config.set("kivy", "log_level", "warning")
    for name in list(Config["input"]):
        Config.remove_option("input", name)


class Phone:
    """The app in its window; enter it with `with`."""

    def __init__(self, settings: Any, shape: str = "small", **app: Any) -> None:
        _configure()
        from kivy.base import EventLoop, runTouchApp
        from kivy.core.window import Window

        from mobile.app import PhoneApp

        self._loop, self._run, self.window = EventLoop, runTouchApp, Window
        self.shape = shape
        self.app = PhoneApp(settings, **app)

    def __enter__(self) -> "Phone":
        self._loop.ensure_window()
        self.resize(self.shape)
        self.app._run_prepare()
        self._run(embedded=True)
        self.frames(3)
        return self

    def __exit__(self, *_: object) -> None:
        from kivy.clock import Clock

        self.app.stop()
        for widget in list(self.window.children):
            self.window.remove_widget(widget)
        self.window.release_all_keyboards()
        self._loop.touches.clear()
        for event in list(Clock.get_events()):
            event.cancel()

    # Time

    def frames(self, count: int = 1) -> None:
        """Let the app live for some frames."""
        for _ in range(count):
            self._loop.idle()
            self._loop.window.mainloop()

    def wait(self, condition: Callable[[], Any], seconds: float = 10) -> Any:
        """Frames until the condition holds; what it gave."""
        end = time.monotonic() + seconds
        while not (found := condition()):
            self.frames()
            assert time.monotonic() < end, f"not within {seconds} s; on screen: {self.texts()}"
        return found

    def settle(self, seconds: float = 0.12) -> None:
        """Frames until pressed buttons have come up and sizes have settled."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.frames()

    def wait_for(self, text: str, seconds: float = 10) -> Any:
        """Frames until the text shows; its widget."""
        return self.wait(lambda: self.find(text), seconds)

    # Looking

    def widgets(self) -> Iterator[Any]:
        """What shows, the topmost window child first; a dialog hides what is under it."""
        from kivy.uix.modalview import ModalView

        for child in self.window.children:
            for widget in child.walk():
                if _visible(widget):
                    yield widget
            if isinstance(child, ModalView):
                return

    def texts(self) -> list[str]:
        """Every text that shows."""
        return [w.text for w in self.widgets() if getattr(w, "text", "")]

    def find(self, text: str) -> Any:
        """What shows exactly this text, else what shows it as a part; None if nothing does."""
        shown = [w for w in self.widgets() if getattr(w, "text", "")]
        exact = (w for w in shown if w.text == text)
        return next(exact, None) or next((w for w in shown if text in w.text), None)

    @property
    def screen(self) -> Any:
        """The screen of now."""
        return self.app.screens.current_screen

    def field(self, name: str) -> Any:
        """The frame of a form's field."""
        return self.screen.view.fields[name]

    # Doing

    def touch(self, widget: Any) -> None:
        """Touch the middle of a widget, scrolled to if need be."""
        from kivy.tests.common import UnitTestTouch
        from kivy.uix.scrollview import ScrollView

        for parent in _parents(widget):
            if isinstance(parent, ScrollView) and parent.children[0].height > parent.height:
                if hasattr(parent, "viewclass"):  # a RecycleView, whose scroll_to raises
                    content = parent.children[0]
                    row_y = content.to_widget(*widget.to_window(*widget.center))[1]
                    way = (row_y - parent.height / 2) / (content.height - parent.height)
                    parent.effect_y.velocity = 0
                    parent.scroll_y = min(1, max(0, way))
                else:
                    parent.scroll_to(widget, padding=20, animate=False)
                self.frames(2)
        touch = UnitTestTouch(*widget.to_window(*widget.center))
        touch.touch_down()
        self.frames(2)
        touch.touch_up()
        self.frames(3)
        # A ScrollView hands the end of a touch on 0.2 s later.
        buttons = (w for w in (widget, *_parents(widget)) if hasattr(w, "trigger_action"))
        button = next(buttons, None)
        if button is not None:
            self.wait(lambda: button.state == "normal", 2)
            self.frames(2)

    def tap(self, text: str) -> None:
        """Touch what shows this text."""
        self.touch(self.wait_for(text))

    def type_(self, text: str) -> None:
        """Type into what has the focus."""
        for character in text:
            self.window.dispatch("on_textinput", character)
        self.frames()

    def type_into(self, id_: str, text: str) -> None:
        """Touch the box of this kv id, on the dialog or screen of now, and type."""
        boxes = (w.ids[id_] for w in self.widgets() if id_ in getattr(w, "ids", {}))
        box = next(boxes)
        self._focus(box)
        assert box.focus, f"{id_} did not take the focus"
        self.type_(text)

    def fill(self, field: str, text: str) -> None:
        """Touch the box of a form's field, empty it, and type."""
        box = self.field(field).box
        self._focus(box)
        assert box.focus, f"{field} did not take the focus"
        box.select_all()
        box.delete_selection()
        self.type_(text)

    def _focus(self, box: Any) -> None:
        """Touch a box; again if the late end of the touch before took the focus away.

        A ScrollView hands a touch's end on 0.2 s later, in case it becomes a scroll.
        """
        self.touch(box)
        if not box.focus:
            self.settle(0.3)
            self.touch(box)

    def back(self) -> None:
        """Press Android's back key."""
        self.window.dispatch("on_keyboard", 27, 9, None, [])
        self.settle(0.4)  # a closing dialog takes touches until it has faded

    def sign_in(self, username: str, password: str) -> None:
        """Sign in, and wait for the list and the first sync."""
        self.type_into("username", username)
        self.type_into("password", password)
        self.touch(self.screen.ids.submit)
        self.wait(lambda: self.screen.name == "records" and not self.app.syncing)

    def resize(self, shape: str) -> None:
        """Take another phone's shape."""
        if tuple(self.window.size) != SHAPES[shape]:
            self.window.size = SHAPES[shape]
            # The X server gives the new size later; a frame drawn before is lost.
            self.settle(0.4)

    def screenshot(self, path: Path) -> None:
        """Photograph the window into the file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(3):  # fill every buffer with a picture of now
            self.window.canvas.ask_update()
            self.frames()
        written = Path(self.window.screenshot(name=str(path)))
        written.replace(path)


def _parents(widget: Any) -> Iterator[Any]:
    while widget.parent is not None and widget.parent is not widget:
        widget = widget.parent
        yield widget


def _visible(widget: Any) -> bool:
    if widget.opacity == 0 or widget.width <= 0 or widget.height <= 0:
        return False
    return all(parent.opacity > 0 for parent in _parents(widget) if hasattr(parent, "opacity"))
