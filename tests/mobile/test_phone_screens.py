"""Every screen, photographed in both languages and several shapes, and measured while at it.

The photographs are in `.tepai/screenshots/phone/`: look at them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.form_schema import Field, load_catalogue
from tests.mobile.fake_server import HOUSEHOLDS, SUBJECTS, FakeServer
from tests.mobile.furnished import furnish
from tests.mobile.phone import Phone

pytestmark = [pytest.mark.window, pytest.mark.xdist_group("window")]
ALBUM = Path(__file__).resolve().parents[2] / ".tepai" / "screenshots" / "phone"
TOUCH_DP = 48


def check_targets(phone: Phone, place: str) -> None:
    """All that can be tapped is large enough and inside the window."""
    from kivy.uix.behaviors import ButtonBehavior
    from kivy.uix.textinput import TextInput

    width = phone.window.width
    for widget in phone.widgets():
        if isinstance(widget, ButtonBehavior | TextInput) and not widget.disabled:
            where = f"{place}: {type(widget).__name__} {getattr(widget, 'text', '')!r}"
            assert widget.height >= TOUCH_DP, f"{where} is {widget.height} high"
            assert widget.width >= TOUCH_DP, f"{where} is {widget.width} wide"
            left, _ = widget.to_window(widget.x, widget.y)
            assert -1 <= left <= width - widget.width + 1, f"{where} stands out of the window"


def check_words(phone: Phone, place: str) -> None:
    """No label shows less than its text, unless it says so with an ellipsis; none overlap."""
    from kivy.uix.label import Label

    for widget in phone.widgets():
        if isinstance(widget, Label) and widget.text and not widget.shorten:
            room = (widget.width + 1, widget.height + 1)
            drawn = widget.texture_size
            where = f"{place}: {type(widget).__name__} {widget.text!r}"
            assert drawn[0] <= room[0], f"{where} is {drawn[0]} wide in {room[0]}"
            assert drawn[1] <= room[1], f"{where} is {drawn[1]} high in {room[1]}"


@pytest.mark.parametrize("shape", ["small", "wide"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen(
    start: Callable[..., Phone],
    server: FakeServer,
    tmp_path: Path,
    language: str,
    shape: str,
) -> None:
    ids = furnish(tmp_path / "phone", server)
    phone = start(language, shape=shape)

    def photograph(name: str) -> None:
        place = f"{name}-{language}-{shape}"
        phone.settle()
        phone.screenshot(ALBUM / f"{place}.png")
        check_targets(phone, place)
        check_words(phone, place)

    photograph("records")
    phone.app.go("form_choice")
    photograph("form-choice")
    phone.app.new_record("visit")
    phone.frames(2)
    photograph("visit-new")
    phone.screen.save()
    photograph("visit-problems")
    phone.screen.ids.scroll.scroll_y = 0
    photograph("visit-problems-end")
    phone.touch(phone.field("households").opener)
    photograph("households")
    phone.back()
    phone.touch(phone.field("occurred_on").opener)
    phone.wait_for("2026年5月" if language == "zh" else "May 2026")
    photograph("calendar")
    phone.back()
    for standing in ("returned", "rejected", "verified", "conflict"):
        phone.app.open_record(ids[standing])
        photograph(f"record-{standing}")
    phone.app.new_record("income")
    phone.screen.ids.scroll.scroll_y = 0.4
    photograph("income")
    phone.app.store.end_session("token-1")
    phone.app.account = phone.app.store.account()
    phone.app.go("records")
    photograph("session-expired")
    phone.touch(phone.screen.ids.sign_out)
    photograph("sign-out")
    phone.app.sign_out()
    _leave_dialogs(phone)
    phone.screen.sign_in()
    photograph("sign-in")


def _leave_dialogs(phone: Phone) -> None:
    from mobile.widgets.dialogs import Sheet

    sheets: list[Any] = [child for child in phone.window.children if isinstance(child, Sheet)]
    for sheet in sheets:
        sheet.leave()
    phone.frames(2)


def test_every_form_of_the_catalogue_gives_back_what_it_shows(
    start: Callable[..., Phone], server: FakeServer, tmp_path: Path
) -> None:
    furnish(tmp_path / "phone", server)
    phone = start("zh")
    for form in load_catalogue().values():
        values = {field["name"]: _sample(field) for field in form["fields"]}
        phone.app.new_record(form["name"])
        phone.screen.view.show_values(values)
        assert phone.screen.view.values() == values
        assert phone.screen.record_id is None, "showing is no change"


def _sample(field: Field) -> Any:
    samples: dict[str, Any] = {
        "date": "2026-05-20", "village": "341302001003", "households": HOUSEHOLDS[:2],
        "household": HOUSEHOLDS[0], "organisations": [HOUSEHOLDS[3]], "text": "𠮷日 a",
        "station": SUBJECTS["stations"][0]["id"], "item": SUBJECTS["items"][0]["id"],
        "long_text": "第一行\n第二行", "number": 2013 if field["type"] == "integer" else 1.25,
    }  # fmt: skip
    codes = [choice["value"] for choice in field.get("choices", [])[1:2]]
    samples |= {"choices": codes, "choice": codes[0] if codes else None}
    return samples[field["widget"]]
