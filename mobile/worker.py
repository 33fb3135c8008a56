"""One thread for all that waits on the network, with its own store and its own connection."""

import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.problems import Problem
from mobile.api import Server
from mobile.clock import Now
from mobile.store import Account, Store
from mobile.store_file import NotSaved
from mobile.sync import SyncResult, synchronise

Deliver = Callable[[Callable[[], None]], None]
OpenServer = Callable[[str, str | None], Server]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person who signed in, or the problem."""

    account: Account | None
    problem: Problem | None


class Worker:
    """Does one job after another in its thread and hands each result to `deliver`.

    Parameters
    ----------
    open_server
        From language and token to a `Server`.
    deliver
        Runs a function in the thread of the window (Kivy: `mainthread`).
    """

    def __init__(self, folder: Path, open_server: OpenServer, deliver: Deliver, now: Now) -> None:
        self._folder = folder
        self._open_server = open_server
        self._deliver = deliver
        self._now = now
        self._jobs: queue.SimpleQueue[Callable[[Store], None] | None] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, name="network", daemon=True)
        self._thread.start()

    def sign_in(
        self, username: str, password: str, language: str, done: Callable[[SignedIn], None]
    ) -> None:
        """Sign in and keep the person in the store."""

        def job(store: Store) -> None:
            server = self._open_server(language, None)
            try:
                account = server.sign_in(username, password)
                store.sign_in(account)
                result = SignedIn(account, None)
            except Problem as problem:
                result = SignedIn(None, problem)
            except sqlite3.Error:
                result = SignedIn(None, NotSaved())
            finally:
                server.close()
            self._deliver(lambda: done(result))

        self._jobs.put(job)

    def synchronise(
        self,
        account: Account,
        language: str,
        progress: Callable[[int, int], None],
        done: Callable[[SyncResult], None],
    ) -> None:
        """Push and pull once."""

        def told(answered: int, total: int) -> None:
            self._deliver(lambda: progress(answered, total))

        def job(store: Store) -> None:
            server = self._open_server(language, account.token)
            try:
                result = synchronise(store, server, account, self._cancelled, told, self._now)
            finally:
                server.close()
            self._deliver(lambda: done(result))

        self._jobs.put(job)

    def sign_out(self, language: str, token: str) -> None:
        """Tell the server that the session is over; if it does not hear, it expires by itself."""

        def job(store: Store) -> None:
            del store
            server = self._open_server(language, token)
            try:
                server.sign_out()
            except Problem:
                return
            finally:
                server.close()

        self._jobs.put(job)

    def stop(self, timeout: float = 2.0) -> None:
        """Cancel what runs and end the thread; a request under way may outlive the wait."""
        self._cancelled.set()
        self._jobs.put(None)
        self._thread.join(timeout)

    def _run(self) -> None:
        store: Any = None
        while (job := self._jobs.get()) is not None:
            if store is None:
                store = Store.again(self._folder)
            job(store)
        if store is not None:
            store.close()
