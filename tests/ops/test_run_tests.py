"""`./tepai test`: a missing tool is named, and is a failure in CI."""

import pytest

from ops import run_tests
from ops.setup.tools import Tool

_ABSENT = Tool("Hammer", lambda: None, ("hammer-bin",), "测试网页")


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_tests, "TEST_TOOLS", (_ABSENT,))
    monkeypatch.setattr(run_tests, "can_install", lambda: False)


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
@pytest.mark.usefixtures("lacking")
def test_missing_tool_is_named_with_its_package(
    ci: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", ci)
    assert run_tests.provide_tools() == code
    told = capsys.readouterr().out
    assert "Hammer" in told
    assert "apt-get install hammer-bin" in told


@pytest.mark.usefixtures("lacking")
def test_root_on_debian_installs_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(run_tests, "can_install", lambda: True)
    monkeypatch.setattr(run_tests, "install", lambda packages: bool(asked.append(list(packages))))
    monkeypatch.setenv("CI", "true")
    assert run_tests.provide_tools() == 1  # it did not come
    assert asked == [["hammer-bin"]]


def test_one_failed_step_fails_the_run_and_the_others_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[list[str]] = []

    def call(command: list[str], environment: dict[str, str] | None) -> int:
        calls.append([*command, *(environment or {}).values()])
        return 1 if "format" in command else 0

    monkeypatch.setattr(run_tests, "_call", call)
    monkeypatch.setattr(run_tests, "provide_tools", lambda: 0)
    assert run_tests.run_tests([]) == 1
    assert len(calls) == 6
    assert "timescale-apache" in calls[-1]
    assert "mypy" in capsys.readouterr().out


def test_unit_leaves_out_what_needs_more_than_python(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr(run_tests, "_call", lambda command, _: calls.append(command) or 0)
    assert run_tests.run_tests(["unit", "-x"]) == 0
    assert "not database and not broker" in calls[0][calls[0].index("-m", 2) + 1]
    assert calls[0][-1] == "-x"
