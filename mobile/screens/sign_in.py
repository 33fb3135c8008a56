"""Sign-in: name and password, once with a network; afterwards the phone works without."""

from typing import TYPE_CHECKING, Any

from kivy.properties import BooleanProperty
from kivy.uix.screenmanager import Screen

from mobile.widgets import kit as kit
from mobile.widgets.kv import load_kv
from mobile.words import problem_words
from mobile.worker import SignedIn

if TYPE_CHECKING:
    from mobile.app import PhoneApp


class SignInScreen(Screen):
    """Asks who it is; can be left again if the phone knows somebody already."""

    busy = BooleanProperty(defaultvalue=False)
    can_leave = BooleanProperty(defaultvalue=False)

    def __init__(self, app: "PhoneApp", **kwargs: Any) -> None:
        self.app = app
        super().__init__(name="sign_in", **kwargs)

    def on_pre_enter(self) -> None:
        """Start with the name of the person the phone knows."""
        account = self.app.account
        self.can_leave = account is not None
        self.ids.username.text = account.username if account else ""
        self.ids.password.text = ""
        self.ids.problem.text = ""

    def leave(self) -> None:
        """Go on without a session: nothing is sent until the next sign-in."""
        if self.can_leave:
            self.app.go("records")

    def sign_in(self) -> None:
        """Ask the server; what it says comes to `_answered`."""
        username, password = self.ids.username.text.strip(), self.ids.password.text
        if self.busy:
            return
        if not username or not password:
            self.ids.problem.text = self.app.t("请填写用户名和密码")
            return
        self.ids.problem.text = ""
        self.busy = True
        self.app.worker.sign_in(username, password, self.app.language, self._answered)

    def _answered(self, answer: SignedIn) -> None:
        self.busy = False
        if answer.problem is not None:
            self.ids.problem.text = problem_words(answer.problem, self.app.t)
            return
        self.ids.password.text = ""
        self.app.signed_in()


load_kv(__file__)
