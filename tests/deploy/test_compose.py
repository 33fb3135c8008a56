"""Files of the production installation: what can be checked of them without a Docker engine."""

import importlib.util
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.db.bootstrap import LOGIN_ROLES

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
SERVICES = {"database", "prepare", "broker", "server", "jobs", "gateway", "proxy", "backup"}


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    compose = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


def test_every_part_of_the_design_is_there(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == SERVICES
    assert all("restart" in service for service in services.values())


def test_images_have_a_version_and_no_registry_host(services: dict[str, dict[str, Any]]) -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE)
    for image in [*(service["image"] for service in services.values()), *bases]:
        name, _, tag = image.partition(":")
        assert re.match(r"\d+\.\d+", tag), image
        assert "." not in name.split("/")[0], image


def test_mounted_files_exist(services: dict[str, dict[str, Any]]) -> None:
    mounts = [mount for service in services.values() for mount in service.get("volumes", [])]
    ours = [mount.split(":")[0] for mount in mounts if mount.startswith("./")]
    assert len(ours) >= 5
    for path in ours:
        # The secrets are the operator's; docs/deploy.md says how to make them.
        assert path == "./deploy/secrets" or (ROOT / path).is_file(), path


def test_commands_are_modules_that_exist(services: dict[str, dict[str, Any]]) -> None:
    for name in ("prepare", "server", "jobs", "gateway"):
        python, option, module = services[name]["command"]
        assert (python, option) == ("python", "-m")
        assert importlib.util.find_spec(module) is not None, module


def test_settings_are_all_in_the_example_and_no_others() -> None:
    used = set(re.findall(r"\$\{(TEPAI_\w+)", COMPOSE.read_text(encoding="utf-8")))
    example = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    assert used == set(re.findall(r"^(TEPAI_\w+)=", example, re.MULTILINE))
    assert {f"{role.upper()}_PASSWORD" for role in LOGIN_ROLES} <= used


def test_only_proxy_and_broker_are_reached_from_outside(
    services: dict[str, dict[str, Any]],
) -> None:
    open_ports = {
        name: service["ports"] for name, service in services.items() if "ports" in service
    }
    assert open_ports == {"proxy": ["80:80", "443:443"], "broker": ["8883:8883"]}


def test_each_program_gets_only_its_own_role(services: dict[str, dict[str, Any]]) -> None:
    for name, role in (("server", "web"), ("jobs", "jobs"), ("gateway", "gateway")):
        text = str(services[name]["environment"])
        assert set(re.findall(r"tepai_(\w+):", text)) == {role}
        assert "SUPERUSER" not in text


def test_image_is_built_from_what_exists_and_is_not_ignored() -> None:
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE.read_text("utf-8"), re.MULTILINE)
    sources = [source for copy in copies for source in copy.split()]
    assert len(sources) >= 8
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in allowed, source


def test_backup_script_is_sound_shell() -> None:
    subprocess.run(["sh", "-n", ROOT / "deploy" / "backup.sh"], check=True)
