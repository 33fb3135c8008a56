"""The two counties of the server's tests, for tests of the database itself."""

from tests.server.conftest import password_hash, world

__all__ = ["password_hash", "world"]
