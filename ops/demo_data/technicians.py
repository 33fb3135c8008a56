"""Backbone technicians: exactly as many persons as the plan says, some of them trained again."""

from collections.abc import Iterator, Sequence
from typing import Any

from ops.demo_data.dice import Dice
from ops.demo_data.figures import PLAN_FIGURES
from ops.demo_data.rows import DemoData, Draft, Technician
from ops.demo_data.subjects import Charge
from ops.demo_data.visits import mode_of

_AGAIN = 0.09


def technicians(dice: Dice, data: DemoData, charges: Sequence[Charge]) -> Iterator[Draft]:
    """Every person once, a few again later or by the neighbour, with a blank in the name."""
    order = dice.shuffled(charges)
    for place in range(int(PLAN_FIGURES["technicians_trained"])):
        charge = order[place % len(order)]
        person = new_technician(dice, data, charge)
        yield Draft("technician", charge.correspondent, technician_values(dice, charge, person))
        if dice.chance() < _AGAIN:
            again = charge.neighbour if charge.neighbour and dice.chance() < 0.4 else charge
            values = technician_values(dice, again, person)
            values["person_name"] = f"{person.name[0]} {person.name[1:]}"
            yield Draft("technician", again.correspondent, values)


def new_technician(dice: Dice, data: DemoData, charge: Charge) -> Technician:
    """A person of one of the correspondent's villages, put into the register."""
    number = len(data.technicians) + 1
    person = Technician(
        dice.id_at(), f"{dice.surname()}示例骨干{number:04d}",
        dice.one_of(charge.correspondent.villages), dice.between(1960, 2003),
    )  # fmt: skip
    data.technicians.append(person)
    return person


def technician_values(dice: Dice, charge: Charge, person: Technician) -> dict[str, Any]:
    """A filled technician form."""
    trainer = charge.correspondent
    return {
        "occurred_on": dice.day_of(dice.one_of(trainer.years)).isoformat(),
        "village": person.village_code,
        "person_name": person.name,
        "birth_year": person.birth_year,
        "specialty": trainer.specialty,
        "service_mode": mode_of(dice),
    }
