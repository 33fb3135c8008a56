"""What a filled form says happened, as typed facts. Pure: no database, no clock."""

import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import singledispatch
from uuid import UUID

from contracts.forms import (
    Base,
    FilledForm,
    Income,
    Promotion,
    Technician,
    Training,
    Visit,
)


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """One report of a session; equal keys are one session."""

    session_key: str
    attendance: int


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """What a household gained from one product in one year. `gain_yuan` in CNY."""

    household_id: UUID
    year: int
    product: str
    gain_yuan: Decimal
    has_baseline: bool


@dataclass(frozen=True, slots=True)
class TechnicianTraining:
    """A person trained; name, village and year of birth tell people apart."""

    name: str
    village_code: str
    birth_year: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that one record contributes to totals."""

    households: tuple[UUID, ...] = ()
    organisations: tuple[UUID, ...] = ()
    training: TrainingReport | None = None
    item_id: UUID | None = None
    item_area_mu: Decimal | None = None
    income: IncomeLine | None = None
    technician: TechnicianTraining | None = None
    base_station_id: UUID | None = None


@singledispatch
def derive_facts(form: FilledForm) -> Facts:
    """The facts of one filled form, by its kind."""
    raise TypeError(f"no facts are defined for {type(form).__name__}")


@derive_facts.register
def _(form: Visit) -> Facts:
    return Facts(households=_ids(form.households), organisations=_ids(form.organisations))


@derive_facts.register
def _(form: Training) -> Facts:
    return Facts(
        households=_ids(form.households),
        training=TrainingReport(session_key(form), form.attendance),
    )


@derive_facts.register
def _(form: Promotion) -> Facts:
    area = None if form.area_mu is None else _decimal(form.area_mu)
    return Facts(households=_ids(form.households), item_id=UUID(form.item), item_area_mu=area)


@derive_facts.register
def _(form: Income) -> Facts:
    household = UUID(form.household)
    gain, has_baseline = income_gain_yuan(form)
    line = IncomeLine(household, form.occurred_on.year, form.product, gain, has_baseline)
    return Facts(households=(household,), income=line)


@derive_facts.register
def _(form: Technician) -> Facts:
    person = TechnicianTraining(_tidy(form.person_name), form.village, form.birth_year)
    return Facts(technician=person)


@derive_facts.register
def _(form: Base) -> Facts:
    return Facts(base_station_id=UUID(form.station))


def session_key(form: Training) -> str:
    """What two reports of one session have in common: day and code, else day, village, subject."""
    if form.session_code and form.session_code.strip():
        return f"{form.occurred_on}|#{_tidy(form.session_code)}"
    return f"{form.occurred_on}|{form.village}|{_tidy(form.title)}"


def income_gain_yuan(form: Income) -> tuple[Decimal, bool]:
    """Gain against the household's own baseline year [CNY], and whether there is a baseline.

    area x (yield x price - cost) of the year, less the same of the baseline year. Without a full
    baseline the year's own net income is the estimate, marked as such.
    """
    net = _net_yuan(
        form.area_mu, form.yield_kg_per_mu, form.price_yuan_per_kg, form.cost_yuan_per_mu
    )
    before = (
        form.baseline_area_mu,
        form.baseline_yield_kg_per_mu,
        form.baseline_price_yuan_per_kg,
        form.baseline_cost_yuan_per_mu,
    )
    if form.baseline_year is None or any(value is None for value in before):
        return net, False
    return net - _net_yuan(*(value for value in before if value is not None)), True


def _net_yuan(area: float, yield_: float, price: float, cost: float) -> Decimal:
    net = _decimal(area) * (_decimal(yield_) * _decimal(price) - _decimal(cost))
    return net.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)


def _decimal(value: float) -> Decimal:
    # By way of text: 0.1 stays 0.1, as the correspondent typed it.
    return Decimal(str(value))


def _ids(values: list[str]) -> tuple[UUID, ...]:
    return tuple(UUID(value) for value in values)


def _tidy(text: str) -> str:
    """Full and half width, case and spaces told alike."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
