"""The ingest benchmark in small: it sets up, measures, and leaves nothing behind."""

import json

import psutil
import pytest

from ops.bench import ingest
from ops.bench.command import run_bench
from ops.bench.ingest import Size
from ops.texts import ROOT

pytestmark = [pytest.mark.database, pytest.mark.broker]


def bench_folders() -> set[str]:
    return {path.name for path in (ROOT / ".tepai").glob("bench-*")}


def test_ingest_measures_and_cleans_up(capsys) -> None:
    before = bench_folders()
    assert ingest.run(as_json=True, size=Size(messages=1000, runs=1, latency_s=1)) == 0
    last_line = capsys.readouterr().out.strip().splitlines()[-1]
    measured = json.loads(last_line)
    assert measured["readings_per_run"] == 20_000
    assert measured["readings_per_s"] > 1000
    assert measured["ratio_to_copy"] == pytest.approx(
        measured["readings_per_s"] / measured["copy_per_s"], abs=0.001
    )
    assert 0 < measured["p50_ms"] <= measured["p99_ms"] < 10_000
    assert bench_folders() <= before
    assert not [child for child in psutil.Process().children() if "gateway" in child.cmdline()]


def test_an_unknown_benchmark_is_named_with_those_there_are(capsys) -> None:
    assert run_bench("speed") == 2
    said = capsys.readouterr().err
    assert "speed" in said
    assert "ingest, totals" in said
