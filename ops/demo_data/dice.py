"""Chance that repeats: everything random in the demo comes from one seeded source."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

T = TypeVar("T")

SHANGHAI = ZoneInfo("Asia/Shanghai")
_EPOCH = datetime(2020, 12, 1, tzinfo=SHANGHAI)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"


class Dice:
    """A seeded source of numbers, ids, days and names."""

    def __init__(self, seed: int) -> None:
        """Start at the seed; equal seeds throw equal numbers."""
        self._random = random.Random(seed)  # noqa: S311 - demo data, not secrets
        self.chance = self._random.random
        self.between = self._random.randint
        self.uniform = self._random.uniform

    def one_of(self, things: Sequence[T]) -> T:
        """One of the things, all alike probable."""
        return things[int(self.chance() * len(things))]

    def some_of(self, things: Sequence[T], most: int) -> list[T]:
        """Up to `most` different places of the sequence, in random order."""
        return self._random.sample(things, min(most, len(things)))

    def weighted(self, things: Sequence[T], weights: Sequence[float]) -> T:
        """One of the things by its weight."""
        return self._random.choices(things, weights)[0]

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """The same things in random order."""
        return self._random.sample(things, len(things))

    def id_at(self, moment: datetime = _EPOCH) -> UUID:
        """A UUIDv7 of the moment; its random bits come from the seed."""
        value = (int(moment.timestamp() * 1000) & 0xFFFF_FFFF_FFFF) << 80
        bits = self._random.getrandbits(74)
        value |= 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & 0x3FFF_FFFF_FFFF_FFFF
        return UUID(int=value)

    def day_of(self, year: int) -> date:
        """A day of the year, most of them in the growing season."""
        month = self.weighted(range(1, 13), (4, 4, 9, 10, 10, 9, 8, 8, 9, 9, 7, 8))
        return date(year, month, self.between(1, 28))

    def evening_of(self, day: date) -> datetime:
        """A time between 17 and 21 o'clock in Shanghai, to the millisecond, in UTC."""
        start = datetime.combine(day, time(17), SHANGHAI).astimezone(UTC)
        return start + timedelta(milliseconds=self.between(0, 4 * 3_600_000))

    def surname(self) -> str:
        """One common surname."""
        return self.one_of(_SURNAMES)


def split_evenly(total: int, weights: Sequence[float]) -> list[int]:
    """Whole shares of the total in proportion to the weights, by largest remainder."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(value) for value in exact]
    by_remainder = sorted(range(len(weights)), key=lambda place: shares[place] - exact[place])
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares
