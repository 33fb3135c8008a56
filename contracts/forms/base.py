"""A demo base established."""

from typing import Annotated, ClassVar

from contracts.forms.field import labelled
from contracts.forms.filled_form import FilledForm, Mode


class Base(FilledForm):
    """建立基地: the date of service is the day of establishment; counts the base once."""

    NAME: ClassVar[str] = "base"
    TITLE: ClassVar[tuple[str, str]] = ("建立示范基地", "Demo base")
    ICON: ClassVar[str] = "barn"

    station: Annotated[
        str, labelled("示范基地", "Demo base", "station", format="uuid", kind="base")
    ]
    area_mu: Annotated[
        float | None,
        labelled("基地面积", "Area", "number", ge=0, le=100_000, unit=("亩", "mu"), default=None),
    ]
    service_mode: Mode
