"""Limits of quality control, one row a quantity; what they mean stands in docs/quality.md.

Narrower than `contracts.quantities`: what lies outside `valid` there is rejected on arrival, what
lies outside the limits here is kept and flagged. They are for the north of Anhui, in the open or
under glass, whichever is wider; seasons are months of Asia/Shanghai.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Span = tuple[float, float]
HOUR = 3600.0
LONGEST_GAP_S = 2 * HOUR  # readings farther apart are no neighbours


@dataclass(frozen=True, slots=True)
class FlatLine:
    """How long a sound sensor may say the same.

    Attributes
    ----------
    tolerance : values this near each other are the same, in the quantity's unit
    suspect_s, fail_s : longest such time [s]; no failing if null
    except_in : values at which standing still is natural (saturated air, calm)
    """

    tolerance: float
    suspect_s: float
    fail_s: float | None
    except_in: Span | None = None


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """The limits of one quantity, in its canonical unit; a test that is null is not made.

    Attributes
    ----------
    span : outside it a reading is suspect
    fail_span : outside it a reading fails
    by_month : span of some months instead of `span`
    spike : deviation from the neighbours' midpoint above which it is suspect, and fails
    change : largest change between neighbours up to an hour apart, in proportion beyond
    flat : see FlatLine
    source : where the figures are from
    """

    quantity: str
    span: Span
    source: str
    fail_span: Span | None = None
    by_month: Mapping[int, Span] = field(default_factory=dict)
    spike: tuple[float, float] | None = None
    change: float | None = None
    flat: FlatLine | None = None

    @property
    def reach_s(self) -> float:
        """How far away another reading can decide on a flag, in seconds."""
        if self.flat is None:
            return 2 * LONGEST_GAP_S  # a spike's neighbour, and the reading that follows a spike
        return max(self.flat.suspect_s, self.flat.fail_s or 0, LONGEST_GAP_S) + LONGEST_GAP_S


def _seasons(winter: Span, summer: Span) -> Mapping[int, Span]:
    return {**dict.fromkeys((12, 1, 2), winter), **dict.fromkeys((6, 7, 8), summer)}


_MONTH = "ours: twice or more what a measured glasshouse month holds (docs/quality.md)"
_AIR = "ours, after screening for no change in 12 h and WMO time consistency, widened for vents"
_NO_REST = "ours; no flat line: it may rightly stand still for days"

_ALL = (
    QualityLimits("air_temperature", (-12, 50), _AIR, by_month=_seasons((-25, 45), (5, 55)), spike=(4, 10), change=10, flat=FlatLine(0.05, 12 * HOUR, 24 * HOUR)),
    QualityLimits("relative_humidity", (5, 100), _AIR, fail_span=(0.5, 100), spike=(15, 40), change=50, flat=FlatLine(0.05, 12 * HOUR, 24 * HOUR, (97, 100))),
    QualityLimits("dew_point", (-30, 35), _AIR, by_month=_seasons((-40, 30), (3, 38)), spike=(5, 12), change=12, flat=FlatLine(0.05, 12 * HOUR, 24 * HOUR)),
    QualityLimits("vapour_pressure_deficit", (0, 10), _AIR, spike=(1, 3), change=3, flat=FlatLine(0.005, 12 * HOUR, 24 * HOUR, (0, 0.3))),
    QualityLimits("absolute_humidity", (0.3, 60), _AIR, fail_span=(0.05, 100), spike=(5, 12), change=12),
    QualityLimits("air_pressure", (960, 1060), "ours: lowland; change after WMO time consistency (3 hPa in 1 h), doubled", fail_span=(850, 1085), spike=(2, 6), change=6, flat=FlatLine(0.05, 14 * HOUR, 28 * HOUR)),
    QualityLimits("rainfall", (0, 60), _NO_REST + " (7,802 half hours without rain in one real series)"),
    QualityLimits("wind_speed", (0, 25), "screening limit 25 m/s; standing still: ours, a real series held 1.0 m/s for 12 h", fail_span=(0, 60), spike=(8, 20), flat=FlatLine(0.05, 18 * HOUR, None, (0, 0.5))),
    QualityLimits("wind_direction", (0, 360), "by definition; a circle has no midpoint, so no spike"),
    QualityLimits("global_radiation", (-10, 1400), _NO_REST + "; clouds make true spikes"),
    QualityLimits("par", (-5, 2800), _NO_REST + " (lamps on for 8,366 steps in one real series)"),
    QualityLimits("illuminance", (0, 150_000), _NO_REST),
    QualityLimits("co2_concentration", (300, 5_000), "ours: air has more than 400 ppm, a crop in a closed house draws it down to about 200", fail_span=(150, 10_000), spike=(150, 500), change=1_500, flat=FlatLine(0.5, 8 * HOUR, 24 * HOUR)),
    QualityLimits("soil_temperature", (-8, 45), _MONTH, by_month=_seasons((-15, 40), (5, 50)), spike=(1.5, 5), change=5, flat=FlatLine(0.005, 72 * HOUR, None)),
    QualityLimits("soil_moisture", (2, 65), _MONTH + "; no flat line: dry soil rests for weeks", fail_span=(0.1, 90), spike=(5, 15), change=30),
    QualityLimits("soil_conductivity", (0, 12_000), _MONTH, spike=(250, 1_000), change=1_500),
    QualityLimits("soil_ph", (3.5, 10), "ours: cropped soils", spike=(1, 3), change=2),
    QualityLimits("leaf_wetness", (0, 100), _NO_REST),
    QualityLimits("vent_opening", (0, 100), _NO_REST + "; it moves at once by nature"),
    QualityLimits("battery_voltage", (2, 60), "ours: lowest voltage of a lithium cell"),
)  # fmt: skip

QUALITY_LIMITS: Mapping[str, QualityLimits] = {limits.quantity: limits for limits in _ALL}
