"""What the phone keeps, and that it keeps it."""

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.form_schema import load_catalogue
from contracts.sync import (
    Outcome,
    Pulled,
    PushOutcome,
    RecordNews,
    RecordStatus,
    Subjects,
    SyncState,
)
from mobile.records import Standing
from mobile.store import Account, NotEditable, Store
from mobile.store_file import (
    FILE_NAME,
    NewerFile,
    NotSaved,
    connect,
    open_file,
    schema_steps,
    upgrade,
)
from tests.mobile.conftest import NOW
from tests.mobile.fake_server import HOUSEHOLDS, LI, SUBJECTS

VISIT = load_catalogue()["visit"]
VALUES = {"occurred_on": "2026-05-30", "village": "341302001003", "summary": "小麦赤霉病防治"}
ME = Account(**LI, token="t1", expires_at="2026-12-31T00:00:00+08:00")


def queued(store: Store, **more: object) -> str:
    id_ = store.add_draft(ME.id, VISIT, VALUES, NOW)
    store.queue(id_, VISIT, VALUES | more, NOW)
    return id_


def test_draft_survives_closing_and_is_not_in_the_outbox(tmp_path: Path) -> None:
    store = Store.open(tmp_path, NOW)
    id_ = store.add_draft(ME.id, VISIT, {"summary": "一"}, NOW)
    store.save_draft(id_, VISIT, {"summary": "一半"}, NOW)
    store.close()
    store = Store.open(tmp_path, NOW)
    record = store.record(id_)
    assert (record.standing, record.values) == (Standing.DRAFT, {"summary": "一半"})
    assert store.count_waiting(ME.id) == 0
    store.close()


def test_queue_keeps_record_and_outbox_together(store: Store) -> None:
    id_ = queued(store)
    (sent,), _ = store.outbox(ME.id, 0, 10)
    assert (sent.id, sent.values, sent.revision) == (id_, VALUES, 1)
    assert sent.captured_at == "2026-05-31T14:20:00.000+08:00"
    assert store.record(id_).standing is Standing.WAITING


def test_queue_twice_or_change_while_waiting_is_refused_and_changes_nothing(store: Store) -> None:
    id_ = queued(store)
    with pytest.raises(NotEditable):
        store.queue(id_, VISIT, {"summary": "别的"}, NOW)
    with pytest.raises(NotEditable):
        store.save_draft(id_, VISIT, {"summary": "别的"}, NOW)
    with pytest.raises(NotEditable):
        store.delete_draft(id_)
    assert store.record(id_).values == VALUES
    assert store.count_waiting(ME.id) == 1


KILLED_BETWEEN = """
import os, signal, sys
from pathlib import Path
from mobile.store import Store
from tests.mobile.test_phone_store import ME, NOW, VALUES, VISIT
store = Store.open(Path(sys.argv[1]), NOW)
id_ = store.add_draft(ME.id, VISIT, VALUES, NOW)
def kill(sql):
    if "into outbox" in sql:
        os.kill(os.getpid(), signal.SIGKILL)
store.connection.set_trace_callback(kill)
store.queue(id_, VISIT, VALUES, NOW)
"""

KILLED_ANYWHERE = """
import sys
from pathlib import Path
from mobile.store import Store
from tests.mobile.test_phone_store import NOW, queued
store = Store.open(Path(sys.argv[1]), NOW)
print("begun", flush=True)
while True:
    print(queued(store), flush=True)
"""


def test_killed_between_record_and_outbox_leaves_the_draft_whole(tmp_path: Path) -> None:
    child = subprocess.run([sys.executable, "-c", KILLED_BETWEEN, str(tmp_path)], check=False)
    assert child.returncode == -signal.SIGKILL
    store = Store.open(tmp_path, NOW)
    (record,) = store.records(ME.id)
    assert (record.standing, record.values) == (Standing.DRAFT, VALUES)
    assert store.count_waiting(ME.id) == 0
    assert store.set_aside is None
    store.close()


