"""Start of the phone app (`python -m mobile`; on Android `main.py`)."""

import os
import signal
import sys
from collections.abc import Sequence


def prepare_environment() -> None:
    """Keep Kivy from reading our arguments and writing its own files; before any import of it."""
    os.environ.setdefault("KIVY_NO_ARGS", "1")
    os.environ.setdefault("KIVY_NO_FILELOG", "1")
    os.environ.setdefault("KIVY_NO_CONFIG", "1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until the window is closed; the exit code."""
    prepare_environment()
    from mobile.settings import read_settings

    settings = read_settings(sys.argv[1:] if arguments is None else arguments)

    from kivy.config import Config

    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "log_level", os.environ.get("TEPAI_PHONE_LOG", "warning"))
    Config.set("graphics", "width", "412")
    Config.set("graphics", "height", "800")
    Config.set("graphics", "multisamples", "0")
    Config.set("input", "mouse", "mouse,disable_multitouch")

    from kivy.clock import Clock

    from mobile.app import PhoneApp

    app = PhoneApp(settings)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: Clock.schedule_once(lambda _: app.stop()))
    app.bind(on_start=lambda _: print("tepai phone ready", flush=True))
    app.run()
    return 0
