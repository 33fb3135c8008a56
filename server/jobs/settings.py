"""What the jobs read from their environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from server.settings import SettingsError


@dataclass(frozen=True, slots=True)
class JobSettings:
    """`jobs_database`: connection string as role tepai_jobs (TEPAI_JOBS_DATABASE)."""

    jobs_database: str


def read_job_settings(environment: Mapping[str, str] = os.environ) -> JobSettings:
    """The settings of this process.

    Raises
    ------
    SettingsError
        If TEPAI_JOBS_DATABASE is missing.
    """
    database = environment.get("TEPAI_JOBS_DATABASE")
    if not database:
        raise SettingsError("TEPAI_JOBS_DATABASE is not set: want a PostgreSQL connection string")
    return JobSettings(database)
