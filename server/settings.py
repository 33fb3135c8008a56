"""What the server reads from its environment, once, into one frozen value."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# Of each user of the machine their own: on POSIX the folder lies in one that all share.
_USER = f"-{os.getuid()}" if os.name == "posix" else ""
EXPORTS = Path(tempfile.gettempdir()) / f"tepai-exports{_USER}"


class SettingsError(ValueError):
    """A setting that is missing or malformed; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the web server.

    Attributes
    ----------
    web_database : connection string as role tepai_web (TEPAI_WEB_DATABASE)
    host, port : where to listen (TEPAI_HTTP_HOST, TEPAI_HTTP_PORT)
    assets : folder of the npm packages served to browsers (TEPAI_ASSETS)
    secure_cookies : mark cookies Secure; on behind TLS (TEPAI_SECURE_COOKIES=1)
    exports : folder for files that are being exported (TEPAI_EXPORTS)
    session_lives : how long a sign-in lasts
    most_failures, lock_for : wrong passwords before an account is locked, and for how long
    """

    web_database: str
    host: str = "127.0.0.1"
    port: int = 8080
    assets: Path = PROJECT / "node_modules"
    secure_cookies: bool = False
    exports: Path = EXPORTS
    session_lives: timedelta = timedelta(days=30)
    most_failures: int = 8
    lock_for: timedelta = timedelta(minutes=10)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process.

    Raises
    ------
    SettingsError
        If TEPAI_WEB_DATABASE is missing or TEPAI_HTTP_PORT is no port.
    """
    database = environment.get("TEPAI_WEB_DATABASE")
    if not database:
        raise SettingsError("TEPAI_WEB_DATABASE is not set: want a PostgreSQL connection string")
    port = environment.get("TEPAI_HTTP_PORT", "8080")
    if not port.isdigit() or not 0 < int(port) < 65_536:
        raise SettingsError(f"TEPAI_HTTP_PORT is {port!r}: want a number from 1 to 65535")
    return Settings(
        web_database=database,
        host=environment.get("TEPAI_HTTP_HOST", "127.0.0.1"),
        port=int(port),
        assets=Path(environment.get("TEPAI_ASSETS", PROJECT / "node_modules")),
        secure_cookies=environment.get("TEPAI_SECURE_COOKIES") == "1",
        exports=Path(environment.get("TEPAI_EXPORTS", EXPORTS)),
    )
