"""Divisions from the lists, and rough places of stations inside their counties."""

import csv
import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from ops.demo_data.dice import Dice
from ops.demo_data.figures import CITY
from ops.demo_data.rows import Division, PlacedStation
from ops.demo_data.stations import STATIONS

FOLDER = Path(__file__).with_name("divisions")
_JITTER_DEG = 0.15

Ring = Sequence[tuple[float, float]]


def divisions() -> Iterator[Division]:
    """The city, its counties (two of them statistical-only), townships and villages, in order."""
    yield Division(CITY, "宿州市", "city", None)
    for row in _rows("suzhou_counties.csv"):
        yield Division(row["code"], row["name"], "county", CITY)
    for row in _rows("suzhou_townships.csv"):
        yield Division(row["code"], row["name"], "township", row["areaCode"])
    for row in _rows("suzhou_villages.csv"):
        yield Division(row["code"], row["name"], "village", row["streetCode"])


def served_villages(all_divisions: Sequence[Division], county: str) -> list[str]:
    """Codes of the county's villages proper, without the urban communities."""
    return [
        division.code
        for division in all_divisions
        if division.level == "village"
        and division.code.startswith(county)
        and division.name.endswith("村委会")
    ]


def placed_stations(dice: Dice) -> Iterator[PlacedStation]:
    """The stations of the demo, each somewhere inside its county."""
    outlines = json.loads((FOLDER / "suzhou_counties.geojson").read_text(encoding="utf-8"))
    counties = {feature["id"]: feature for feature in outlines["features"]}
    for station in STATIONS:
        county = counties[station.county_code]
        longitude, latitude = _place_inside(
            dice, county["properties"]["label_point"], county["geometry"]["coordinates"][0]
        )
        devices = tuple(dice.id_at() for _ in station.devices)
        yield PlacedStation(dice.id_at(), station, longitude, latitude, devices)


def is_inside(longitude: float, latitude: float, ring: Ring) -> bool:
    """Whether a point lies inside a closed ring, by counting crossings eastward."""
    inside = False
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > latitude) != (y2 > latitude):
            crossing = x1 + (latitude - y1) * (x2 - x1) / (y2 - y1)
            inside ^= longitude < crossing
    return inside


def _place_inside(dice: Dice, centre: tuple[float, float], ring: Ring) -> tuple[float, float]:
    while True:
        longitude = round(centre[0] + dice.uniform(-_JITTER_DEG, _JITTER_DEG), 4)
        latitude = round(centre[1] + dice.uniform(-_JITTER_DEG, _JITTER_DEG), 4)
        if is_inside(longitude, latitude, ring):
            return longitude, latitude


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
