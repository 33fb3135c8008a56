"""The main menu: which pages there are, and for whom."""

from dataclasses import dataclass

from contracts.texts import mark
from server.db.pool import Actor

EVERYONE = (
    "correspondent",
    "county_office",
    "park_manager",
    "city_office",
    "auditor",
    "administrator",
)
OFFICES = ("county_office", "city_office", "auditor", "administrator")


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the menu: path, Chinese text, name of the @mdi icon, roles it is for."""

    path: str
    text: str
    icon: str
    roles: tuple[str, ...]


ENTRIES = (
    Entry("/totals", mark("年度合计"), "sigma", (*OFFICES, "correspondent")),
    Entry("/records", mark("服务记录"), "clipboard-text-outline", (*OFFICES, "correspondent")),
    Entry("/stations", mark("园区看板"), "sprout-outline", EVERYONE),
    Entry("/people", mark("特派员"), "account-group-outline", OFFICES),
    Entry("/admin", mark("系统管理"), "cog-outline", ("administrator", "city_office", "auditor")),
)


def entries_for(actor: Actor | None) -> list[Entry]:
    """The links that this person may follow."""
    return [entry for entry in ENTRIES if actor is not None and actor.role in entry.roles]
