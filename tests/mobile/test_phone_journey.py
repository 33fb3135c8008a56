"""The app in a real window, by touch and typed text, against a server over HTTP."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mobile.store import Store
from mobile.store_file import FILE_NAME, connect
from tests.mobile.conftest import NOW
from tests.mobile.fake_server import HOUSEHOLDS, FakeServer, expired
from tests.mobile.furnished import ME, REASON, TRAINING, VISIT, furnish
from tests.mobile.phone import Phone

pytestmark = [pytest.mark.window, pytest.mark.xdist_group("window")]
Start = Callable[..., Phone]


def test_visit_from_sign_in_to_sent_in_chinese(start: Start, server: FakeServer) -> None:
    phone = start("zh")
    phone.sign_in("li.ming", "secret")
    phone.wait_for("还没有记录")
    phone.tap("新记录")
    phone.tap("走访服务")
    assert phone.field("occurred_on").value() == "2026-05-31"
    phone.touch(phone.field("occurred_on").opener)
    assert phone.find("2026年5月")
    phone.tap("29")
    phone.tap("选择村")
    phone.type_into("search", "小王")
    phone.tap("小王庄村")
    phone.tap("选择农户")
    phone.tap("王小明")
    phone.tap("李䶮")
    phone.tap("确定")
    phone.tap("业务指导")
    phone.tap("科技特派员+家庭农场+农户")
    phone.fill("service_days", "0.5")
    phone.fill("summary", "指导小麦赤霉病防治")
    server.faults["/api/v1/sync/push"] = []
    phone.tap("保存")
    phone.wait_for("待发送")
    assert phone.find("1 条待发送，上次同步 14:20")
    assert server.stored == {}
    phone.tap("同步")
    phone.wait_for("已发送 1 条")
    assert phone.find("已发送")
    (record,) = server.stored.values()
    assert record["form"] == "visit"
    assert record["values"] == {
        "occurred_on": "2026-05-29",
        "village": "341302001004",
        "households": [HOUSEHOLDS[0], HOUSEHOLDS[2]],
        "service_types": ["technical_guidance"],
        "service_mode": "family_farm",
        "service_days": 0.5,
        "summary": "指导小麦赤霉病防治",
    }


def test_training_in_english_with_language_chosen_at_sign_in(
    start: Start, server: FakeServer
) -> None:
    phone = start("zh")
    phone.tap("English")
    phone.sign_in("li.ming", "secret")
    phone.tap("New record")
    phone.tap("Training")
    phone.tap("Choose a village")
    phone.tap("大李村")
    phone.fill("title", "Wheat scab control")
    phone.fill("attendance", "36")
    phone.fill("service_days", "1")
    phone.tap("Save")
    phone.wait_for("Waiting")
    phone.tap("Sync")
    phone.wait_for("1 sent")
    phone.tap("中文")
    assert phone.find("我的记录")
    assert phone.find("已发送")
    (record,) = server.stored.values()
    assert (record["values"]["attendance"], record["values"]["title"]) == (36, "Wheat scab control")


@pytest.mark.parametrize(
    ("language", "save", "sentence"),
    [
        ("zh", "保存", "“服务天数”的值 99 太大"),
        ("en", "Save", "99 is too large"),
    ],
)
def test_problems_stand_beside_their_fields_and_go_when_corrected(
    start: Start, server: FakeServer, tmp_path: Path, language: str, save: str, sentence: str
) -> None:
    furnish(tmp_path / "phone", server)
    phone = start(language)
    phone.app.new_record("visit")
    phone.frames(3)
    phone.fill("service_days", "99")
    phone.tap(save)
    phone.frames(5)
    assert phone.screen.name == "form"
    problem = phone.field("service_days").problem
    assert "99" in problem
    assert "30" in problem
    if language == "zh":
        assert sentence in problem
    for name in ("village", "households", "service_types", "summary"):
        assert phone.field(name).problem, name
    assert phone.field("occurred_on").problem == ""
    phone.fill("service_days", "１．５")
    assert phone.field("service_days").problem == ""
    assert phone.field("service_days").value() == 1.5
    phone.fill("service_days", "两天")
    phone.tap(save)
    assert "两天" in phone.field("service_days").problem


def test_draft_is_kept_at_every_change_and_back_loses_nothing(
    start: Start, server: FakeServer, tmp_path: Path
) -> None:
    phone = start("zh")
    phone.sign_in("li.ming", "secret")
    phone.tap("新记录")
    phone.tap("走访服务")
    phone.back()
    assert phone.find("还没有记录"), "an untouched form is no draft"
    phone.tap("新记录")
    phone.tap("走访服务")
    phone.fill("summary", "写到一半")
    other = Store.open(tmp_path / "phone", NOW)
    (draft,) = other.records(ME.id)
    assert draft.values["summary"] == "写到一半", "kept before anybody went back"
    other.close()
    phone.back()
    phone.tap("草稿")
    assert phone.field("summary").value() == "写到一半"


def test_draft_is_deleted_only_after_a_question(
    start: Start, server: FakeServer, tmp_path: Path
) -> None:
    ids = furnish(tmp_path / "phone", server)
    phone = start("zh")
    phone.app.open_record(ids["draft"])
    phone.frames(3)
    phone.touch(phone.screen.ids.delete)
    phone.tap("取消")
    assert phone.app.store.record(ids["draft"])
    phone.touch(phone.screen.ids.delete)
    phone.tap("删除")
    phone.wait_for("已删除")
    with pytest.raises(KeyError):
        phone.app.store.record(ids["draft"])


def test_returned_record_shows_its_reason_and_goes_again_as_revision_2(
    start: Start, server: FakeServer, tmp_path: Path
) -> None:
    ids = furnish(tmp_path / "phone", server)
    server.stored[ids["returned"]] = {"values": VISIT, "revision": 1}
    phone = start("zh")
    assert phone.find("审核意见：" + REASON)
    phone.tap("已退回")
    assert phone.find("审核意见：" + REASON)
    assert phone.field("summary").problem == "审核退回：请更正此项"
    phone.fill("summary", "大李村东地块六亩")
    phone.tap("保存")
    phone.tap("同步")
    phone.wait(lambda: not phone.app.syncing)
    assert server.stored[ids["returned"]]["revision"] == 2
    assert phone.app.store.record(ids["returned"]).standing == "sent"


def test_rejected_record_names_field_and_value_and_is_corrected(
    start: Start, server: FakeServer, tmp_path: Path
) -> None:
    ids = furnish(tmp_path / "phone", server)
    phone = start("zh")
    phone.tap("未通过")
    assert "40" in phone.field("service_days").problem
    assert "30" in phone.field("service_days").problem
    phone.fill("service_days", "1")
    phone.tap("保存")
    phone.tap("同步")
    phone.wait(lambda: not phone.app.syncing)
    assert server.stored[ids["rejected"]]["values"] == TRAINING


@pytest.mark.parametrize("standing", ["waiting", "sent", "verified", "conflict"])
def test_settled_or_waiting_record_can_be_read_but_not_changed(
    start: Start, server: FakeServer, tmp_path: Path, standing: str
) -> None:
    ids = furnish(tmp_path / "phone", server)
    phone = start("zh")
    phone.app.open_record(ids[standing])
    phone.frames(3)
    assert phone.find("保存") is None
    box = phone.field("service_days").box
    phone.touch(box)
    assert not box.focus
    phone.back()
    assert phone.screen.name == "records"


def test_expired_session_asks_to_sign_in_again_and_then_sends(
    start: Start, server: FakeServer, tmp_path: Path
) -> None:
    ids = furnish(tmp_path / "phone", server)
    server.faults["/api/v1/sync/push"] = [expired]
    phone = start("zh")
    phone.tap("同步")
    phone.wait_for("登录已过期")
    assert phone.app.store.record(ids["waiting"]).standing == "waiting"
    phone.tap("重新登录")
    assert phone.screen.ids.username.text == "li.ming"
    phone.type_into("password", "wrong")
    phone.touch(phone.screen.ids.submit)
    phone.wait_for("用户名或密码不正确")
    phone.screen.ids.password.text = ""
    phone.type_into("password", "secret")
    phone.touch(phone.screen.ids.submit)
    phone.wait(lambda: ids["waiting"] in server.stored)
    phone.wait(lambda: not phone.app.syncing)
    assert phone.app.store.record(ids["waiting"]).standing == "sent"


def test_no_network_is_told_and_the_records_still_wait(
    start: Start, server: FakeServer, tmp_path: Path
) -> None:
    furnish(tmp_path / "phone", server)
    phone = start("zh")
    phone.app.settings = type(phone.app.settings)("http://127.0.0.1:9")
    phone.tap("同步")
    phone.wait_for("没有网络或服务器没有回应")
    assert phone.find("1 条待发送")


def test_full_phone_is_told_and_leaving_asks_first(
    start: Start, server: FakeServer, tmp_path: Path
) -> None:
    furnish(tmp_path / "phone", server)
    phone = start("zh")
    phone.app.new_record("visit")
    phone.frames(3)
    connection = phone.app.store.connection
    (pages,) = connection.execute("pragma page_count").fetchone()
    connection.execute(f"pragma max_page_count = {pages}")
    phone.field("summary").box.text = "很长" * 20_000
    phone.wait_for("未能保存")
    phone.back()
    phone.tap("留在此页")
    assert phone.field("summary").value() == "很长" * 20_000
    connection.execute("pragma max_page_count = 1000000")
    phone.field("summary").box.text = "很长" * 500
    phone.frames(2)
    assert phone.find("未能保存") is None
    phone.back()
    assert phone.screen.name == "records"


def test_damaged_file_is_told_at_start(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "phone"
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(b"not a database" * 500)
    phone = start("zh")
    assert phone.find("已另存为 tepai-damaged-20260531T142000.db")


def test_file_of_a_newer_app_is_told_and_left_alone(start: Start, tmp_path: Path) -> None:
    Store.open(tmp_path / "phone", NOW).close()
    connection = connect(tmp_path / "phone" / FILE_NAME)
    connection.execute("pragma user_version = 99")
    connection.close()
    phone = start("zh")
    assert phone.find("请更新应用")
    assert phone.find("please update the app")


def test_record_of_an_unknown_form_is_listed_and_told(
    start: Start, server: FakeServer, tmp_path: Path
) -> None:
    ids = furnish(tmp_path / "phone", server)
    connection = connect(tmp_path / "phone" / FILE_NAME)
    connection.execute("update record set form = 'of_tomorrow' where id = ?", [ids["sent"]])
    connection.close()
    phone = start("zh")
    phone.tap("of_tomorrow")
    assert phone.find("这个应用不认识此表单")


def test_sign_out_says_what_is_unsent_and_keeps_it(
    start: Start, server: FakeServer, tmp_path: Path
) -> None:
    furnish(tmp_path / "phone", server)
    phone = start("zh")
    phone.touch(phone.screen.ids.sign_out)
    assert phone.find("还有 1 条待发送、1 份草稿，都留在手机上。")
    phone.tap("退出登录")
    assert phone.screen.name == "sign_in"
    phone.sign_in("li.ming", "secret")
    assert phone.app.store.count_drafts(ME.id) == 1


@pytest.mark.usefixtures("_display")
def test_program_says_ready_and_ends_on_sigterm(server: FakeServer, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mobile", "--server", server.url, "--folder", str(tmp_path)]
    environ = {key: value for key, value in os.environ.items() if not key.startswith("KIVY_")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as program:
        assert program.stdout is not None
        assert "ready" in program.stdout.readline()
        program.send_signal(signal.SIGTERM)
        assert program.wait(20) == 0
    assert (tmp_path / FILE_NAME).exists()
