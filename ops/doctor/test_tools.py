"""Findings about what the tests need of the machine; the demo runs without any of it."""

from ops.doctor.finding import Finding, State, translate
from ops.setup.debian import install_line
from ops.setup.tools import MOSQUITTO, TEST_TOOLS, Tool


def test_tool_findings() -> list[Finding]:
    """One finding per tool; Mosquitto has its own line among the services."""
    return [_finding(tool) for tool in TEST_TOOLS if tool is not MOSQUITTO]


def _finding(tool: Tool) -> Finding:
    purpose = translate(tool.purpose)
    found = tool.find()
    if found is not None:
        return Finding(tool.name, State.OK, f"{found}({purpose})")
    return Finding(tool.name, State.LIMITED, purpose, f"Debian: {install_line(tool.packages)}")