@pytest.mark.parametrize("after", [1, 3, 8, 21])
def test_killed_while_saving_loses_no_record_that_was_saved(tmp_path: Path, after: int) -> None:
    command = [sys.executable, "-c", KILLED_ANYWHERE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        saved = {child.stdout.readline().strip() for _ in range(after)}
        os.kill(child.pid, signal.SIGKILL)
        saved |= set(child.stdout.read().split())
    store = Store.open(tmp_path, NOW)
    records = store.records(ME.id)
    waiting = {record.id for record in records if record.state is SyncState.QUEUED}
    assert saved <= waiting
    assert store.count_waiting(ME.id) == len(waiting)
    assert len(records) - len(waiting) <= 1
    store.close()


def test_settle_moves_each_record_by_its_outcome(store: Store) -> None:
    ids = [queued(store) for _ in range(4)]
    pushed, _ = store.outbox(ME.id, 0, 10)
    problem = {"field": "service_days", "code": "too_large", "value": 99, "expected": {}}
    store.settle(
        pushed,
        [
            PushOutcome(ids[0], Outcome.ACCEPTED),
            PushOutcome(ids[1], Outcome.DUPLICATE),
            PushOutcome(ids[2], Outcome.REJECTED, [problem]),
        ],
    )
    standings = [store.record(id_).standing for id_ in ids]
    assert standings == [Standing.SENT, Standing.SENT, Standing.REJECTED, Standing.WAITING]
    assert store.record(ids[2]).problems == (problem,)
    assert store.count_waiting(ME.id) == 1


def news(store: Store, id_: str, status: str, revision: int = 1) -> None:
    fields = ["summary"] if status == "returned" else []
    word = RecordNews(id_, RecordStatus(status), revision, "请写明地块", fields)
    store.keep_news(Pulled("c", [word], Subjects()))


def accept(store: Store) -> None:
    pushed, _ = store.outbox(ME.id, 0, 10)
    store.settle(pushed, [PushOutcome(record.id, Outcome.ACCEPTED) for record in pushed])


def test_news_never_touch_an_unsent_record_but_count_once_it_has_arrived(store: Store) -> None:
    id_ = queued(store)
    news(store, id_, "returned")
    assert store.record(id_).standing is Standing.WAITING
    accept(store)
    assert store.record(id_).standing is Standing.RETURNED


def test_returned_record_is_corrected_as_the_next_revision(store: Store) -> None:
    id_ = queued(store)
    accept(store)
    news(store, id_, "returned")
    record = store.record(id_)
    assert record.editable
    assert record.returned is not None
    assert record.returned.reason == "请写明地块"
    store.save_draft(id_, VISIT, VALUES | {"summary": "东地块赤霉病"}, NOW)
    store.save_draft(id_, VISIT, VALUES | {"summary": "东地块赤霉病防治"}, NOW)
    record = store.record(id_)
    assert (record.standing, record.revision) == (Standing.DRAFT, 2)
    assert record.returned is not None
    assert not record.deletable
    store.queue(id_, VISIT, record.values, NOW)
    accept(store)
    assert store.record(id_).standing is Standing.SENT
    news(store, id_, "returned", revision=1)  # late, of the revision before
    assert store.record(id_).standing is Standing.SENT
    news(store, id_, "verified", revision=2)
    news(store, id_, "returned", revision=1)
    assert store.record(id_).standing is Standing.VERIFIED
    assert not store.record(id_).editable


def test_outbox_and_list_are_of_one_person(store: Store) -> None:
    queued(store)
    assert store.outbox("somebody else", 0, 10) == ([], [])
    assert store.records("somebody else") == []


def test_another_person_gets_empty_pickers_and_the_first_finds_the_records_again(
    store: Store,
) -> None:
    store.sign_in(ME)
    store.keep_news(Pulled("c9", [], Subjects(**SUBJECTS)))  # type: ignore[arg-type]
    queued(store)
    store.sign_in(replace(ME, token="t2"))
    account = store.account()
    assert account is not None
    assert (account.token, account.pull_cursor) == ("t2", "c9")
    store.sign_in(replace(ME, id="another", token="t3"))
    account = store.account()
    assert account is not None
    assert account.pull_cursor is None
    assert store.search("village", "") == []
    store.sign_in(ME)
    assert store.count_waiting(ME.id) == 1


def test_end_session_forgets_only_its_own_token(store: Store) -> None:
    store.sign_in(replace(ME, token="new"))
    store.end_session("old")
    account = store.account()
    assert account is not None
    assert account.token == "new"
    store.end_session("new")
    account = store.account()
    assert account is not None
    assert account.token is None
    assert account.username == "li.ming"


def test_search_finds_characters_and_puts_the_chosen_village_first(store: Store) -> None:
    store.keep_news(Pulled("c", [], Subjects(**SUBJECTS)))  # type: ignore[arg-type]
    assert {row.name for row in store.search("household", "李")} == {"李大山", "李䶮"}
    first = store.search("household", "", village="341302001004")[0]
    assert (first.name, first.note("household", "zh")) == ("王小明", "小王庄村")
    assert [row.id for row in store.search("village", "夹沟")] == ["341302001003", "341302001004"]
    assert store.search("station", "jiagou", "base")[0].title("en") == "Jiagou demo base"
    assert store.search("station", "", "park") == []
    assert store.search("household", "%") == []
    assert store.search("item", "烟农")[0].note("item", "en") == "Variety · Wheat"
    household = store.subject("household", HOUSEHOLDS[1])
    assert household is not None
    assert household.name == "李大山"


def test_pulling_the_same_rows_again_doubles_nothing(store: Store) -> None:
    for _ in range(2):
        store.keep_news(Pulled("c", [], Subjects(**SUBJECTS)))  # type: ignore[arg-type]
    assert len(store.search("household", "")) == 3


def test_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "特派 数据"
    store = Store.open(folder, NOW)
    assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / f"{FILE_NAME}-wal").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    store.close()


