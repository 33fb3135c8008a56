"""The app: holds store, worker and language together and goes from screen to screen."""

from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock, mainthread
from kivy.core.window import Window
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.screenmanager import NoTransition, ScreenManager

from contracts.form_schema import load_catalogue
from contracts.problems import Problem
from contracts.texts import DEFAULT_LANGUAGE, LANGUAGES, Language, is_language, mark, translator
from mobile.api import Server
from mobile.clock import Now, city_now
from mobile.fonts import register_fonts
from mobile.screens.form import FormScreen
from mobile.screens.form_choice import FormChoiceScreen
from mobile.screens.records import RecordsScreen
from mobile.screens.sign_in import SignInScreen
from mobile.settings import Settings
from mobile.store import Account, Store
from mobile.sync import SyncEnd, SyncResult
from mobile.theme import LIGHT
from mobile.widgets.dialogs import Notice
from mobile.widgets.kit import Words
from mobile.words import problem_words, result_words
from mobile.worker import Worker

TEXTS = Path(__file__).with_name("texts")
_BACK_KEY = 27
_SYNC_EVERY_S = 300


class PhoneApp(App):
    """Tepai on the phone.

    Parameters
    ----------
    settings
        Server, data folder and language.
    now
        The clock.
    open_server
        From language and token to a server; tests give their own.
    """

    theme = ObjectProperty(LIGHT)
    language = StringProperty(DEFAULT_LANGUAGE)
    t = ObjectProperty(mark)
    account = ObjectProperty(None, allownone=True)
    syncing = BooleanProperty(defaultvalue=False)
    title = "特派 Tepai"

    def __init__(
        self, settings: Settings, now: Now = city_now, open_server: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.settings = settings
        self.now = now
        self._open_server = open_server or self._connect
        self.missing_fonts = register_fonts()
        self.working = False

    def load_config(self) -> None:
        """No file of Kivy's own: settings stand in the store."""

    def build(self) -> FloatLayout:
        """The screens, with a notice over them."""
        folder = self.settings.folder or Path(self.user_data_dir)
        Window.clearcolor = self.theme.background
        try:
            self.store = Store.open(folder, self.now())
        except Problem as problem:
            return self._trouble(problem)
        self.account = self.store.account()
        self.worker = Worker(folder, self._open_server, mainthread(_call), self.now)
        self._speak(self._first_language())
        Window.softinput_mode = "below_target"
        self.screens = ScreenManager(transition=NoTransition())
        for screen in (SignInScreen, RecordsScreen, FormChoiceScreen, FormScreen):
            self.screens.add_widget(screen(self))
        self.notice = Notice()
        self.go("sign_in" if self.account is None else "records")
        root = FloatLayout()
        root.add_widget(self.screens)
        root.add_widget(self.notice)
        self.working = True
        return root

    def on_start(self) -> None:
        """Say what happened to a damaged file; look for work to send now and then."""
        if not self.working:
            return
        Window.bind(on_keyboard=self._key)
        Clock.schedule_interval(lambda _: self._sync_if_waiting(), _SYNC_EVERY_S)
        if self.store.set_aside is not None:
            self.notice.say(
                self.t("手机上的数据文件已损坏，已另存为 %(name)s，没有删除。请联系管理员。")
                % {"name": self.store.set_aside.name}
            )

    def on_pause(self) -> bool:
        """The phone may put the app aside: everything is in the store already."""
        return True

    def on_stop(self) -> None:
        """End the network thread and close the store."""
        if not self.working:
            return
        Window.unbind(on_keyboard=self._key)
        self.worker.stop()
        self.store.close()

    # Going about

    def go(self, name: str) -> None:
        """Show a screen; a notice belongs to the one before."""
        self.notice.hide()
        self.screens.current = name

    def new_record(self, form: str) -> None:
        """Open an empty form."""
        self.screens.get_screen("form").begin(form)
        self.go("form")

    def open_record(self, record_id: str) -> None:
        """Open a record of the list."""
        record = self.store.record(record_id)
        if record.form not in load_catalogue():
            self.notice.say(self.t("这个应用不认识此表单，请更新应用"))
            return
        self.screens.get_screen("form").resume(record)
        self.go("form")

    def switch_language(self) -> None:
        """Go on in the other language, and keep to it."""
        other = LANGUAGES[(LANGUAGES.index(self._language()) + 1) % len(LANGUAGES)]
        self._speak(other)
        self.notice.hide()
        self.store.set_setting("language", other)

    # Session and sync

    def signed_in(self) -> None:
        """Somebody has signed in: show their records and fetch what pickers need."""
        self.account = self.store.account()
        self.go("records")
        self.synchronise()

    def sign_out(self) -> None:
        """Forget the person; their records stay on the phone."""
        account: Account | None = self.account
        if account is not None and account.token is not None:
            self.worker.sign_out(self.language, account.token)
        self.store.sign_out()
        self.account = None
        self.go("sign_in")

    def synchronise(self) -> None:
        """Push and pull in the background, unless that is under way."""
        account: Account | None = self.account
        if self.syncing or account is None:
            return
        if account.token is None:
            self.go("sign_in")
            return
        self.syncing = True
        progress = self._records.show_progress
        self.worker.synchronise(account, self.language, progress, self._synchronised)

    @property
    def _records(self) -> RecordsScreen:
        screen: RecordsScreen = self.screens.get_screen("records")
        return screen

    def _synchronised(self, result: SyncResult) -> None:
        self.syncing = False
        self.account = self.store.account()
        self._records.refresh()
        if result.end is not SyncEnd.SIGN_IN_AGAIN:
            self.notice.say(result_words(result, self.t))

    def _sync_if_waiting(self) -> None:
        account: Account | None = self.account
        if account and account.token and self.store.count_waiting(account.id):
            self.synchronise()

    def _connect(self, language: str, token: str | None) -> Server:
        return Server(self.settings.server, language, token)

    def _trouble(self, problem: Problem) -> FloatLayout:
        """Nothing but what went wrong, in every language: the phone's data cannot be opened."""
        said = [problem_words(problem, translator(language, TEXTS)) for language in LANGUAGES]
        root = FloatLayout()
        middle = {"center_x": 0.5, "center_y": 0.5}
        root.add_widget(Words(text="\n\n".join(said), size_hint_x=0.85, pos_hint=middle))
        return root

    # Language and keys

    def _first_language(self) -> Language:
        kept = self.store.setting("language") or (self.account.language if self.account else "")
        return self.settings.language or (kept if is_language(kept) else DEFAULT_LANGUAGE)

    def _language(self) -> Language:
        return self.language if is_language(self.language) else DEFAULT_LANGUAGE

    def _speak(self, language: Language) -> None:
        self.t = translator(language, TEXTS)
        self.language = language

    def _key(self, window: object, key: int, *_: object) -> bool:
        """Android's back key and Escape do what the screen's own arrow does."""
        del window
        if key != _BACK_KEY:
            return False
        screen = self.screens.current_screen
        if screen.name == "form":
            screen.go_back()
        elif screen.name == "form_choice" or (screen.name == "sign_in" and screen.can_leave):
            self.go("records")
        else:
            return False
        return True


def _call(function: Any) -> None:
    function()
