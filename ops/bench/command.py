"""`./tepai bench NAME`: which benchmarks there are."""

import sys
from collections.abc import Mapping
from importlib import import_module

from contracts.texts import translator
from ops.texts import ROOT, cli_language

# Each module has `run(as_json: bool) -> int`.
BENCHES: Mapping[str, str] = {"ingest": "ops.bench.ingest", "totals": "ops.bench.totals"}


def run_bench(name: str, *, as_json: bool = False) -> int:
    """Run one benchmark; its exit code, or 2 if there is none of that name."""
    if name not in BENCHES:
        _ = translator(cli_language(), ROOT / "ops" / "texts")
        words = _("没有名为 %(name)s 的性能测试；可选：%(names)s")
        print(words % {"name": name, "names": ", ".join(BENCHES)}, file=sys.stderr)
        return 2
    code: int = import_module(BENCHES[name]).run(as_json=as_json)
    return code
