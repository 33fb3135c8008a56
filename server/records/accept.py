"""Accept pushed records: each gets one outcome, and one that is wrong does not hold up the rest."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

import psycopg

from contracts.problems import FieldProblem
from contracts.sql_files import beside
from contracts.sync import Outcome
from server.db.errors import field_problem
from server.db.pool import Actor, DictConnection, rows
from server.records.body_hash import body_sha256
from server.records.check import Surroundings, form_problems, mentioned, reference_problems
from server.records.pushed import Pushed, read_pushed
from server.records.references import find_references
from server.records.write import Overtaken, Ready, make_ready, write_new, write_revision

_log = logging.getLogger(__name__)
_SQL = beside(__file__, "accept.sql")
# What concerns one record: constraints, values a column cannot hold, row security.
_REFUSALS = (psycopg.IntegrityError, psycopg.DataError, psycopg.errors.InsufficientPrivilege)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one pushed record; `form` names it for the labels of its problems."""

    id: str
    outcome: Outcome
    problems: Sequence[FieldProblem] = ()
    form: str = ""


@dataclass
class _Push:
    """One push on its way: verdicts by place, and records waiting to be stored, by place."""

    verdicts: dict[int, Verdict] = field(default_factory=dict)
    waiting: dict[int, Pushed] = field(default_factory=dict)

    def settle(self, place: int, outcome: Outcome, problems: Sequence[FieldProblem] = ()) -> None:
        pushed = self.waiting.pop(place)
        self.verdicts[place] = Verdict(str(pushed.id), outcome, problems, pushed.form)


def accept_records(
    connection: DictConnection,
    actor: Actor,
    raw_records: Sequence[object],
    today: date,
    language: str,
) -> list[Verdict]:
    """One verdict per record, in the order given.

    The caller holds the transaction; each record's rows stand or fall together under a savepoint.

    Parameters
    ----------
    today
        The day in Asia/Shanghai.
    language
        For names inside problems.
    """
    push = _Push()
    for place, raw in enumerate(raw_records):
        read = read_pushed(raw)
        if isinstance(read, Pushed):
            push.waiting[place] = read
        else:
            push.verdicts[place] = Verdict(read.id, Outcome.REJECTED, read.problems, read.form)
    _settle_repeats(connection, push)
    _reject_wrong(connection, push, today, language)
    while push.waiting:
        # One id may stand in a push twice: the second is judged after the first is stored.
        firsts = {pushed.id: place for place, pushed in reversed(push.waiting.items())}
        _store(connection, actor, push, sorted(firsts.values(), key=lambda p: push.waiting[p].id))
    return [verdict for _, verdict in sorted(push.verdicts.items())]


def _settle_repeats(connection: DictConnection, push: _Push) -> None:
    """What is stored already was right when it came; what has changed since does not undo that.

    So a repeat is known as such before it is checked: its village may be another person's by now.
    """
    stored = _stored(connection, (pushed.id for pushed in push.waiting.values()))
    for place, pushed in list(push.waiting.items()):
        known = stored.get(pushed.id)
        if known is None or (
            known["status"] == "returned" and pushed.revision != known["revision"]
        ):
            continue
        if bytes(known["body_sha256"]) == body_sha256(
            pushed.form, pushed.form_version, pushed.values
        ):
            push.settle(place, Outcome.DUPLICATE)


def _reject_wrong(connection: DictConnection, push: _Push, today: date, language: str) -> None:
    for place, pushed in list(push.waiting.items()):
        if problems := form_problems(pushed, today):
            push.settle(place, Outcome.REJECTED, problems)
    if not push.waiting:
        return
    found = find_references(
        connection, (mention for pushed in push.waiting.values() for mention in mentioned(pushed))
    )
    counties = {row["county"] for row in rows(connection, _SQL["select_service_counties"])}
    around = Surroundings(found, counties, language)
    for place, pushed in list(push.waiting.items()):
        if problems := reference_problems(pushed, around):
            push.settle(place, Outcome.REJECTED, problems)


def _store(connection: DictConnection, actor: Actor, push: _Push, places: list[int]) -> None:
    """Store what is new in one go; if that fails, record by record to find the one at fault.

    Places come in the order of ids, so that two pushes never wait for each other in a ring.
    """
    stored = _stored(connection, (push.waiting[place].id for place in places))
    fresh: dict[int, Ready] = {}
    for place in places:
        pushed = push.waiting[place]
        if pushed.id in stored:
            _settle_known(connection, actor, push, place, stored[pushed.id])
        else:
            fresh[place] = make_ready(pushed)
    if not fresh:
        return
    try:
        with connection.transaction():
            write_new(connection, actor, list(fresh.values()))
    except _REFUSALS:
        for place, ready in fresh.items():
            _store_alone(connection, actor, push, place, ready)
    else:
        for place in fresh:
            push.settle(place, Outcome.ACCEPTED)


def _store_alone(
    connection: DictConnection, actor: Actor, push: _Push, place: int, ready: Ready
) -> None:
    try:
        with connection.transaction():
            write_new(connection, actor, [ready])
    except psycopg.errors.UniqueViolation:
        # Somebody was quicker: this push's twin, or an author whose records are not ours to see.
        stored = _stored(connection, [ready.pushed.id])
        if ready.pushed.id in stored:
            _settle_known(connection, actor, push, place, stored[ready.pushed.id])
        else:
            push.settle(place, Outcome.CONFLICT)
    except _REFUSALS as error:
        _settle_refused(push, place, error)
    else:
        push.settle(place, Outcome.ACCEPTED)


def _settle_known(
    connection: DictConnection, actor: Actor, push: _Push, place: int, stored: dict[str, Any]
) -> None:
    """Judge a record whose id is stored: repeated, corrected, or in conflict."""
    pushed = push.waiting[place]
    ready = make_ready(pushed)
    if stored["status"] == "returned" and pushed.revision == stored["revision"] + 1:
        try:
            with connection.transaction():
                write_revision(connection, actor, ready)
        except (Overtaken, psycopg.errors.UniqueViolation):
            stored = _stored(connection, [pushed.id])[pushed.id]
        except _REFUSALS as error:
            _settle_refused(push, place, error)
            return
        else:
            push.settle(place, Outcome.ACCEPTED)
            return
    same = bytes(stored["body_sha256"]) == ready.sha256
    push.settle(place, Outcome.DUPLICATE if same else Outcome.CONFLICT)


def _settle_refused(push: _Push, place: int, error: psycopg.Error) -> None:
    problem = field_problem(error)
    if problem.code == "not_stored":
        _log.error("record %s could not be stored", push.waiting[place].id, exc_info=error)
    elif problem.value is None:
        value = push.waiting[place].values.get(problem.field)
        problem = replace(problem, value=value)
    push.settle(place, Outcome.REJECTED, [problem])


def _stored(connection: DictConnection, ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    found = rows(connection, _SQL["select_stored"], {"ids": list(ids)})
    return {row["id"]: row for row in found}
