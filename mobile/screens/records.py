"""My records: each with where it stands, what waits to be sent, and a button for a new one."""

from typing import TYPE_CHECKING, Any

from kivy.metrics import dp
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.screenmanager import Screen

from contracts.form_schema import load_catalogue
from mobile.icons import LOOKS
from mobile.records import Record
from mobile.widgets.dialogs import Ask
from mobile.widgets.kv import load_kv
from mobile.words import STANDINGS, form_title, note_words, sync_words

if TYPE_CHECKING:
    from mobile.app import PhoneApp


class RecordRow(ButtonBehavior, BoxLayout):
    """One record of the list."""

    record_id = StringProperty("")
    form_icon = StringProperty("")
    title = StringProperty("")
    day = StringProperty("")
    standing = StringProperty("")
    standing_icon = StringProperty("")
    tone = StringProperty("muted")
    note = StringProperty("")
    open_ = ObjectProperty(None)

    def on_release(self) -> None:
        """Tell the list which record was tapped."""
        self.open_(self.record_id)


class RecordsScreen(Screen):
    """The first screen once somebody has signed in."""

    sync_words = StringProperty("")
    must_sign_in = BooleanProperty(defaultvalue=False)
    any_record = BooleanProperty(defaultvalue=True)

    def __init__(self, app: "PhoneApp", **kwargs: Any) -> None:
        self.app = app
        super().__init__(name="records", **kwargs)
        app.bind(language=lambda *_: self.refresh())

    def on_pre_enter(self) -> None:
        """Show how things stand now."""
        self.refresh()

    def refresh(self) -> None:
        """Read everything again from the store."""
        app = self.app
        account = app.account
        if account is None:
            return
        records = app.store.records(account.id)
        self.any_record = bool(records)
        self.ids.rows.data = [self._row(record) for record in records]
        waiting = app.store.count_waiting(account.id)
        self.sync_words = sync_words(waiting, account.last_sync_at, app.now(), app.t)
        self.must_sign_in = account.token is None
        expired = app.t("登录已过期，请重新登录；未发送的记录都还在手机上")
        self.ids.problem.text = expired if self.must_sign_in else ""

    def show_progress(self, answered: int, total: int) -> None:
        """Show how far a sync has come."""
        if total:
            members = {"count": answered, "total": total}
            self.sync_words = self.app.t("正在发送 %(count)s / %(total)s") % members

    def ask_sign_out(self) -> None:
        """Sign out after a question that says what has not been sent."""
        app = self.app
        if app.account is None:
            return
        waiting = app.store.count_waiting(app.account.id)
        drafts = app.store.count_drafts(app.account.id)
        text = app.t("要退出登录吗？")
        if waiting or drafts:
            members = {"waiting": waiting, "drafts": drafts}
            text += app.t("还有 %(waiting)s 条待发送、%(drafts)s 份草稿，都留在手机上。") % members
        Ask(app.sign_out, text=text, yes=app.t("退出登录"), no=app.t("取消")).show()

    def _row(self, record: Record) -> dict[str, Any]:
        app = self.app
        form = load_catalogue().get(record.form, {})
        title = form_title(record.form, app.language)
        sign, tone = LOOKS[record.standing]
        note = note_words(record, app.language, app.t)
        return {
            "record_id": record.id,
            "form_icon": form.get("icon", ""),
            "title": f"{title} · {record.village}" if record.village else title,
            "day": str(record.values.get("occurred_on", "")),
            "standing": app.t(STANDINGS[record.standing]),
            "standing_icon": sign,
            "tone": "warning" if note and tone == "muted" else tone,
            "note": note,
            "open_": app.open_record,
            "row_size": (None, dp(128) if note else dp(80)),
        }


load_kv(__file__)
