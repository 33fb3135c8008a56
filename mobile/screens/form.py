"""One record being filled in, or looked at; every change is kept at once."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.screenmanager import Screen
from kivy.uix.widget import Widget

from contracts.form_schema import Form, check_record, load_catalogue
from contracts.problems import Problem
from mobile.clock import CITY
from mobile.form_view import FormView
from mobile.icons import LOOKS
from mobile.records import Record, Standing
from mobile.widgets.dialogs import Ask
from mobile.widgets.fields import FieldFrame, FormContext
from mobile.widgets.kv import load_kv
from mobile.words import (
    field_problem_words,
    form_title,
    note_words,
    problem_sentence,
    problem_words,
)

if TYPE_CHECKING:
    from mobile.app import PhoneApp


class FormScreen(Screen):
    """A form of the catalogue, for a new record or one that the phone has."""

    title = StringProperty("")
    editable = BooleanProperty(defaultvalue=True)
    can_delete = BooleanProperty(defaultvalue=False)

    def __init__(self, app: "PhoneApp", **kwargs: Any) -> None:
        self.app = app
        self.record_id: str | None = None
        self.view: FormView | None = None
        self._unsaved = False
        super().__init__(name="form", **kwargs)

    def begin(self, form_name: str) -> None:
        """A new record; it becomes a draft with the first change."""
        form = load_catalogue()[form_name]
        self._build(form)
        today = self.app.now().astimezone(CITY).date().isoformat()
        dates = [f["name"] for f in form["fields"] if f["widget"] == "date" and f["required"]]
        self._view.show_values(dict.fromkeys(dates, today))
        self.record_id, self.editable, self.can_delete = None, True, False
        self._say("", "plain")

    def resume(self, record: Record) -> None:
        """A record that the phone has, open for changes if it may be changed."""
        form = load_catalogue()[record.form]
        self._build(form)
        self._view.show_values(record.values)
        self.record_id = record.id
        self.editable, self.can_delete = record.editable, record.deletable
        self._view.show_problems(self._told_problems(record, form))
        if not record.editable:
            self._view.lock()
        self._say(*self._standing_words(record), LOOKS[record.standing][0])

    def save(self) -> None:
        """Check, then put the record into the outbox; problems show beside their fields."""
        app, view = self.app, self._view
        values = view.values()
        today = app.now().astimezone(CITY).date()
        problems = check_record(view.form, values, today)
        sentences = [
            (p.field, field_problem_words(view.form, p, app.language, app.t)) for p in problems
        ]
        first = view.show_problems(sentences)
        if problems:
            app.notice.say(app.t("有 %(count)s 处需要更正") % {"count": len(problems)})
            if first is not None:
                self._scroll_to(first)
            return
        try:
            if self.record_id is None:
                self._keep(values)
            if self.record_id is not None:
                app.store.queue(self.record_id, view.form, values, app.now())
        except Problem as problem:
            self._failed(problem)
            return
        self._unsaved = False
        app.go("records")
        app.notice.say(app.t("已保存，待发送"))

    def go_back(self) -> None:
        """Leave; what was filled in is a draft by now. If it could not be kept, ask first."""
        if self._unsaved:
            self._draft()
        if self._unsaved:
            app = self.app
            Ask(
                lambda: app.go("records"),
                text=app.t("刚才填写的内容还没有保存下来。离开会丢失这些内容。"),
                yes=app.t("仍要离开"),
                no=app.t("留在此页"),
            ).show()
            return
        self.app.go("records")

    def ask_delete(self) -> None:
        """Delete the draft after a question."""
        app = self.app
        Ask(
            self._delete,
            text=app.t("要删除这份记录吗？它只在这部手机上，删除后无法恢复。"),
            yes=app.t("删除"),
            no=app.t("取消"),
        ).show()

    @property
    def _view(self) -> FormView:
        assert self.view is not None  # noqa: S101 - begin or resume comes before anything else
        return self.view

    def _build(self, form: Form) -> None:
        app = self.app
        context = FormContext(
            language=app.language,
            t=app.t,
            today=app.now().astimezone(CITY).date(),
            store=app.store,
            village=lambda: self._view.values().get("village"),
        )
        self.title = form_title(form["name"], app.language)
        self.view = FormView(form, context)
        self.view.bind(on_change=lambda *_: self._draft())
        place = self.ids.place
        place.clear_widgets()
        for widget in (Widget(), self.view, Widget()):
            place.add_widget(widget)
        self.ids.scroll.scroll_y = 1
        self._unsaved = False

    def _draft(self) -> None:
        """Keep what is on the screen; if that fails it is still on the screen."""
        try:
            self._keep(self._view.values())
        except Problem as problem:
            self._failed(problem)
            return
        if self._unsaved:
            self._unsaved = False
            self._say("", "plain")
        self.can_delete = self.record_id is not None and (
            self.app.store.record(self.record_id).deletable
        )

    def _keep(self, values: dict[str, Any]) -> None:
        app, form = self.app, self._view.form
        if self.record_id is not None:
            app.store.save_draft(self.record_id, form, values, app.now())
        elif app.account is not None:
            self.record_id = app.store.add_draft(app.account.id, form, values, app.now())

    def _failed(self, problem: Problem) -> None:
        self._unsaved = True
        self._say(problem_words(problem, self.app.t), "error")

    def _delete(self) -> None:
        app = self.app
        try:
            if self.record_id is not None:
                app.store.delete_draft(self.record_id)
        except Problem as problem:
            self._say(problem_words(problem, app.t), "error")
            return
        self._unsaved = False
        app.go("records")
        app.notice.say(app.t("已删除"))

    def _told_problems(self, record: Record, form: Form) -> Iterator[tuple[str, str]]:
        app = self.app
        for told in record.problems:
            yield str(told.get("field", "")), problem_sentence(form, told, app.language, app.t)
        if record.returned is not None:
            for name in record.returned.fields:
                yield name, app.t("审核退回：请更正此项")

    def _standing_words(self, record: Record) -> tuple[str, str]:
        t = self.app.t
        note = note_words(record, self.app.language, t)
        words = {
            Standing.WAITING: (t("等待发送，发送之前不能修改"), "plain"),
            Standing.SENT: (t("已发送，等待审核"), "plain"),
            Standing.VERIFIED: (t("已核实，计入统计"), "plain"),
            Standing.CONFLICT: (note, "error"),
        }
        if record.standing in words:
            return words[record.standing]
        if record.problems:
            return t("服务器没有接受这条记录。请更正标出的内容，再保存一次。"), "error"
        return note, "warning"

    def _say(self, text: str, tone: str, sign: str = "alert-circle") -> None:
        self.ids.banner.tone = tone
        self.ids.banner.name = sign
        self.ids.banner.text = text

    def _scroll_to(self, frame: FieldFrame) -> None:
        # After the problems have made the form higher.
        scroll = self.ids.scroll
        Clock.schedule_once(lambda _: scroll.scroll_to(frame, padding=dp(16), animate=False), 0.05)


load_kv(__file__)
