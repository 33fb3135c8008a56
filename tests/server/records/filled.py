"""Filled records of each form, in the world of tests.server.conftest."""

import json
from typing import Any

import psycopg
from fastapi.testclient import TestClient

from contracts.ids import new_id
from ops.embedded.database import DatabaseAddresses
from tests.server.people import World

Record = dict[str, Any]


def filled(form: str, values: dict[str, Any], **envelope: Any) -> Record:
    return {
        "id": str(new_id()),
        "form": form,
        "form_version": 1,
        "values": values,
        "captured_at": "2026-05-31T08:30:00+08:00",
        "revision": 1,
        **envelope,
    }


def visit(world: World, **changes: Any) -> Record:
    values = {
        "occurred_on": "2026-05-30",
        "village": world.village,
        "households": [str(world.household)],
        "organisations": [str(world.cooperative)],
        "service_types": ["technical_guidance"],
        "service_days": 0.5,
        "summary": "查看小麦赤霉病防治",
    }
    return filled("visit", {**values, **changes})


def one_of_each(world: World, base: Any) -> list[Record]:
    common = {"occurred_on": "2026-05-30", "village": world.village}
    household = str(world.household)
    return [
        visit(world),
        filled("training", {**common, "title": "小麦病害", "attendance": 30, "service_days": 1}),
        filled(
            "promotion",
            {**common, "item": str(world.variety), "households": [household], "service_days": 1},
        ),
        filled(
            "income",
            {
                **common,
                "household": household,
                "product": "wheat",
                "area_mu": 10,
                "yield_kg_per_mu": 500,
                "price_yuan_per_kg": 2.5,
                "cost_yuan_per_mu": 450,
            },
        ),
        filled(
            "technician",
            {**common, "person_name": "钱示例", "birth_year": 1980, "specialty": "horticulture"},
        ),
        filled("base", {**common, "station": str(base), "area_mu": 120}),
    ]


def push(
    client: TestClient, headers: dict[str, str], *records: object, language: str = "zh"
) -> list[dict[str, Any]]:
    answer = client.post(
        "/api/v1/sync/push",
        content=json.dumps({"records": list(records)}),
        headers={**headers, "Accept-Language": language, "Content-Type": "application/json"},
    )
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json()["outcomes"]
    return outcomes


def scalar(database: DatabaseAddresses, query: str, *parameters: object) -> Any:
    """What one query as superuser gives: past all row security."""
    with psycopg.connect(database.superuser) as db:
        row = db.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]


def run(database: DatabaseAddresses, statement: str, *parameters: object) -> None:
    with psycopg.connect(database.superuser) as db:
        db.execute(statement, parameters)
