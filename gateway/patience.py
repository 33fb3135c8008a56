"""Waiting for something that is away, and saying so, but not too often."""

import logging
import time

SAY_EVERY_S = 10.0


class Patience:
    """Says at once and then every ten seconds for whom we wait, and once when it is over."""

    def __init__(self, log: logging.Logger, whom: str) -> None:
        self._log = log
        self._whom = whom
        self._since: float | None = None
        self._said_at = float("-inf")

    def waiting(self, why: str) -> None:
        """Note that it is still away."""
        now = time.monotonic()
        if self._since is None:
            self._since = now
        if now - self._said_at >= SAY_EVERY_S:
            self._said_at = now
            self._log.warning("waiting for %s: %s", self._whom, " ".join(why.split()))

    def over(self) -> None:
        """Note that it is there."""
        if self._since is not None:
            waited = time.monotonic() - self._since
            self._log.info("%s is there again after %.0f s", self._whom, waited)
        self._since = None
        self._said_at = float("-inf")
