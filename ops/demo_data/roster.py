"""Correspondents with the villages they serve, and the demo logins."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from contracts.codes import SPECIALTIES
from ops.demo_data.dice import Dice
from ops.demo_data.figures import COUNTIES, ROSTER, YEARS
from ops.demo_data.rows import Account, Correspondent

DEMO_PASSWORD = "tepai-demo"  # noqa: S105 - told to everyone who starts the demo
_COUNTY_NAMES = ("埇桥区", "砀山县", "萧县", "灵璧县", "泗县")
_SPECIALTY_WEIGHTS = (34, 12, 11, 17, 19, 7)
_ACTIVE_YEARS = (2, 3, 4, 5)
_ACTIVE_WEIGHTS = (10, 15, 25, 50)


def correspondents(dice: Dice, villages: Mapping[str, Sequence[str]]) -> list[Correspondent]:
    """The whole roster, the counties in turn: the first five are of five counties.

    Parameters
    ----------
    villages
        County code to the codes of its villages, in order; each gets at least one correspondent.
    """
    posts = [
        (place, county, level)
        for number, county in enumerate(COUNTIES)
        for place, level in enumerate(_levels(dice, number))
    ]
    posts.sort(key=lambda post: (post[0], post[1]))
    size = Counter(county for _, county, _ in posts)
    return [
        _correspondent(
            dice, number, level, county, _villages_of(villages[county], place, size[county])
        )
        for number, (place, county, level) in enumerate(posts, start=1)
    ]


def _levels(dice: Dice, county_number: int) -> list[str]:
    return dice.shuffled(
        [level for level, counts in ROSTER.items() for _ in range(counts[county_number])]
    )


def _villages_of(villages: Sequence[str], place: int, of: int) -> tuple[str, ...]:
    """Two or three villages side by side, then the first one of the next correspondent."""
    size = len(villages)
    own = villages[place * size // of : (place + 1) * size // of]
    neighbours = villages[((place + 1) % of) * size // of]
    return (*own, neighbours)


def _correspondent(
    dice: Dice, number: int, level: str, county: str, villages: tuple[str, ...]
) -> Correspondent:
    count = dice.weighted(_ACTIVE_YEARS, _ACTIVE_WEIGHTS)
    years = tuple(sorted(dice.some_of(YEARS, count)))
    # The one whom everybody signs in as has been at it all the time.
    years = YEARS if number <= len(COUNTIES) else years
    return Correspondent(
        id=dice.id_at(),
        name=f"{dice.surname()}示例特派{number:03d}",
        level=level,
        specialty=dice.weighted(tuple(SPECIALTIES), _SPECIALTY_WEIGHTS),
        county_code=county,
        username=f"kejite{number:03d}",
        villages=villages,
        years=years,
    )


def accounts(dice: Dice, roster: Sequence[Correspondent]) -> Iterator[Account]:
    """The demo logins: offices, park manager, auditor, administrator, every correspondent."""
    yield Account(dice.id_at(), "city", "市科技局（示例）", "city_office")
    for county, name in zip(COUNTIES, _COUNTY_NAMES, strict=True):
        yield Account(
            dice.id_at(), f"county-{county}", f"{name}科技局（示例）", "county_office", county
        )
    yield Account(dice.id_at(), "park", "园区管理员（示例）", "park_manager")
    yield Account(dice.id_at(), "auditor", "审计员（示例）", "auditor")
    yield Account(dice.id_at(), "admin", "系统管理员（示例）", "administrator")
    for person in roster:
        yield Account(
            dice.id_at(), person.username, person.name, "correspondent", None, person.id
        )  # fmt: skip
