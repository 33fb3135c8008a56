"""What an installation begins with: divisions, and one administrator who can sign in."""

import psycopg
import pytest

from ops.embedded.database import DatabaseAddresses
from ops.production.prepare import SettingsError, fill, read_settings
from server.auth.sign_in import password_hasher

PASSWORDS = {
    f"TEPAI_{role}_PASSWORD": "a-long-password"
    for role in ("OWNER", "WEB", "GATEWAY", "JOBS", "REPORT", "ADMIN")
}
ENVIRONMENT = {"TEPAI_SUPERUSER_DATABASE": "host=database", **PASSWORDS}


@pytest.mark.database
def test_second_start_keeps_what_the_first_made(database: DatabaseAddresses) -> None:
    fill(database.superuser, "the-first-password")
    fill(database.superuser, "another-password")
    with psycopg.connect(database.superuser) as db:
        accounts = db.execute("select username, role, password_hash from account").fetchall()
        counties = db.execute("select count(*) from division where level = 'county'").fetchone()
    assert [(username, role) for username, role, _ in accounts] == [("admin", "administrator")]
    assert password_hasher().verify(accounts[0][2], "the-first-password")
    assert counties is not None
    assert counties[0] >= 5


def test_settings_give_every_role_its_password() -> None:
    settings = read_settings(ENVIRONMENT)
    assert settings.role_passwords["tepai_web"] == "a-long-password"
    assert len(settings.role_passwords) == 5


@pytest.mark.parametrize("name", list(ENVIRONMENT))
def test_missing_setting_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({**ENVIRONMENT, name: ""})
