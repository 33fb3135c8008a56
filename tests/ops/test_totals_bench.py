"""The benchmark runs, PostgreSQL and DuckDB agree, and the last line is its JSON."""

import json

import pytest

from ops.bench.totals import run

pytestmark = pytest.mark.database


def test_bench_totals_prints_its_keys_last(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(as_json=True, count=5_000) == 0
    body = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert {"ms", "ratio_to_duckdb", "demo_ms", "duckdb_ms"} <= body.keys()
    assert body["records"] == 5_000
    assert body["ms"] > 0
