"""Quality control of one sensor's series after QARTOD: arrays in, flags out; values untouched."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contracts.quality_limits import HOUR, LONGEST_GAP_S, FlatLine, QualityLimits

GOOD, SUSPECT, FAIL = 1, 3, 4
TESTS = ("range", "spike", "rate", "flat")
_ZONE = ZoneInfo("Asia/Shanghai")

Floats = NDArray[np.float64]
Levels = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Flags:
    """What each test says of each reading: 1 good or not evaluated, 3 suspect, 4 fail.

    Attributes
    ----------
    by_test : shape (len(TESTS), n_readings)
    """

    by_test: Levels

    @property
    def worst(self) -> Levels:
        """Shape (n_readings,): the worst of all tests."""
        worst: Levels = self.by_test.max(axis=0)
        return worst

    def tests_of(self, place: int) -> list[str]:
        """The tests that a reading did not pass."""
        return [
            name for name, level in zip(TESTS, self.by_test[:, place], strict=True) if level > GOOD
        ]


def quality_flags(times: pd.DatetimeIndex, values: Floats, limits: QualityLimits) -> Flags:
    """All tests of a quantity on one series.

    Parameters
    ----------
    times
        Shape (n,), aware, rising. A reading needs its neighbours, for the flat line all readings
        of `limits.reach_s` before it: give them along, or it is taken as good.
    values
        Shape (n,), in the canonical unit.

    References
    ----------
    IOOS QARTOD: gross range, spike, rate of change and flat line tests.
    """
    ranged = range_levels(times, values, limits)
    spike = np.full(len(values), GOOD, dtype=np.int16)
    rate = spike.copy()
    # What cannot be true is nobody's neighbour, else the good ones beside it looked like spikes.
    sound = ranged == GOOD
    if limits.spike is not None:
        spike[sound] = spike_levels(_seconds(times[sound]), values[sound], *limits.spike)
    if limits.change is not None:
        sound &= spike == GOOD  # nor is a spike what the next reading changed from
        rate[sound] = rate_levels(_seconds(times[sound]), values[sound], limits.change)
    flat = np.full(len(values), GOOD, dtype=np.int16)
    if limits.flat is not None:
        flat = flat_levels(times, values, limits.flat)
    return Flags(np.stack([ranged, spike, rate, flat]))


def range_levels(times: pd.DatetimeIndex, values: Floats, limits: QualityLimits) -> Levels:
    """Suspect outside the span of the reading's month, failed outside `fail_span`."""
    months = times.tz_convert(_ZONE).month.to_numpy()
    spans = np.array([limits.by_month.get(month, limits.span) for month in range(1, 13)])
    low, high = spans[months - 1].T if len(values) else (values, values)
    levels = np.where((values < low) | (values > high), SUSPECT, GOOD)
    if limits.fail_span is not None:
        lowest, highest = limits.fail_span
        levels = np.where((values < lowest) | (values > highest), FAIL, levels)
    return levels.astype(np.int16)


def spike_levels(seconds: Floats, values: Floats, suspect: float, fail: float) -> Levels:
    """By the deviation from the midpoint of both neighbours; the ends have none.

    A reading must also stand out from each neighbour by half its deviation: neither those beside a
    spike nor the two ends of a step do.
    """
    levels = np.full(len(values), GOOD, dtype=np.int16)
    if len(values) < 3:
        return levels
    near = np.diff(seconds) <= LONGEST_GAP_S
    before, after = values[1:-1] - values[:-2], values[1:-1] - values[2:]
    deviation = np.abs(before + after) / 2
    alone = (before * after > 0) & (np.minimum(np.abs(before), np.abs(after)) >= deviation / 2)
    tested = alone & near[:-1] & near[1:]
    levels[1:-1][tested & (deviation > suspect)] = SUSPECT
    levels[1:-1][tested & (deviation > fail)] = FAIL
    return levels


def rate_levels(seconds: Floats, values: Floats, change: float) -> Levels:
    """Suspect after a change larger than `change`, in proportion to hours beyond the first."""
    levels = np.full(len(values), GOOD, dtype=np.int16)
    apart = np.diff(seconds)
    allowed = change * np.maximum(apart / HOUR, 1.0)
    levels[1:][(np.abs(np.diff(values)) > allowed) & (apart <= LONGEST_GAP_S)] = SUSPECT
    return levels


def flat_levels(times: pd.DatetimeIndex, values: Floats, flat: FlatLine) -> Levels:
    """By how long the values up to a reading have stayed within the tolerance.

    A time with a gap longer than `LONGEST_GAP_S` in it is not judged.
    """
    levels = np.full(len(values), GOOD, dtype=np.int16)
    levels[_stands_still(times, values, flat.tolerance, flat.suspect_s)] = SUSPECT
    if flat.fail_s is not None:
        levels[_stands_still(times, values, flat.tolerance, flat.fail_s)] = FAIL
    if flat.except_in is not None:
        low, high = flat.except_in
        levels[(values >= low) & (values <= high)] = GOOD
    return levels


def _stands_still(
    times: pd.DatetimeIndex, values: Floats, tolerance: float, seconds: float
) -> NDArray[np.bool_]:
    if not len(values):
        return np.zeros(0, dtype=np.bool_)
    span = pd.Timedelta(seconds=seconds)
    moments = _seconds(times)
    apart = pd.Series(np.diff(moments, prepend=-np.inf), index=times)
    within = pd.Series(values, index=times).rolling(span, closed="both")
    still = (within.max() - within.min()).to_numpy() <= tolerance
    # The first reading of the span may be a little later than its beginning, not by a gap.
    covered = apart.clip(upper=1e9).rolling(span, closed="both").max().to_numpy() <= LONGEST_GAP_S
    return np.asarray(still & covered, dtype=np.bool_)


def _seconds(times: pd.DatetimeIndex) -> Floats:
    since = (times - pd.Timestamp("1970-01-01", tz="UTC")).total_seconds()
    return since.to_numpy(dtype=np.float64)
