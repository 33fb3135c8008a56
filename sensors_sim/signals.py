"""Invented weather and soil: pure functions of seed, place and time, with the cycles of a day.

Nothing is measured here. The shapes are of the plain around Suzhou, Anhui (34° N), so that a page
looks believable; no figure may be drawn from them.
"""

import hashlib
import math
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_LATITUDE = math.radians(33.6)
_TAU = 2 * math.pi
_SOLAR_NOON_H = 12.1  # Suzhou lies 3° east of the zone's meridian less the equation of time
STEPS_PER_HOUR = 12


def chance(seed: int, *what: object) -> float:
    """A number in [0, 1) that depends on nothing but the seed and what it is for."""
    text = "|".join(map(str, (seed, *what))).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=6).digest()) / 2**48


def wander(seed: int, what: str, hours: float, period_h: float) -> float:
    """A smooth random walk in [-1, 1] that takes about `period_h` to change its mind."""
    place = hours / period_h
    knot = math.floor(place)
    left, right = (2 * chance(seed, what, knot + side) - 1 for side in (0, 1))
    blend = (1 - math.cos(math.pi * (place - knot))) / 2
    return left + (right - left) * blend


def cloudiness(seed: int, station: str, moment: datetime) -> float:
    """Share of the sky covered, 0 to 1."""
    slow = wander(seed, f"{station} front", _hours(moment), 30)
    quick = wander(seed, f"{station} cloud", _hours(moment), 1.5)
    return _within(0.45 + 0.5 * slow + 0.15 * quick, 0, 1)


def global_radiation(seed: int, station: str, moment: datetime) -> float:
    """Radiation of sun and sky on the level, in [W/m2]."""
    height = _sine_of_sun(moment)
    if height <= 0:
        return 0.0
    clear = 1050 * math.pow(height, 1.15)
    covered = cloudiness(seed, station, moment)
    return clear * (1 - 0.75 * covered * covered)


def air_temperature(seed: int, station: str, moment: datetime) -> float:
    """Air temperature at 2 m, in [Cel]."""
    clouds = cloudiness(seed, station, moment)
    front = 4 * wander(seed, f"{station} mass", _hours(moment), 60)
    swing = 5.5 * (1 - 0.6 * clouds)
    place = 2 * chance(seed, station, "offset") - 1
    return _season(moment, 0) + front + place + swing * _day_wave(moment, warmest_h=15)


def relative_humidity(seed: int, station: str, moment: datetime) -> float:
    """Relative humidity at 2 m, in [%]."""
    clouds = cloudiness(seed, station, moment)
    base = 68 + 14 * (clouds - 0.4) + 6 * wander(seed, f"{station} damp", _hours(moment), 20)
    wet = 12 if rainfall(seed, station, moment) > 0 else 0
    return _within(base + wet - 18 * (1 - 0.5 * clouds) * _day_wave(moment, 15), 12, 100)


def wind_speed(seed: int, station: str, moment: datetime) -> float:
    """Wind speed at 10 m, in [m/s]."""
    gust = wander(seed, f"{station} gust", _hours(moment), 0.3)
    front = wander(seed, f"{station} wind", _hours(moment), 18)
    return max(0.0, 2.4 + 1.1 * _day_wave(moment, 14) + 1.3 * front + 0.6 * gust)


def rainfall(seed: int, station: str, moment: datetime) -> float:
    """Rain of the 5 minutes that begin then, in [mm]."""
    hour = math.floor(_hours(moment))
    amount = _rain_of_hour(seed, station, hour) / STEPS_PER_HOUR
    return amount * (0.5 + chance(seed, station, "shower", _step(moment)))


def soil_temperature(seed: int, station: str, moment: datetime, depth_m: float) -> float:
    """Soil temperature: the cycles of day and year, later and flatter with depth, in [Cel]."""
    damping_m, year_damping_m = 0.11, 2.1
    lag_h = depth_m / damping_m * 24 / _TAU
    swing = 6 * math.exp(-depth_m / damping_m)
    season = _season(moment, lag_days=depth_m / year_damping_m * 365 / _TAU)
    place = chance(seed, station, "soil")
    return season + place + swing * _day_wave(moment, warmest_h=14 + lag_h)


def soil_moisture(seed: int, station: str, moment: datetime, depth_m: float) -> float:
    """Volumetric water content: raised by rain, then drying slowly, in [%]."""
    dries_in_days = 4 + 25 * depth_m
    stored = 0.0
    today = _day_part(moment)
    for age in range(20):
        day = (moment - timedelta(days=age)).astimezone(ZONE).toordinal()
        # Today's rain has fallen in part; that of `age` days ago has dried since the day's end.
        share = today if age == 0 else math.exp(-(age - 1 + today) / dries_in_days)
        stored += _rain_of_day(seed, station, day) * share
    drying = 0.35 * _day_wave(moment, 16) * math.exp(-depth_m / 0.2)
    base = 17 + 14 * depth_m + 4 * chance(seed, station, "field")
    return _within(base + 0.16 * stored - drying, 5, 46)


@lru_cache(maxsize=100_000)
def _rain_of_hour(seed: int, station: str, hour: int) -> float:
    front = wander(seed, f"{station} front", hour, 30)
    if front < 0.55 or chance(seed, station, "wet", hour) > 0.6:
        return 0.0
    return -2.2 * math.log(1 - chance(seed, station, "amount", hour))


@lru_cache(maxsize=20_000)
def _rain_of_day(seed: int, station: str, day: int) -> float:
    first = math.floor(_hours(datetime.fromordinal(day).replace(tzinfo=ZONE)))
    return sum(_rain_of_hour(seed, station, first + hour) for hour in range(24))


def _season(moment: datetime, lag_days: float) -> float:
    """The mean of the season: about 1 Cel in mid-January, 28 in mid-July."""
    day = moment.astimezone(ZONE).timetuple().tm_yday
    return 14.7 - 13.5 * math.cos(_TAU * (day - 18 - lag_days) / 365.25)


def _day_wave(moment: datetime, warmest_h: float) -> float:
    return math.cos(_TAU * (24 * _day_part(moment) - warmest_h) / 24)


def _sine_of_sun(moment: datetime) -> float:
    """Sine of the sun's height above the horizon."""
    day = moment.astimezone(ZONE).timetuple().tm_yday
    declination = math.radians(-23.44 * math.cos(_TAU * (day + 10) / 365.25))
    angle = _TAU * (24 * _day_part(moment) - _SOLAR_NOON_H) / 24
    return math.sin(_LATITUDE) * math.sin(declination) + math.cos(_LATITUDE) * math.cos(
        declination
    ) * math.cos(angle)


def _day_part(moment: datetime) -> float:
    local = moment.astimezone(ZONE)
    return (local.hour + local.minute / 60 + local.second / 3600) / 24


def _hours(moment: datetime) -> float:
    return moment.timestamp() / 3600


def _step(moment: datetime) -> int:
    return math.floor(_hours(moment) * STEPS_PER_HOUR)


def _within(value: float, lowest: float, highest: float) -> float:
    return min(max(value, lowest), highest)
