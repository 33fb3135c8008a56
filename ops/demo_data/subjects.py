"""Whom and what the correspondents serve with: households, organisations, the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contracts.codes import CROPS
from ops.demo_data.dice import Dice, split_evenly
from ops.demo_data.figures import (
    COUNTIES,
    ENTERPRISES,
    GHOSTS,
    PLAN_FIGURES,
    SPARE_HOUSEHOLDS,
    UNCOUNTED_ORGANISATIONS,
    WORKSTATIONS,
)
from ops.demo_data.rows import Correspondent, DemoData, Household, Item, Organisation

_GENERAL_THEMES = (
    "测土配方施肥", "水肥一体化", "节水灌溉", "土壤改良", "绿色防控", "保鲜贮藏", "减药增效",
)  # fmt: skip
_FIELD_THEMES = ("宽幅精播", "机收减损", "深松整地", "秸秆还田", "一喷三防", *_GENERAL_THEMES)
_FRUIT_THEMES = ("整形修剪", "疏花疏果", "果实套袋", "省力化栽培", *_GENERAL_THEMES)
_GLASS_THEMES = ("设施环境调控", "集约化育苗", "基质栽培", "熊蜂授粉", *_GENERAL_THEMES)
_CROP_THEMES = {
    "wheat": ("赤霉病综合防控", *_FIELD_THEMES),
    "maize": ("籽粒直收", *_FIELD_THEMES),
    "soybean": _FIELD_THEMES,
    "peanut": _FIELD_THEMES,
    "pear": _FRUIT_THEMES,
    "apple": _FRUIT_THEMES,
    "grape": _FRUIT_THEMES,
    "tomato": _GLASS_THEMES,
    "pepper": _GLASS_THEMES,
    "medicinal_plants": ("规范化种植", *_GENERAL_THEMES),
}
_KIND_NAMES = {
    "enterprise": "农业有限公司",
    "cooperative": "种植专业合作社",
    "family_farm": "家庭农场",
    "association": "专业协会",
    "workstation": "科技特派员工作站",
}


@dataclass(slots=True)
class Charge:
    """One correspondent and whom this person serves, split by the way a household is led.

    `ghosts`, `ghost_items`, `ghost_organisations` appear only in records that are not verified.
    """

    correspondent: Correspondent
    visited: list[Household] = field(default_factory=list)
    trained_only: list[Household] = field(default_factory=list)
    adopting_only: list[Household] = field(default_factory=list)
    income_only: list[Household] = field(default_factory=list)
    ghosts: list[Household] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    ghost_organisations: list[Organisation] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    ghost_items: list[Item] = field(default_factory=list)
    neighbour: "Charge | None" = None

    @property
    def households(self) -> list[Household]:
        """All that must be counted as led."""
        return self.visited + self.trained_only + self.adopting_only + self.income_only

    @property
    def shared(self) -> list[Household]:
        """Visited households of the neighbour in the village that both serve."""
        if self.neighbour is None:
            return []
        village = self.correspondent.villages[-1]
        return [one for one in self.neighbour.visited if one.village_code == village]


def hand_out_subjects(dice: Dice, data: DemoData) -> list[Charge]:
    """Fill the registers of `data` and share them out, every thing to one correspondent first."""
    charges = [Charge(person) for person in data.correspondents]
    for county in COUNTIES:
        local = [charge for charge in charges if charge.correspondent.county_code == county]
        for charge, neighbour in zip(local, [*local[1:], local[0]], strict=True):
            charge.neighbour = neighbour
    _register_households(dice, data, charges)
    _register_organisations(dice, data, charges)
    _register_items(dice, data, charges)
    return charges


def _register_households(dice: Dice, data: DemoData, charges: Sequence[Charge]) -> None:
    weights = [dice.uniform(0.65, 1.35) for _ in charges]
    served = split_evenly(int(PLAN_FIGURES["households_led"]), weights)
    ghosts = split_evenly(GHOSTS["households"], [1] * len(charges))
    spare = split_evenly(SPARE_HOUSEHOLDS, weights)
    for charge, counts in zip(charges, zip(served, ghosts, spare, strict=True), strict=True):
        own = [_household(dice, data, charge.correspondent) for _ in range(sum(counts))]
        led = own[: counts[0]]
        charge.trained_only, charge.adopting_only = led[:2], led[2:5]
        charge.income_only, charge.visited = led[5:6], led[6:]
        charge.ghosts = own[counts[0] : counts[0] + counts[1]]


def _household(dice: Dice, data: DemoData, owner: Correspondent) -> Household:
    number = len(data.households) + 1
    village = dice.one_of(owner.villages[:-1])
    household = Household(dice.id_at(), village, f"{dice.surname()}示例{number:05d}")
    data.households.append(household)
    return household


def _register_organisations(dice: Dice, data: DemoData, charges: Sequence[Charge]) -> None:
    counted = int(PLAN_FIGURES["organisations_assisted"])
    kinds = ["enterprise"] * ENTERPRISES + ["cooperative"] * (counted - ENTERPRISES)
    kinds += [kind for kind, count in UNCOUNTED_ORGANISATIONS.items() for _ in range(count)]
    for place, kind in enumerate(dice.shuffled(kinds)):
        charge = charges[place % len(charges)]
        charge.organisations.append(_organisation(dice, data, kind, charge.correspondent))
    for _ in range(GHOSTS["organisations"]):
        charge = dice.one_of(charges)
        kind = dice.one_of(("enterprise", "cooperative"))
        ghost = _organisation(dice, data, kind, charge.correspondent)
        charge.ghost_organisations.append(ghost)
    for county, count in zip(COUNTIES, WORKSTATIONS, strict=True):
        local = [charge for charge in charges if charge.correspondent.county_code == county]
        for _ in range(count):
            charge = dice.one_of(local)
            station = _organisation(dice, data, "workstation", charge.correspondent)
            charge.organisations.append(station)


def _organisation(dice: Dice, data: DemoData, kind: str, near: Correspondent) -> Organisation:
    number = len(data.organisations) + 1
    name = f"示例{number:04d}{_KIND_NAMES[kind]}"
    made = Organisation(dice.id_at(), name, kind, near.county_code)
    data.organisations.append(made)
    return made


def _register_items(dice: Dice, data: DemoData, charges: Sequence[Charge]) -> None:
    for kind, figure, ghosts in (
        ("technology", "technologies_promoted", GHOSTS["technologies"]),
        ("variety", "varieties_introduced", GHOSTS["varieties"]),
    ):
        order = dice.shuffled(charges)
        for place in range(int(PLAN_FIGURES[figure])):
            order[place % len(order)].items.append(_item(dice, data, kind, place + 1))
        for place in range(ghosts):
            number = int(PLAN_FIGURES[figure]) + place + 1
            dice.one_of(charges).ghost_items.append(_item(dice, data, kind, number))


def _item(dice: Dice, data: DemoData, kind: str, number: int) -> Item:
    crop = dice.one_of(tuple(CROPS))
    crop_name = CROPS[crop][0]
    if kind == "technology":
        # Some technologies are for no one crop.
        general = dice.chance() < 0.2
        theme = dice.one_of(_GENERAL_THEMES if general else _CROP_THEMES[crop])
        name = f"{'' if general else crop_name}{theme}示例技术{number:04d}"
        made = Item(dice.id_at(), kind, name, None if general else crop)
    else:
        made = Item(dice.id_at(), kind, f"{crop_name}示例品种{number:03d}", crop)
    data.items.append(made)
    return made
