"""What every form has: when, where, in which mode."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict

from contracts.codes import SERVICE_MODES
from contracts.forms.field import labelled

Village = Annotated[
    str,
    labelled("服务村", "Village", "village", format="village", hint=("服务发生的村或社区", "The village or community where the service took place")),
]  # fmt: skip
Households = Annotated[
    list[str],
    labelled("服务农户", "Households served", "households", item_format="uuid", max_length=200, default_factory=list),
]  # fmt: skip
Mode = Annotated[
    str | None,
    labelled("服务模式", "Service mode", "choice", choices=SERVICE_MODES, default=None),
]


class FilledForm(BaseModel):
    """Fields shared by all forms, and what the catalogue says about the form itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    NAME: ClassVar[str]
    VERSION: ClassVar[int] = 1
    TITLE: ClassVar[tuple[str, str]]
    ICON: ClassVar[str]
    ONE_OF: ClassVar[tuple[tuple[str, ...], ...]] = ()

    occurred_on: Annotated[date, labelled("服务日期", "Date of service", "date")]
    village: Village
