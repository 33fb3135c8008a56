"""The whole demo from one seed: same seed, same data."""

import itertools
from collections.abc import Callable, Iterator, Sequence

from contracts.texts import mark
from ops.demo_data.bases import bases
from ops.demo_data.dice import Dice
from ops.demo_data.figures import COUNTIES, DEMO_SEED
from ops.demo_data.incomes import incomes
from ops.demo_data.places import divisions, placed_stations, served_villages
from ops.demo_data.promotions import promotions
from ops.demo_data.roster import accounts, correspondents
from ops.demo_data.rows import DemoData, Draft
from ops.demo_data.sending import Sender
from ops.demo_data.subjects import Charge, hand_out_subjects
from ops.demo_data.technicians import technicians
from ops.demo_data.trainings import trainings
from ops.demo_data.uncounted import uncounted
from ops.demo_data.visits import visits

Progress = Callable[[str, int, int], None]
"""Called with a Chinese text (a message id), steps done and steps in all."""

GENERATING = mark("正在生成演示数据")
_STEP = 2_000


def generate(seed: int = DEMO_SEED, progress: Progress | None = None) -> DemoData:
    """Everything that `seed_demo` loads, made without a database and without a clock."""
    dice = Dice(seed)
    data = DemoData(divisions=list(divisions()))
    data.stations = list(placed_stations(dice))
    villages = {county: served_villages(data.divisions, county) for county in COUNTIES}
    data.correspondents = correspondents(dice, villages)
    data.accounts = list(accounts(dice, data.correspondents))
    charges = hand_out_subjects(dice, data)
    reviewers = {one.county_code: one.id for one in data.accounts if one.county_code}
    sender = Sender(dice, reviewers)
    drafts = list(_drafts(dice, data, charges))
    for done, draft in enumerate(drafts):
        data.records.append(sender.record(draft))
        if progress is not None and done % _STEP == 0:
            progress(GENERATING, done, len(drafts))
    # As they came in: neighbours in time lie side by side on disk too.
    data.records.sort(key=lambda record: (record.received_at, record.id))
    return data


def _drafts(dice: Dice, data: DemoData, charges: Sequence[Charge]) -> Iterator[Draft]:
    return itertools.chain(
        itertools.chain.from_iterable(visits(dice, charge) for charge in charges),
        trainings(dice, charges),
        promotions(dice, charges),
        incomes(dice, charges),
        technicians(dice, data, charges),
        bases(dice, data.stations, charges),
        uncounted(dice, data, charges),
    )