def test_full_disk_is_a_problem_and_the_draft_of_before_stays(store: Store) -> None:
    id_ = store.add_draft(ME.id, VISIT, VALUES, NOW)
    (pages,) = store.connection.execute("pragma page_count").fetchone()
    store.connection.execute(f"pragma max_page_count = {pages}")
    with pytest.raises(NotSaved):
        store.save_draft(id_, VISIT, {"summary": "长" * 50_000}, NOW)
    assert store.record(id_).values == VALUES
    store.connection.execute("pragma max_page_count = 100000")
    store.queue(id_, VISIT, VALUES, NOW)
    assert store.count_waiting(ME.id) == 1


@pytest.mark.parametrize("damage", ["no database", "half written"])
def test_damaged_file_is_set_aside_not_deleted(tmp_path: Path, damage: str) -> None:
    store = Store.open(tmp_path, NOW)
    for _ in range(60):
        queued(store, summary="长" * 300)
    store.close()
    path = tmp_path / FILE_NAME
    whole = path.read_bytes()
    if damage == "no database":
        path.write_bytes(b"\0garbage" * 2000)
    else:
        path.write_bytes(whole[:8192] + b"\xff" * 20000 + whole[28192:-5000])
    broken = path.read_bytes()
    store = Store.open(tmp_path, NOW)
    assert store.set_aside is not None
    assert store.set_aside.name == "tepai-damaged-20260531T142000.db"
    assert store.set_aside.read_bytes() == broken
    assert store.records(ME.id) == []
    queued(store)
    store.close()


def test_upgrade_runs_only_the_missing_steps_and_keeps_the_data(tmp_path: Path) -> None:
    store = Store.open(tmp_path, NOW)
    id_ = queued(store)
    step = tmp_path / "0002_more.sql"
    step.write_text("alter table record add column photo_count integer not null default 0;")
    upgrade(store.connection, [*schema_steps(), step])
    upgrade(store.connection, [*schema_steps(), step])
    row = store.connection.execute("select photo_count from record where id = ?", [id_]).fetchone()
    assert row["photo_count"] == 0
    store.close()


def test_upgrade_that_fails_changes_nothing(tmp_path: Path) -> None:
    store = Store.open(tmp_path, NOW)
    id_ = queued(store)
    step = tmp_path / "0002_wrong.sql"
    step.write_text("alter table record add column half integer; select * from no_such_table;")
    with pytest.raises(sqlite3.OperationalError):
        upgrade(store.connection, [*schema_steps(), step])
    assert store.connection.execute("pragma user_version").fetchone()[0] == len(schema_steps())
    assert "half" not in dict(store.connection.execute("select * from record").fetchone())
    assert store.record(id_).values == VALUES
    store.close()


def test_file_of_a_newer_app_is_left_alone(tmp_path: Path) -> None:
    Store.open(tmp_path, NOW).close()
    connection = connect(tmp_path / FILE_NAME)
    connection.execute("pragma user_version = 99")
    connection.close()
    with pytest.raises(NewerFile):
        open_file(tmp_path, NOW)
    assert [path.name for path in tmp_path.glob("*damaged*")] == []


def test_values_are_kept_as_typed_json(store: Store) -> None:
    values = {"service_days": 0.5, "summary": "“引号”\n𠮷", "households": HOUSEHOLDS}
    id_ = store.add_draft(ME.id, VISIT, values, NOW)
    assert json.dumps(dict(store.record(id_).values)) == json.dumps(values)
