"""Replay of the measured glasshouse month, shifted by whole days and repeated end to end."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sensors_sim.month import QUANTITIES_OF, SOURCE_ZONE, STEP, Measured, Month, glasshouse_month
from sensors_sim.posting import Posting

STATION_ZONE = ZoneInfo("Asia/Shanghai")


def measured_at(moment: datetime, month: Month | None = None) -> Measured:
    """What the glasshouse measured when its clock showed what the station's clock shows now.

    The month is laid end to end from its first day on, by the calendar of the station, so that a
    moment always gives the same, and a day of the replay is a day of the source.
    """
    month = month or glasshouse_month()
    local_begin = month.begins.astimezone(SOURCE_ZONE).replace(tzinfo=STATION_ZONE)
    step = (moment - local_begin) // STEP
    return month.steps[step % len(month.steps)]


def glasshouse_postings(station: str, moment: datetime, stamp: datetime) -> Iterator[Posting]:
    """What the devices of the glasshouse post.

    Parameters
    ----------
    moment
        Which moment of the replay.
    stamp
        The time that the readings bear.
    """
    for device, values in measured_at(moment).items():
        quantities = {sensor: QUANTITIES_OF.get(sensor, sensor) for sensor in values}
        yield Posting(station, device, stamp, values, quantities)
