"""A technology or variety promoted."""

from typing import Annotated, ClassVar

from contracts.forms.field import labelled
from contracts.forms.filled_form import FilledForm, Households, Mode


class Promotion(FilledForm):
    """推广: counts the catalogue item, and the households that adopted it."""

    NAME: ClassVar[str] = "promotion"
    TITLE: ClassVar[tuple[str, str]] = ("技术品种推广", "Promotion")
    ICON: ClassVar[str] = "sprout"

    item: Annotated[str, labelled("技术或品种", "Technology or variety", "item", format="uuid")]
    households: Households
    area_mu: Annotated[
        float | None,
        labelled("推广面积", "Area", "number", ge=0, le=1_000_000, unit=("亩", "mu"), default=None),
    ]
    service_mode: Mode
    service_days: Annotated[
        float,
        labelled("服务天数", "Service days", "number", ge=0, le=30, unit=("天", "days")),
    ]
