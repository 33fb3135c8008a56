"""One line of the doctor's report."""

from dataclasses import dataclass
from enum import StrEnum

from contracts.texts import translator
from ops.texts import ROOT, cli_language

translate = translator(cli_language(), ROOT / "ops" / "texts")


class State(StrEnum):
    """How it stands: LIMITED lets the demo run, MISSING does not."""

    OK = "ok"
    LIMITED = "limited"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, and what to do about it (empty if nothing)."""

    name: str
    state: State
    detail: str
    remedy: str = ""
