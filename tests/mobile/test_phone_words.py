"""What the app says, its clock, its settings, and what it must not load."""

import subprocess
import sys
import zoneinfo
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.form_schema import load_catalogue
from contracts.texts import mark, translator
from mobile.api import NoAnswer
from mobile.clock import city_zone
from mobile.settings import DEFAULT_SERVER, read_settings
from mobile.sync import SyncEnd, SyncResult
from mobile.words import problem_sentence, result_words, sync_words
from tests.mobile.conftest import NOW

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = translator("en", ROOT / "mobile" / "texts")


def test_sync_state_in_words() -> None:
    assert sync_words(3, NOW.isoformat(), NOW, mark) == "3 条待发送，上次同步 14:20"
    yesterday = (NOW - timedelta(days=1)).isoformat()
    assert sync_words(0, yesterday, NOW, ENGLISH) == (
        "Nothing waits to be sent, last synced 30 May 14:20"
    )
    assert sync_words(1, None, NOW, mark) == "1 条待发送，还未同步过"


def test_time_of_last_sync_is_the_city_s_whatever_the_phone_s_zone() -> None:
    assert sync_words(0, "2026-05-31T05:00:00+00:00", NOW, mark).endswith("13:00")


def test_result_says_what_was_sent_and_why_the_rest_was_not() -> None:
    result = SyncResult(SyncEnd.BROKEN_OFF, sent=2, problem=NoAnswer())
    assert result_words(result, ENGLISH) == (
        "2 sent; No network, or the server does not answer; unsent records are kept on the phone"
    )
    assert result_words(SyncResult(), mark) == "已是最新"


def test_problem_of_the_server_is_said_in_the_language_of_now() -> None:
    visit = load_catalogue()["visit"]
    told = {"field": "service_days", "code": "too_large", "value": 40, "expected": {"maximum": 30}}
    assert "服务天数" in problem_sentence(visit, told, "zh", mark)
    assert "Service days" in problem_sentence(visit, told, "en", ENGLISH)


def test_problem_that_this_app_does_not_know_keeps_the_server_s_sentence() -> None:
    visit = load_catalogue()["visit"]
    told = {"field": "village", "code": "of_tomorrow", "message": "村已撤并"}
    assert problem_sentence(visit, told, "zh", mark) == "村已撤并"
    without_parameters = {"field": "village", "code": "too_large", "message": "太大了"}
    assert problem_sentence(visit, without_parameters, "zh", mark) == "太大了"


def test_city_time_without_time_zone_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(key: str) -> None:
        raise zoneinfo.ZoneInfoNotFoundError(key)

    monkeypatch.setattr("mobile.clock.ZoneInfo", missing)
    assert NOW.astimezone(city_zone()).utcoffset() == timedelta(hours=8)


def test_settings_come_from_arguments_then_environment(tmp_path: Path) -> None:
    environ = {"TEPAI_SERVER": "https://tepai.example", "TEPAI_PHONE_FOLDER": str(tmp_path)}
    assert read_settings([], {}).server == DEFAULT_SERVER
    assert read_settings([], environ).server == "https://tepai.example"
    assert read_settings([], environ).folder == tmp_path
    given = read_settings(["--server", "http://127.0.0.1:1", "--language", "en"], environ)
    assert (given.server, given.language) == ("http://127.0.0.1:1", "en")
    with pytest.raises(SystemExit):
        read_settings(["--server", "127.0.0.1:8080"], {})


COMPILED = {"pydantic", "pydantic_core", "msgspec", "numpy", "pandas", "psycopg", "kivy"}


def test_store_sync_and_api_load_no_compiled_package_and_no_kivy() -> None:
    modules = "mobile.store, mobile.sync, mobile.api, mobile.worker, mobile.words, mobile.settings"
    program = f"import sys, {modules}; print(*{{m.split('.')[0] for m in sys.modules}})"
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert not COMPILED & set(loaded.stdout.split())


def test_whole_app_loads_no_compiled_package_that_android_lacks() -> None:
    program = (
        "import sys; from mobile.main import prepare_environment; prepare_environment();"
        "from kivy.config import Config; import mobile.form_view, mobile.screens.records;"
        "print(*{m.split('.')[0] for m in sys.modules})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert not (COMPILED - {"kivy"}) & set(loaded.stdout.split())
