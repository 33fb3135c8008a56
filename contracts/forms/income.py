"""A household's income from one product, against its own baseline year."""

from typing import Annotated, Any, ClassVar

from contracts.codes import CROPS
from contracts.forms.field import labelled
from contracts.forms.filled_form import FilledForm, Mode


def _amount(zh: str, en: str, most: float, unit: tuple[str, str], **more: Any) -> Any:
    return labelled(zh, en, "number", ge=0, le=most, unit=unit, **more)


Area = Annotated[float, _amount("面积", "Area", 10_000, ("亩", "mu"))]
Yield = Annotated[float, _amount("亩产", "Yield", 20_000, ("公斤/亩", "kg/mu"))]
Price = Annotated[float, _amount("单价", "Price", 10_000, ("元/公斤", "yuan/kg"))]
Cost = Annotated[float, _amount("亩成本", "Cost", 100_000, ("元/亩", "yuan/mu"))]
BaselineArea = Annotated[
    float | None, _amount("基准年面积", "Baseline area", 10_000, ("亩", "mu"), default=None)
]
BaselineYield = Annotated[
    float | None,
    _amount("基准年亩产", "Baseline yield", 20_000, ("公斤/亩", "kg/mu"), default=None),
]
BaselinePrice = Annotated[
    float | None,
    _amount("基准年单价", "Baseline price", 10_000, ("元/公斤", "yuan/kg"), default=None),
]
BaselineCost = Annotated[float | None, _amount("基准年亩成本", "Baseline cost", 100_000, ("元/亩", "yuan/mu"), default=None)]  # fmt: skip


class Income(FilledForm):
    """增收: one household, one product, the year of the date; once each in the totals."""

    NAME: ClassVar[str] = "income"
    TITLE: ClassVar[tuple[str, str]] = ("农户增收", "Income gain")
    ICON: ClassVar[str] = "cash-plus"

    household: Annotated[str, labelled("农户", "Household", "household", format="uuid")]
    product: Annotated[str, labelled("产品", "Product", "choice", choices=CROPS)]
    area_mu: Area
    yield_kg_per_mu: Yield
    price_yuan_per_kg: Price
    cost_yuan_per_mu: Cost
    baseline_year: Annotated[
        int | None,
        labelled("基准年", "Baseline year", "number", ge=2010, le=2100, default=None,
                 hint=("没有基准年的只作估计，不计入合计", "Without a baseline it is kept as an estimate, outside the total")),
    ]  # fmt: skip
    baseline_area_mu: BaselineArea
    baseline_yield_kg_per_mu: BaselineYield
    baseline_price_yuan_per_kg: BaselinePrice
    baseline_cost_yuan_per_mu: BaselineCost
    service_mode: Mode
