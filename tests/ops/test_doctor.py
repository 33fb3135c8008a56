"""The doctor and the command line, as a person meets them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ops.doctor import run_doctor
from ops.doctor.services import service_findings
from ops.texts import ROOT


def _tepai(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **more}
    return subprocess.run(
        [sys.executable, "-P", "-m", "ops", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("启动演示", "九项指标")), ("en", ("start the demo", "the nine"))],
)
def test_help_names_every_command_in_the_readers_language(
    language: str, words: tuple[str, ...]
) -> None:
    done = _tepai("--help", TEPAI_LANG=language)
    assert done.returncode == 0
    for command in ("demo", "test", "doctor", "totals", "bench", "phone", *words):
        assert command in done.stdout


def test_wrong_command_is_refused() -> None:
    done = _tepai("dmo")
    assert done.returncode == 2
    assert "dmo" in done.stderr


def test_json_tells_tier_broker_and_every_finding(capsys: pytest.CaptureFixture[str]) -> None:
    code = run_doctor(as_json=True)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["ok"] is (code == 0)
    assert told["tier"] in {"plain", "timescale-apache", "timescale-community"}
    assert told["broker"] in {"mosquitto", "amqtt"}
    assert {finding["state"] for finding in told["findings"]} <= {"ok", "limited", "missing"}


def test_machine_without_mosquitto_is_told_what_amqtt_costs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TEPAI_HOME", str(tmp_path))  # no demo runs there
    monkeypatch.setenv("TEPAI_BROKER", "amqtt")
    broker = next(finding for finding in service_findings() if finding.name == "MQTT")
    assert broker.state == "limited"
    assert "会丢失" in broker.detail or "are lost" in broker.detail
    assert broker.remedy


def test_full_disk_is_missing_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class _Usage:
        free = 1_000_000

    monkeypatch.setattr("ops.doctor.machine.shutil.disk_usage", lambda _: _Usage)
    assert run_doctor(as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert any(finding["state"] == "missing" for finding in told["findings"])


def test_phone_without_a_demo_says_what_to_do(tmp_path: Path) -> None:
    done = _tepai("phone", TEPAI_HOME=str(tmp_path), TEPAI_LANG="en")
    assert done.returncode == 1
    assert "./tepai demo" in done.stdout
