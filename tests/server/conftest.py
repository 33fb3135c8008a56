"""The web application on a real database, and people who may sign in to it."""

from collections.abc import Iterator

import psycopg
import pytest
from fastapi.testclient import TestClient

from contracts.ids import new_id
from ops.embedded.database import DatabaseAddresses
from server.app import create_app
from server.auth.sign_in import password_hasher
from server.settings import Settings
from tests.server.people import PASSWORD, World


@pytest.fixture(scope="session")
def password_hash() -> str:
    return password_hasher().hash(PASSWORD)


@pytest.fixture
def world(database: DatabaseAddresses, password_hash: str) -> World:
    """Two counties; 埇桥 has the correspondent and the county office, 砀山 is somebody else's."""
    ids = {name: new_id() for name in World.__annotations__ if "village" not in name}
    world = World(**ids)
    with psycopg.connect(database.superuser) as db:
        db.execute(
            "insert into division values ('341300', '宿州市', 'city', null),"
            " ('341302', '埇桥区', 'county', '341300'), ('341321', '砀山县', 'county', '341300'),"
            " ('341302001', '埇桥街道', 'township', '341302'),"
            " ('341321001', '砀城镇', 'township', '341321'),"
            " ('341302001003', '东仙桥社区', 'village', '341302001'),"
            " ('341321001001', '示例村', 'village', '341321001')"
        )
        db.execute(
            "insert into correspondent (id, name, level, specialty, county_code) values"
            " (%s, '王示例', 'county', 'crop_cultivation', '341302'),"
            " (%s, '李示例', 'city', 'livestock', '341321')",
            (world.correspondent, world.other_correspondent),
        )
        db.execute(
            "insert into correspondent_village values (%s, %s), (%s, %s)",
            (world.correspondent, world.village, world.other_correspondent, world.far_village),
        )
        db.execute(
            "insert into household (id, village_code, county_code, head_name) values"
            " (%s, %s, '341302', '张示例'), (%s, %s, '341321', '赵示例')",
            (world.household, world.village, world.far_household, world.far_village),
        )
        db.execute(
            "insert into organisation (id, name, kind, county_code)"
            " values (%s, '示例合作社', 'cooperative', '341302')",
            (world.cooperative,),
        )
        db.execute(
            "insert into catalogue_item (id, kind, name, crop) values"
            " (%s, 'technology', '示例技术', 'wheat'), (%s, 'variety', '示例品种', 'wheat')",
            (world.technology, world.variety),
        )
        db.execute(
            "insert into station (id, code, kind, name_zh, name_en, county_code) values"
            " (%s, 'park-1', 'park', '示例园区', 'Sample park', '341302'),"
            " (%s, 'park-2', 'park', '远方园区', 'Far park', '341321')",
            (world.park, world.far_park),
        )
        _accounts(db, world, password_hash)
    return world


def _accounts(db: psycopg.Connection, world: World, password_hash: str) -> None:
    people = [
        ("wang", "correspondent", None, world.correspondent),
        ("li", "correspondent", None, world.other_correspondent),
        ("county", "county_office", "341302", None),
        ("far-county", "county_office", "341321", None),
        ("park", "park_manager", None, None),
        ("city", "city_office", None, None),
        ("auditor", "auditor", None, None),
        ("admin", "administrator", None, None),
    ]
    for username, role, county, correspondent in people:
        account = new_id()
        db.execute(
            "insert into account (id, username, password_hash, display_name, role, county_code,"
            " correspondent_id) values (%s, %s, %s, %s, %s, %s, %s)",
            (account, username, password_hash, username, role, county, correspondent),
        )
        if role == "park_manager":
            db.execute("insert into station_manager values (%s, %s)", (account, world.park))


@pytest.fixture
def app_client(database: DatabaseAddresses) -> Iterator[TestClient]:
    """The application, nobody signed in."""
    settings = Settings(web_database=database.web)
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client
