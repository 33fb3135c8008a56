"""`python -m server.jobs`: do what is due until told to stop; `--once`: do it once and end."""

import argparse
import logging
import sys
import threading
from datetime import UTC, datetime

import psycopg
from apscheduler.schedulers.background import BackgroundScheduler

from contracts.stopping import stop_on_signals, told_to_stop
from server.jobs.due import JOBS, ONCE, Runner
from server.jobs.settings import read_job_settings
from server.settings import SettingsError

_log = logging.getLogger("server.jobs")


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, or 2 for settings that are no good."""
    parser = argparse.ArgumentParser(prog="python -m server.jobs", description=__doc__)
    parser.add_argument("--once", action="store_true", help="do all that is due, then end")
    once: bool = parser.parse_args(arguments).once
    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    try:
        settings = read_job_settings()
    except SettingsError as error:
        _log.error("%s", error)
        return 2
    stop = threading.Event()
    stop_on_signals(stop)
    runner = Runner(settings.jobs_database)
    while not runner.run(_answers) and not stop.wait(0.5):
        pass
    if stop.is_set():
        return 0
    if once:
        for work in ONCE:
            runner.run(work)
        return 0
    _serve(runner, stop)
    return 0


def _serve(runner: Runner, stop: threading.Event) -> None:
    scheduler = BackgroundScheduler(timezone=UTC)
    for job, seconds in JOBS:
        scheduler.add_job(
            runner.run,
            "interval",
            [job],
            seconds=seconds,
            id=job.__name__,
            next_run_time=datetime.now(UTC),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    _log.info("ready: %s", ", ".join(job.__name__.removeprefix("run_") for job, _ in JOBS))
    told_to_stop(stop)
    scheduler.shutdown(wait=True)


def _answers(connection: psycopg.Connection) -> None:
    """Nothing but the connection itself."""
    del connection


if __name__ == "__main__":
    sys.exit(main())
