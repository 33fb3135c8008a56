"""The server as the phone speaks to it: every answer is checked before it counts as one."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import httpx

from contracts.problems import NotSignedIn, Problem, SignInFailed, SignInLocked
from contracts.sync import (
    Outcome,
    Pulled,
    PushedRecord,
    PushOutcome,
    RecordNews,
    RecordStatus,
    Subjects,
)
from contracts.texts import mark
from mobile.store import Account

logging.getLogger("httpcore").setLevel(logging.WARNING)
_TIMEOUT = httpx.Timeout(30.0, connect=8.0)
# Text codes that a server's problem may carry, as the phone knows them.
_KNOWN: Mapping[str, type[Problem]] = {kind.code: kind for kind in (NotSignedIn, SignInFailed)}


class NoAnswer(Problem):
    """Nothing came back: no network, no server, or the connection broke off."""

    code = "phone.no_answer"
    status = 503
    title = mark("没有网络或服务器没有回应")


class NotOurServer(Problem):
    """Something answered, but not Tepai: a portal's sign-in page, a proxy, another site."""

    code = "phone.not_our_server"
    status = 502
    title = mark("网络要求登录或被拦截：收到的不是特派服务器的回答")


class ServerFault(Problem):
    """The server failed at this request; the same may work later."""

    code = "phone.server_fault"
    status = 500
    title = mark("服务器出错，请稍后再试")


class Refused(Problem):
    """The server refused the request as a whole, with a reason."""

    code = "phone.refused"
    title = mark("服务器拒绝了请求：%(reason)s")


class Server:
    """A connection to the server for one thread; close it after use."""

    def __init__(
        self,
        url: str,
        language: str,
        token: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Prepare the client; nothing is sent yet. `transport` stands in for the network."""
        headers = {"Accept": "application/json", "Accept-Language": language}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._client = httpx.Client(
            base_url=url.rstrip("/"),
            headers=headers,
            timeout=_TIMEOUT,
            transport=transport,
            trust_env=False,
            follow_redirects=False,
        )

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def sign_in(self, username: str, password: str) -> Account:
        """The person signed in, with a token.

        Raises
        ------
        SignInFailed, SignInLocked, NoAnswer, NotOurServer, ServerFault, Refused
        """
        answer = self._ask("POST", "/api/v1/session", {"username": username, "password": password})
        try:
            person = answer["account"]
            return Account(
                id=str(person["id"]),
                username=str(person["username"]),
                display_name=str(person["display_name"]),
                role=str(person["role"]),
                language=str(person["language"]),
                correspondent_id=person.get("correspondent_id"),
                token=str(answer["token"]),
                expires_at=str(answer["expires_at"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise NotOurServer from error

    def sign_out(self) -> None:
        """End the session on the server."""
        self._ask("DELETE", "/api/v1/session")

    def push(self, records: Sequence[PushedRecord]) -> list[PushOutcome]:
        """What became of each record that the server answered for.

        Raises
        ------
        NotSignedIn, NoAnswer, NotOurServer, ServerFault, Refused
        """
        answer = self._ask(
            "POST", "/api/v1/sync/push", {"records": [asdict(record) for record in records]}
        )
        try:
            return [
                PushOutcome(
                    str(row["id"]), Outcome(row["outcome"]), list(row.get("problems") or [])
                )
                for row in answer["outcomes"]
            ]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotOurServer from error

    def pull(self, cursor: str | None) -> Pulled:
        """What is new since the cursor.

        Raises
        ------
        NotSignedIn, NoAnswer, NotOurServer, ServerFault, Refused
        """
        query = {} if cursor is None else {"cursor": cursor}
        answer = self._ask("GET", "/api/v1/sync/pull", query=query)
        try:
            return _pulled(answer)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotOurServer from error

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        try:
            answer = self._client.request(method, path, json=body, params=query)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer from error
        if answer.status_code == 204:
            return {}
        members = _json_object(answer)
        if answer.is_success and members is not None:
            return members
        raise _problem(answer.status_code, members)


def _json_object(answer: httpx.Response) -> dict[str, Any] | None:
    """The answer's JSON object; None if it says it is something else, or is."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/json", "application/problem+json"):
        return None
    try:
        members = answer.json()
    except ValueError:
        return None
    return members if isinstance(members, dict) else None


def _problem(status: int, members: Mapping[str, Any] | None) -> Problem:
    if status >= 500:
        return ServerFault()
    if members is None or "code" not in members:
        return NotOurServer()
    known = _KNOWN.get(str(members["code"]))
    if known is not None:
        return known()
    said = str(members.get("detail") or members.get("title") or status)
    if members["code"] == SignInLocked.code:
        return SignInLocked(said.replace("%", "%%"))  # only the server knows for how long
    return Refused(reason=said)


def _pulled(answer: Mapping[str, Any]) -> Pulled:
    news = [
        RecordNews(
            str(row["id"]),
            RecordStatus(row["status"]),
            int(row["revision"]),
            row.get("reason"),
            [str(name) for name in row.get("fields") or []],
        )
        for row in answer["records"]
    ]
    rows = answer["subjects"]
    names = ("villages", "households", "organisations", "stations", "items")
    return Pulled(
        str(answer["cursor"]), news, Subjects(**{name: rows.get(name) or [] for name in names})
    )
